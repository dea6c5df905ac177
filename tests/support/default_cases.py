"""Defaults made by hand, without a lake: a few members, their books, and what the rules are."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
from model.schedules import schedule
from model.stress_books import event, liquidity, stress_book, stressed

from reporting.model.stress.events import Outcome, Prices, Scenario
from reporting.rulebook.drill_rules import drill_rules_in_force
from reporting.stages.stress.resources import Resources
from reporting.studies.default_drill.allocation import allocate
from reporting.studies.default_drill.auction import hold_auction
from reporting.studies.default_drill.case import Books, Member, Who, case_of
from reporting.studies.default_drill.close_out import close_out
from support.waterfalls import LAYERS

DAY = date(2026, 5, 4)
RULES = drill_rules_in_force(DAY)
MEMBERS = [
    Member("A1", "A one", "A", "active"),
    Member("A2", "A two", "A", "active"),
    Member("B", "B", "B", "active"),
    Member("C", "C", "C", "suspended"),
]


class FundDay:
    """The rows of a date that the record asks the lake for: bids and required contributions."""

    business_date = DAY

    def __init__(self, bids=(), required=()):
        self._bids, self._required = list(bids), list(required)

    def read(self, name, **_):
        rows = self._bids if name.endswith("/bids") else self._required
        return SimpleNamespace(fetchall=lambda: rows)


def case(
    events,
    accounts,
    scenario,
    layers=LAYERS,
    deposits=None,
    day=None,
    rules=RULES,
    collateral=None,
    full=None,
    liquid=None,
    volatility_ratio=0.0,
    **more,
):
    """``accounts``: (member, is house, margined book, full book, margin micros); two books each.

    ``full``: margin micros of the full books, 0 if not said. ``collateral``: by asset type, of
    each book; the stress book knows what is behind margined ones only. ``liquid``: the record of
    the scenario library that says which facility pays when. ``volatility_ratio``: 0, with which
    nothing is learned that could move a price, so that closing out costs the half spread alone.
    """
    posted = {asset: np.array(values) for asset, values in (collateral or {}).items()}
    margined, full = np.tile([1, 0], len(accounts)), full or [0] * len(accounts)
    deposits = deposits or {"A1": 50, "A2": 0, "B": 200, "C": 100}
    names = ["A", "B", "C"]
    group_of = {member.member_id: member.group for member in MEMBERS}
    rows = [row for account in accounts for row in (account[2], account[3])]
    held = stress_book(
        [replace(event, volatility_ratio=volatility_ratio) for event in events],
        rows,
        margin=[x for n, account in enumerate(accounts) for x in (account[4], full[n])],
        group=[names.index(group_of[account[0]]) for account in accounts for _ in range(2)],
        house=[account[1] for account in accounts for _ in range(2)],
        fund=[0, 0, 0],
        margined=[True, False] * len(accounts),
        liquidity=liquidity(len(rows[0]), volume=500.0, half_spread=100.0, information=0.0),
        collateral={asset: values * margined for asset, values in posted.items()},
        **more,
    )
    held = replace(held, groups=names)
    book = SimpleNamespace(
        account_ids=[f"{account[0]}-{n}" for n, account in enumerate(accounts)],
        member_ids=[account[0] for account in accounts],
        schedule=schedule(),
    )
    required = [(member, amount) for member, amount in deposits.items()]
    resources = Resources(layers, deposits, group_of)
    books = Books(day or FundDay(required=required), book, held, posted, resources, rules, liquid)
    return case_of(Who(MEMBERS[0], MEMBERS), scenario, books, 0)


def drilled(found):
    closing = close_out(found)
    auction = hold_auction(found, closing)
    return closing, auction, allocate(found, closing, auction)


def rules(**changes):
    return replace(RULES, **changes)


X = [stressed(event("X", "binary", 1), [5000], category="Weather")]
FALLS = Scenario("X-falls", "T", "X falls", prices=Prices(np.array([0]), np.array([3000])))
SETTLES = Scenario("X-no", "T", "X settles at no", outcomes=(Outcome("X", (0,)),))
