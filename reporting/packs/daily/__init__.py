"""Pack 1: daily risk and margin."""
