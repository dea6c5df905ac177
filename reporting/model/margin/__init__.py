"""The margin of one account, step by step: worst case, scenarios, shortfall, add-ons.

Reading order: ``schedule`` and ``parameters`` (what is assumed), ``worst_case``, ``scenarios``
and ``shortfall`` (what can be lost), ``initial_margin`` (what is charged), ``attribution``
(why the venue's number differs).
"""
