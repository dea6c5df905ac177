"""The answers of the calculators ``margin`` and ``worst-case``, worked out a second time.

Written from the specification alone, in plain Python; it shares the draws and the scenario
prices with ``reporting.replica`` and nothing with ``reporting.model``.
"""
