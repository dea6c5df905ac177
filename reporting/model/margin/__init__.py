"""The margin of an account, step by step: worst case, gap, add-ons, initial margin.

Reading order: ``schedule`` and ``parameters`` (assumptions), ``worst_case`` and
``gap`` (possible losses), ``add_ons`` and ``initial_margin`` (the charge), ``attribution``
(why the venue's figure differs).
"""
