"""The record of one default drill as a pack."""
