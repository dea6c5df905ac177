"""Default management: what a default costs and who bears it, step by step.

``liquidation``    closing out now beside holding to the resolution
``cascade``        forced liquidations that force others (``incidence`` finds their rows)
``auction``        who takes the book over, and who pays first for bidding badly
``silos``          house and customers: whose assets meet which loss
``waterfall``      the layers that meet what is left, as data
``tear_up``        contracts ended where nothing else is left
``replenishment``  the fund made whole again
``clearing``       members that owe each other and cannot pay (``exact_system`` solves it)
``facility_drawdown``  facilities that lend meanwhile

Pure functions on whole numbers. The method in words is docs/default-management.md.
"""
