"""The record of a default drill, put together from the lake; nothing is written to it.

``case``       who defaults in which scenario, on which book
``scenario``   prices of the scenario, and its own cost of closing out
``close_out``  positions, close out or hold, hedges, lots
``auction``    bids of the feed or simulated ones, and what the auction costs
``allocation`` silos, waterfall, tear-up, replenishment
``collateral`` what is behind the books, and what the scenario leaves of it
``cascade``    forced liquidations among the other accounts
``contagion``  members that cannot pay
``liquidity``  how long the facilities last
``timeline``   what happens when
``lessons``    observations, each computed
``notices``    the public and the members' notice
``sections``   how results are written down
``checks``     what must hold of every record
``record``     all of it as one document
``files``      the folder that the document and the notices are written to

The method in words is docs/default-management.md, "How to run a drill".
"""
