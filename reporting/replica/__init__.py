"""The second implementation of the margin model ECM-1, for members, auditors and the daily check.

It is written from the specification alone and uses the standard library alone. It shares no
line with `reporting.model`, so where the two agree, a mistake must have been made twice.

    draws       the published random numbers, from seed and name
    prices      the price of every contract in every scenario
    volatility  the bridge and the floors of sigma

From the positions of an account to its booked margin of a date (docs/model.md):

    listed           events as listed, their states and worst case; books of an account
    parameters       an event under the schedule: period, ramp, cluster, jumps, volatility
    scenario_prices  from the published file, or drawn again from the seed
    event_margin     one event of a margined book
    combinations     credits of combinations beside their legs
    add_ons          liquidity and concentration
    account          every amount of one account
    account_explain  the same line by line

Nothing here is fast or reads a file.
"""
