"""Stress tests: scenarios, losses under them, and shortfalls of clearing-member groups.

In the order of use: ``records`` (the library as data), ``events`` and ``stress_book`` (what
scenarios are made from), ``resolutions``, ``gaps`` with ``latent``, ``strains`` (the kinds of
scenarios), ``library`` (records to scenarios), ``losses`` (one kernel for all),
``shortfalls`` of groups, ``results`` of many scenarios, ``cover``. Beside them ``reverse``
with ``reverse_book`` and ``joint_probability``, and ``liquidity_need``. The method in words is
docs/stress.md.
"""
