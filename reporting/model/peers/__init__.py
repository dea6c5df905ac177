"""Margin that other kinds of venue would require for the same book: comparison only.

``peer_books`` holds the books of many accounts over all contracts. ``scanning`` is the
scanning-range margin of a futures clearing house, ``conversion`` the netting of a decentralised
venue that converts sets of outcomes. Method, sources and limits: docs/peers.md.
"""
