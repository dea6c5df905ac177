"""A clearing book on the trades of a real venue."""
