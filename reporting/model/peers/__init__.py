"""What other kinds of venue would ask for the same book: for comparison only, never charged.

``peer_books`` holds the books of many accounts over all contracts, ``scanning`` the scanning-range
margin of a futures clearing house, ``conversion`` the netting of a decentralised venue that
converts sets of outcomes. Method, sources and limits: docs/peers.md.
"""
