"""The book of a date, read from the lake: accounts, positions, marks and schedules.

The book at the end of the date is valued by the stages recompute and stress, the books at the
intraday cycles by recompute.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

from reporting.engine.day import Day
from reporting.model.errors import ModelError
from reporting.model.events.terms import VOID_FAIR, EventTerms
from reporting.model.margin.parameters import PoolVolatility, happens_by_a_date
from reporting.model.margin.schedule import OtherModel, Schedule, of_category, schedule_in_force
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import MARGINED, Positions
from reporting.stages.recompute.contracts import Contracts, seconds_until

BOOK_TABLES = (
    "recompute.positions recompute.marks recompute.settlements recompute.contracts"
    " recompute.trading_volume recompute.volatility_pools"
)
"""The tables that the book of a date is read from."""


@dataclass(frozen=True)
class Cycle:
    """An intraday cycle: its name, a New York time, and its naive UTC time."""

    name: str
    utc: datetime


@dataclass(frozen=True)
class DayBook:
    """The input of margin and stress. Accounts are in order of their id.

    ``leg_of`` maps a ticker to its (event, leg) index; ``owners``: int64[accounts], a number per
    beneficial owner.
    """

    account_ids: list[str]
    account_index: dict[str, int]
    member_ids: list[str]
    origins: list[str]
    margin_permission: list[bool]
    owners: np.ndarray
    market: Market
    leg_of: dict[str, tuple[int, int]]
    positions: Positions
    schedules: list[Schedule]
    business_date: date

    @cached_property
    def schedule(self) -> Schedule:
        """The version in force. Raises ModelError when there is none: only margin needs it."""
        return schedule_in_force(self.schedules, self.business_date)


_AT_CLOSE = (
    "recompute/reads/closing_positions",
    "recompute/reads/closing_prices",
    "recompute/reads/closing_pools",
)
_AT_CYCLE = (
    "recompute/reads/cycle_positions",
    "recompute/reads/cycle_prices",
    "recompute/reads/cycle_pools",
)
"""The SELECTs of positions, prices and pools as of either moment."""


class _Leg(NamedTuple):
    """A contract of the date with its price. value_centicents: settlement value or mark, None if
    it has neither; daily_volume_qty: None if it never traded."""

    event_ticker: str
    ticker: str
    leg_index: int
    tau_seconds: int
    category: str
    series_ticker: str
    title: str
    can_close_early: bool
    resolution_utc: datetime | None
    collateral_return: str
    value_centicents: int | None = None
    settled: bool = False
    daily_volume_qty: float | None = None


def read_day_book(
    day: Day, terms: Mapping[str, EventTerms] | None = None, cycle: Cycle | None = None
) -> DayBook:
    """The book from the rebuilt positions and our own marks: at the end of the date, or at an
    intraday cycle of it.

    Raises ModelError if a schedule cannot be read, or the one in force is of another model; before
    anything else, since dates of another model have other tables.
    """
    schedules = read_schedules(day)
    if terms is None:
        terms = Contracts(day).terms
    positions_read, prices_read, pools_read = _AT_CYCLE if cycle else _AT_CLOSE
    at = {"cycle": cycle.name} if cycle else {}
    accounts = day.read("recompute/reads/accounts").fetchall()
    index = {row[0]: number for number, row in enumerate(accounts)}
    legs = _legs_by_event(day, prices_read, at)
    events = list(legs)
    leg_of = {
        leg.ticker: (e, leg.leg_index) for e, event in enumerate(events) for leg in legs[event]
    }
    holdings = day.read(positions_read, **at).fetchnumpy()
    positions = _positions(holdings, index, leg_of)
    resolutions = _resolution_times(day, legs, cycle)
    if cycle:
        tau_seconds = [seconds_until(times, cycle.utc) for times in resolutions]
    else:
        tau_seconds = [legs[event][0].tau_seconds for event in events]
    pools = day.read(pools_read).fetchall()
    market = Market(
        events=events,
        terms=with_fair_bands(
            [terms[event] for event in events],
            [legs[event][0].category for event in events],
            schedules,
            day.business_date,
        ),
        # A leg that never traded has no holder: no book is valued with its 0.
        marks=[
            np.array([leg.value_centicents or 0 for leg in legs[event]], np.int64)
            for event in events
        ],
        priced=[
            np.array([leg.value_centicents is not None for leg in legs[event]], bool)
            for event in events
        ],
        settled=[np.array([leg.settled for leg in legs[event]], bool) for event in events],
        tau_seconds=np.array(tau_seconds, np.int64),
        wrong_way=_wrong_way(accounts, events, legs),
        categories=[legs[event][0].category for event in events],
        series=[legs[event][0].series_ticker for event in events],
        resolution_dates=[_resolution_date(times) for times in resolutions],
        may_close_early=[any(leg.can_close_early for leg in legs[event]) for event in events],
        happens_by=[
            happens_by_a_date(all(leg.can_close_early for leg in legs[event]), legs[event][0].title)
            for event in events
        ],
        collateral_returns=[legs[event][0].collateral_return for event in events],
        daily_volume=np.array(
            [leg.daily_volume_qty or 0 for event in events for leg in legs[event]], dtype=np.float64
        ),
        open_interest=_open_interest(positions, [len(legs[event]) for event in events]),
        pools={row[:2]: PoolVolatility(*row[2:]) for row in pools},
    )
    return DayBook(
        account_ids=[row[0] for row in accounts],
        account_index=index,
        member_ids=[row[1] for row in accounts],
        origins=[row[2] for row in accounts],
        margin_permission=[row[4] for row in accounts],
        owners=np.unique([row[5] for row in accounts], return_inverse=True)[1],
        market=market,
        leg_of=leg_of,
        positions=positions,
        schedules=schedules,
        business_date=day.business_date,
    )


def with_fair_bands(
    terms: Sequence[EventTerms],
    categories: Sequence[str],
    schedules: Sequence[Schedule],
    business_date: date,
) -> list[EventTerms]:
    """Terms with the band within which the schedule in force expects a fair price.

    Without a schedule in force a fair price may be any, and no margin is computed.
    """
    try:
        bands = schedule_in_force(schedules, business_date).fair_price_band_centicents
    except ModelError:
        return list(terms)
    return [
        replace(event, fair_band=of_category(bands, category))
        if VOID_FAIR in event.voids
        else event
        for event, category in zip(terms, categories, strict=True)
    ]


def read_schedules(day: Day, changes: Mapping[str, object] | None = None) -> list[Schedule]:
    """All versions of the margin schedule of ECM-2 known on a date, with ``changes`` in place of
    their parameters.

    Versions of another model are left out. Raises ModelError if the one in force is of another
    model, or if a version cannot be read.
    """
    schedules, refused = [], {}
    for row in day.read("recompute/reads/schedules").fetchall():
        version, effective_date = row[:2]
        try:
            parameters = json.loads(row[4])
        except json.JSONDecodeError as error:
            raise ModelError("parameters", f"schedule {version}: is not JSON: {error}") from None
        if changes and isinstance(parameters, dict):
            parameters |= changes
        try:
            schedules.append(Schedule.from_parameters(*row[:4], parameters))
        except OtherModel as error:
            refused[effective_date, version] = error
    versions = [(schedule.effective_date, schedule.version) for schedule in schedules]
    versions += refused
    latest = max((key for key in versions if key[0] <= day.business_date), default=None)
    if latest in refused:
        raise refused[latest]
    return schedules


def _legs_by_event(day: Day, price_select: str, at: Mapping[str, str]) -> dict[str, list[_Leg]]:
    """The contracts of the date with their prices, by event, both in order."""
    prices = {ticker: price for ticker, *price in day.read(price_select, **at).fetchall()}
    legs: dict[str, list[_Leg]] = {}
    for row in day.read("recompute/reads/contracts").fetchall():
        legs.setdefault(row[0], []).append(_Leg(*row, *prices.get(row[1], ())))
    return dict(sorted(legs.items()))


def _positions(
    columns: Mapping[str, np.ndarray],
    account_index: dict[str, int],
    leg_of: dict[str, tuple[int, int]],
) -> Positions:
    size = len(columns["account_id"])
    contracts = [leg_of[ticker] for ticker in columns["ticker"]]
    if unknown := set(columns["account_id"]) - account_index.keys():
        raise ModelError("accounts", f"{min(unknown)} holds a position but is not in the list")
    return Positions(
        account=np.fromiter((account_index[a] for a in columns["account_id"]), np.int64, size),
        event=np.fromiter((event for event, _ in contracts), np.int64, size),
        leg=np.fromiter((leg for _, leg in contracts), np.int64, size),
        margined=np.asarray(columns["collateralisation"] == MARGINED, dtype=bool),
        qty=np.asarray(columns["closing_qty"], dtype=np.int64),
    )


def _open_interest(positions: Positions, legs_by_event: list[int]) -> np.ndarray:
    """Long contracts by contract of the market, all books: int64 (1e-2)."""
    first = np.concatenate(([0], np.cumsum(legs_by_event, dtype=np.int64)))
    total = np.zeros(first[-1], dtype=np.int64)
    np.add.at(total, first[positions.event] + positions.leg, np.maximum(positions.qty, 0))
    return total


def _resolution_times(
    day: Day, legs: Mapping[str, list[_Leg]], cycle: Cycle | None
) -> list[list[datetime | None]]:
    """When the legs of each event resolve, None where the venue does not say.

    At a cycle as far as was known then: a leg that the venue listed later does not count.
    """
    if cycle is None:
        return [[leg.resolution_utc for leg in of_event] for of_event in legs.values()]
    known = dict(day.read("recompute/reads/cycle_resolution_times", cycle_utc=cycle.utc).fetchall())
    return [
        [known[leg.ticker] for leg in of_event if leg.ticker in known] or [None]
        for of_event in legs.values()
    ]


def _resolution_date(times: list[datetime | None]) -> str:
    """UTC date of an event's earliest resolution; "unknown" if a leg has none."""
    return "unknown" if None in times else min(times).date().isoformat()


def _wrong_way(
    accounts: list[tuple], events: list[str], legs: dict[str, list[_Leg]]
) -> frozenset[tuple[int, int]]:
    """(account, event) pairs in which the account can influence the outcome."""
    by_link: dict[str, list[int]] = {}
    for number, event in enumerate(events):
        by_link.setdefault(event, []).append(number)
        by_link.setdefault(legs[event][0].series_ticker, []).append(number)
    return frozenset(
        (account, event)
        for account, row in enumerate(accounts)
        for link in row[3].split(";")
        for event in by_link.get(link.strip(), ())
    )
