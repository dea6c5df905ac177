"""The review of a window of dates for a risk committee: read, concluded by rules, written."""
