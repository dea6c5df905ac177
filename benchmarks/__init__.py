"""Measurements: every figure with the machine's roof and the peer of the same run."""
