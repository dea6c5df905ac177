"""Margin: parameters, scenario sets, worst cases and margins of the day and its cycles, as rows."""
