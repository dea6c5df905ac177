"""The simulated shock day: its scenario, the repricing, and the default that follows."""
