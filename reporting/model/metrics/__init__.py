"""Market statistics over many dates: dependence, trends, changes, surveillance thresholds.

Series in, numbers out; the caller selects the dates. Source: stress-default-backtest.md,
market metrics.
"""
