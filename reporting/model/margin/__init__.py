"""The margin of an account, step by step: worst case, scenarios, shortfall, add-ons.

Reading order: ``schedule`` and ``parameters`` (assumptions), ``worst_case``, ``scenarios`` and
``shortfall`` (possible losses), ``add_ons`` and ``initial_margin`` (the charge), ``attribution``
(why the venue's figure differs).
"""
