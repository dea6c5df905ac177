"""Pack 3: default management."""
