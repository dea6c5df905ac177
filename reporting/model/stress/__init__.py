"""Stress tests: scenarios, the losses they cause, and shortfalls of clearing-member groups.

In order of use: ``records`` (the scenario library as data), ``events`` and ``stress_book``
(inputs of scenarios), ``resolutions``, ``gaps`` with ``latent``, ``strains`` (the kinds of
scenarios), ``library`` (records to scenarios), ``losses`` (one kernel for all kinds),
``shortfalls`` of groups, ``results`` of many scenarios, ``cover``. Separate analyses:
``reverse`` with ``reverse_book`` and ``joint_probability``, and ``liquidity_need``. Method:
docs/stress.md.
"""
