"""Calculators: recompute a figure without the system. See docs/calculators.md.

One module per calculator with NAME, VERSION, SCHEMA, EXAMPLE and ``calculate``. ``api`` loads
the calculator, reads the input and writes the answer.
"""
