"""The record of a default drill, put together from the lake; the lake is not changed.

``case``       the defaulting group, the scenario, the books
``scenario``   prices of the scenario, and its own close-out cost
``close_out``  positions, close out or hold, hedges, lots
``auction``    bids of the feed or simulated bids, and their cost
``allocation`` silos, waterfall, tear-up, replenishment
``collateral`` collateral behind the books, before and after the scenario
``cascade``    forced liquidations among the other accounts
``contagion``  members that cannot pay
``facilities`` how long the facilities last
``timeline``   the times
``lessons``    observations, each computed
``notices``    the public notice and the members' notice
``sections``   the form of the results
``checks``     what must hold of every record
``record``     all of it as one document
``files``      the folder with the record, the notices and the PDF

The method in words is docs/default-management.md, "How to run a drill".
"""
