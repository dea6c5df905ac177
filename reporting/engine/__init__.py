"""How any stage runs: its tables are made, checked and committed in one transaction.

Nothing here knows what a particular stage computes. ``stage`` is the entry; ``day`` holds the
rows of one date, ``tables`` lists what the lake holds, ``checks`` runs the rules.
"""
