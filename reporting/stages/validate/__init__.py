"""Validate: landed text becomes typed tables, one row per key."""
