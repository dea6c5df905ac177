"""Backtests of a date: books, observations, results over the loaded history."""
