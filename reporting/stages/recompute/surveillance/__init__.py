"""Surveillance: exposures, alerts of the cycles, and metrics of the market."""
