"""Scenarios: draws, prices of an event in each of them, and the tails of the losses of books."""
