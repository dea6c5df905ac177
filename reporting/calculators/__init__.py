"""Calculators: re-perform a number without the system. See docs/calculators.md.

One module per calculator with NAME, VERSION, SCHEMA, EXAMPLE and ``calculate``;
``api`` finds them, reads the input and writes the answer.
"""
