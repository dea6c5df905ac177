"""Default management: the cost of a default and who bears it, step by step.

``liquidation``        closing out now, compared with holding to resolution
``hedging``            trades that reduce the worst case of the defaulter's book
``cascade``            forced liquidations that force others (``incidence`` finds their rows)
``auction``            who takes over the book, and the order of juniorised contributions
``bidding``            simulated bids for a drill
``silos``              house and customers: which assets meet which loss
``waterfall``          the layers that meet the remaining loss
``tear_up``            termination of contracts
``replenishment``      restoring the guaranty fund
``clearing``           members that owe each other and cannot pay (``exact_system`` solves it)
``facility_drawdown``  drawdown of liquidity facilities

Pure functions, mostly on integers. Method: docs/default-management.md.
"""
