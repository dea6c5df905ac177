"""Sections that several packs share."""
