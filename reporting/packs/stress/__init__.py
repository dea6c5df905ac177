"""Pack 2: stress tests and backtests."""
