"""Calculators: recompute a figure without the system. See docs/calculators.md.

One module per calculator with VERSION, SCHEMA and ``calculate``, and a worked input in
``examples``. ``api`` loads the calculator, reads the input and writes the answer.
"""
