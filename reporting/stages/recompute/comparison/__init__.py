"""Comparison: our margins beside those of the venue and of other methods."""
