"""The second implementation of the margin model ECM-2, for members, auditors and the daily check.

It is written from the specification alone and uses the standard library alone. It shares no
line with `reporting.model`, so where the two agree, a mistake must have been made twice.

    draws               the published random numbers, from seed and name
    prices              the price of every contract in every scenario
    combination_prices  combinations move with their legs
    volatility, gap     what becomes known in a period, and the worst that it can bring

From the positions of an account to its booked margin of a date (docs/model.md):

    listed           events as listed; books of an account
    states           outcome states, payoffs, signals
    worst_case       the exact worst-case loss
    parameters       an event under the schedule: period, ramp, cluster, jumps, information
    scenario_prices  from the published file, or drawn again from the seed
    event_margin     one event of a margined book
    combinations     credits of combinations beside their legs
    add_ons          liquidity and concentration
    account          every amount of one account
    account_explain  the same line by line

Nothing here is fast or reads a file. Start at ``replicate_account``.
"""

from reporting.replica.account import AccountAmounts, replicate_account
from reporting.replica.account_explain import account_explanation
from reporting.replica.event_margin import states_to_draw
from reporting.replica.listed import (
    AccountBooks,
    Contract,
    ListedEvent,
    MissingInput,
    SelectedLeg,
)
from reporting.replica.parameters import Market
from reporting.replica.scenario_prices import (
    ContractPrices,
    DrawnPrices,
    PriceSource,
    PublishedPrices,
)
from reporting.replica.volatility import Pool

__all__ = [
    "AccountAmounts",
    "AccountBooks",
    "Contract",
    "ContractPrices",
    "DrawnPrices",
    "ListedEvent",
    "Market",
    "MissingInput",
    "Pool",
    "PriceSource",
    "PublishedPrices",
    "SelectedLeg",
    "account_explanation",
    "replicate_account",
    "states_to_draw",
]
