"""Fetching a business date from the venue's public API into the drop folder."""
