"""The venue's margin: the model ECM-1 as its document publishes it, written once more.

``schedules``, ``schedules.yaml``  the parameters and which version holds
``history``, ``volatility``  figures of the markets carried from day to day
``parameters``  tau, cluster, weight and the like of one event
``probabilities``, ``nearest``  from marks to probabilities of states
``draws``, ``scenarios``, ``shortfall``  the scenario set and the tail of losses
``worst_case``, ``combinations``, ``add_ons``  the parts without scenarios
``requirement``  all of it, account by account
"""
