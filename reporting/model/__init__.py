"""ECM-1, the margin model, and the stress and default rules: numbers in, numbers out.

Pure: no input or output, no SQL, no orchestration. In the order of use:
``structures`` (what can happen), ``worst_case`` and ``probabilities`` per event,
``margin`` per account, ``attribution`` against the venue, ``stress``, ``default``.
The method in words and formulas is docs/model.md.
"""
