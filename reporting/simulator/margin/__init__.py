"""The venue's margin: the model ECM-2 as its document publishes it, written once more.

``schedules``, ``schedules.yaml``  the parameters and which version holds
``history``, ``volatility``  figures of the markets carried from day to day
``margin_events``  what is margined as one event: its states, marks and parameters
``probabilities``, ``nearest``  from marks to probabilities of states
``draws``, ``moves``, ``scenarios``, ``shortfall``  the scenario sets and the tail of losses
``worst_case``, ``combinations``, ``gap``, ``add_ons``  the parts without scenarios
``requirement``  all of it, account by account
``other_methods``  what a schedule may charge by instead
"""
