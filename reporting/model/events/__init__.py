"""The outcomes of an event: its structure, its states, and the payoff of each contract.

``structures`` derives the structure from the venue's metadata, ``strikes`` and ``brackets``
read ranges, ``terms`` lists the states, ``probabilities`` fits state probabilities to marks.
"""
