"""Stress: scenarios on the recomputed book, cover, liquidity, one drill, backtests."""
