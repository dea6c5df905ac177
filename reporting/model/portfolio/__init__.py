"""Portfolios of accounts: positions, and how combinations net with their legs."""
