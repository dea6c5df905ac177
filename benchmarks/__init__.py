"""Measurements: each figure beside the machine's bandwidth and a peer in the same run."""
