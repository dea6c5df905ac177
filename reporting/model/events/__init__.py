"""What an event can come to: its structure, its states, and what each contract pays.

``structures`` derives the structure from what the venue says of its markets, ``strikes`` and
``brackets`` read ranges, ``terms`` lists the states, ``probabilities`` fits them to marks.
"""
