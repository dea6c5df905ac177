"""Disclosure packs as PDF.

Reading order: ``api`` (the front) runs ``child`` (the limited process), which builds a view
model per pack (``daily_risk_and_margin``, ``stress_tests``, ``default_management``; pure)
from ``parts``, and prints it (``render``: templates, ``charts``, PDF engine).
"""
