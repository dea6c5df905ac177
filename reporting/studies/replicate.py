"""The margin of one account and date, rebuilt by the replica from lake and scenario file.

Belongs here: reading, rebuilding and comparing for ``reporting replicate``, which writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from reporting.engine.day import Day
from reporting.errors import UserError
from reporting.lake import Lake
from reporting.model.events.terms import EventTerms
from reporting.replica import (
    AccountAmounts,
    ContractPrices,
    DrawnPrices,
    Market,
    MissingInput,
    PriceSource,
    PublishedPrices,
    replicate_account,
)
from reporting.stages.recompute.comparison.replica_inputs import (
    account_books,
    holders,
    listed_events,
    published_prices,
    schedule_in_force,
    volatility_pools,
)
from reporting.stages.recompute.contracts import Contracts
from reporting.studies.status import dates_run

AGREEMENT = 1e-12
"""Dollars by which a price drawn again may differ from the published one."""
_MAX_NAMED = 10


_AMOUNTS = (
    "worst_case",
    "expected_shortfall",
    "value_at_risk",
    "jump_to_resolution",
    "core",
    "add_ons",
    "initial_margin",
    "maintenance_margin",
    "collateral",
    "call",
)
_STATED = ("worst_case", "core", "add_ons", "initial_margin", "maintenance_margin")


@dataclass(frozen=True)
class ComparedAmount:
    """One amount from three sources, centicents; None if a source does not state it."""

    name: str
    rebuilt: int
    recomputed: int | None
    charged: int | None


@dataclass(frozen=True)
class Replication:
    """The rebuilt amounts, the schedule in force, and in words the source of the prices."""

    version: str
    schedule: dict
    amounts: AccountAmounts
    prices: str
    compared: list[ComparedAmount]


class Rebuilding:
    """A date whose accounts can be rebuilt.

    Raises UserError for a date that was not run or has no margin.
    """

    def __init__(self, lake: Lake, scenarios_folder: Path, business_date: date) -> None:
        days = dates_run(lake)
        if business_date not in days:
            raise UserError(f"{business_date} was not run; {_some(days, 'dates that were')}")
        self._day = Day(lake, business_date, lake.columns())
        published = self._day.read("studies/replicate/scenario_set").fetchone()
        if published is None:
            raise UserError(
                f"no scenario set was published on {business_date}: the date has no margin;"
                " see recompute.findings"
            )
        file_name, self._sha256 = published
        self._path = scenarios_folder / business_date.isoformat() / file_name
        self._holders = holders(self._day)
        self._version, self._schedule = schedule_in_force(self._day)
        self._pools = volatility_pools(self._day)

    @cached_property
    def _terms(self) -> Mapping[str, EventTerms]:
        return Contracts(self._day).terms

    def account(self, account_id: str, redraw: bool = False) -> Replication:
        """Rebuild one account from the published prices, or from draws of its own.

        Raises UserError if the account holds nothing, and if the scenario file is missing or is
        not the published one.
        """
        day = self._day
        if account_id not in self._holders:
            known = _some(self._holders, "accounts that do")
            raise UserError(f"account {account_id} holds nothing on {day.business_date}; {known}")
        account, held = account_books(day, account_id)
        events = listed_events(day, self._terms, held)
        prices: PriceSource
        if redraw:
            prices = DrawnPrices(self._schedule)
        else:
            prices = PublishedPrices(published_prices(self._path, self._sha256, events))
        try:
            amounts = replicate_account(
                account, Market(events, self._schedule, self._pools), prices
            )
        except MissingInput as error:
            raise UserError(f"account {account_id} on {day.business_date}: {error}") from None
        if redraw:
            words = _agreement(prices.drawn, self._path, self._sha256, events)
        else:
            words = f"{self._path}, its SHA-256 is the published one: {self._sha256}"
        compared = _compared(day, account_id, amounts)
        return Replication(self._version, self._schedule, amounts, words, compared)


def _some(names: Sequence[object], kind: str) -> str:
    """The first of some names, and their number."""
    shown = ", ".join(str(name) for name in names[:_MAX_NAMED])
    rest = f", ... ({len(names)} in all)" if len(names) > _MAX_NAMED else ""
    return f"{kind}: {shown or 'none'}{rest}"


def _agreement(
    drawn: dict[str, ContractPrices], path: Path, sha256: str, events: Iterable[str]
) -> str:
    """Says whether prices drawn again agree with those of the file."""
    try:
        published = published_prices(path, sha256, events)
    except UserError as error:
        return f"drawn again by the published rule, not compared: {error}"
    difference: dict[str, float] = {}
    for ticker, mine in drawn.items():
        theirs = published.get(ticker)
        if theirs is None or len(theirs.at_rho) != len(mine.at_rho):
            difference[ticker] = float("inf")
            continue
        pairs = zip(_all_prices(mine), _all_prices(theirs), strict=True)
        difference[ticker] = max(abs(x - y) for x, y in pairs)
    largest = max(difference.values(), default=0.0)
    wrong = [f"{ticker} by {size:.1e}" for ticker, size in difference.items() if size > AGREEMENT]
    summary = f"drawn again by the published rule: {len(difference)} contracts"
    if wrong:
        return f"{summary} DIFFER from {path}: {_some(wrong, 'in dollars')}"
    return f"{summary} agree with {path}; largest difference {largest:.1e} dollars"


def _all_prices(prices: ContractPrices) -> list[float]:
    return [prices.model_price, *prices.at_rho, *prices.at_zero]


def _compared(day: Day, account_id: str, amounts: AccountAmounts) -> list[ComparedAmount]:
    recomputed = _first(day, "studies/replicate/recomputed_amounts", account_id, _AMOUNTS)
    charged = _first(day, "studies/replicate/charged_amounts", account_id, _STATED)
    return [
        ComparedAmount(name, getattr(amounts, name), recomputed.get(name), charged.get(name))
        for name in _AMOUNTS
    ]


def _first(day: Day, select: str, account_id: str, names: Sequence[str]) -> dict[str, int]:
    """The account's row by name, empty where it has none."""
    row = day.read(select, account_id=account_id).fetchone()
    return dict(zip(names, row, strict=True)) if row else {}
