"""Disclose: the figures of the packs, and the packs themselves."""
