"""Recompute: positions, marks, cash and margin from the trades, held against the venue."""
