"""ECM-2, the margin model, with its stress tests and default rules: numbers in, numbers out.

Pure functions: no input or output, no SQL, no orchestration. In order of use: ``events``
(possible outcomes), ``portfolio`` and ``margin`` (what an account must post), ``stress``,
``default``, ``backtest``. ``metrics`` and ``peers`` describe and compare. docs/model.md gives
the method and the formulas.
"""
