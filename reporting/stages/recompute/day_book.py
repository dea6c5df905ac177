"""The book of a date, read from the lake: accounts, positions, marks and schedules.

At the end of the date, which the recompute and the stress stage value, and at each of its
intraday cycles.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np

from reporting.engine.day import Day
from reporting.lake.statements import select, statement
from reporting.model.errors import ModelError
from reporting.model.events.structures import EventTerms
from reporting.model.margin.parameters import PoolVolatility, happens_by_a_date
from reporting.model.margin.schedule import Schedule, schedule_in_force
from reporting.stages.recompute.books import MARGINED, Market, Positions
from reporting.stages.recompute.contracts import Contracts, seconds_until


@dataclass(frozen=True)
class Cycle:
    """An intraday cycle: its name, a New York time, and its naive UTC time."""

    name: str
    utc: datetime


@dataclass(frozen=True)
class DayBook:
    """All that margin and stress need. Accounts are in order of their id.

    ``leg_of`` maps a ticker to its (event, leg) index.
    """

    account_ids: list[str]
    account_index: dict[str, int]
    member_ids: list[str]
    origins: list[str]
    margin_permission: list[bool]
    market: Market
    leg_of: dict[str, tuple[int, int]]
    positions: Positions
    schedules: list[Schedule]
    business_date: date

    @cached_property
    def schedule(self) -> Schedule:
        """The version in force. Raises ModelError when there is none: only margin needs it."""
        return schedule_in_force(self.schedules, self.business_date)


_ACCOUNTS = """
SELECT accounts.account_id, accounts.member_id, accounts.origin, accounts.linked_events,
    accounts.margin_permission
FROM validate.accounts AS accounts
WHERE accounts.business_date = $business_date
ORDER BY accounts.account_id
"""

_CLOSING_PRICES = """
WITH settled AS (
    -- Two reads, not one up to the date: today's rows are in memory, the others in the lake.
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION ALL
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date < $business_date
),
in_force AS (
    SELECT ticker, settlement_value_centicents,
        row_number() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM settled
)
SELECT contracts.ticker,
    COALESCE(in_force.settlement_value_centicents, marks.mark_centicents) AS value_centicents,
    in_force.ticker IS NOT NULL AS settled,
    volumes.total_volume_qty
        / (1 + date_diff('day', volumes.first_traded_date, $business_date)) AS daily_volume_qty
FROM recompute.contracts AS contracts
LEFT JOIN recompute.marks AS marks
    ON marks.ticker = contracts.ticker AND marks.business_date = contracts.business_date
LEFT JOIN in_force ON in_force.ticker = contracts.ticker AND in_force.newest = 1
LEFT JOIN recompute.trading_volume AS volumes
    ON volumes.ticker = contracts.ticker AND volumes.business_date = contracts.business_date
WHERE contracts.business_date = $business_date
"""

_CYCLE_PRICES = """
SELECT ticker,
    COALESCE(settlement_value_centicents, mark_centicents) AS value_centicents,
    settlement_value_centicents IS NOT NULL AS settled,
    total_volume_qty
        / (1 + date_diff('day', first_traded_date, $business_date)) AS daily_volume_qty
FROM recompute.cycle_marks
WHERE business_date = $business_date AND cycle = $cycle
"""


def _contracts(prices: str) -> str:
    """The contracts of the date, each with its price by a SELECT of prices."""
    return statement(
        """
SELECT contracts.event_ticker, contracts.ticker, contracts.leg_index, contracts.tau_seconds,
    contracts.category, contracts.series_ticker, prices.value_centicents,
    COALESCE(prices.settled, FALSE), contracts.title, contracts.can_close_early,
    contracts.resolution_utc, prices.daily_volume_qty, contracts.collateral_return
FROM recompute.contracts AS contracts
LEFT JOIN ({prices}) AS prices ON prices.ticker = contracts.ticker
WHERE contracts.business_date = $business_date
ORDER BY contracts.event_ticker, contracts.leg_index
""",
        prices=select(prices),
    )


@dataclass(frozen=True)
class _Source:
    """The SELECTs that read a book as of one kind of moment."""

    positions: str
    contracts: str
    pools: str


_CLOSE = _Source(
    positions="""
SELECT account_id, ticker, collateralisation, closing_qty
FROM recompute.positions
WHERE business_date = $business_date AND closing_qty <> 0
ORDER BY account_id, ticker, collateralisation
""",
    contracts=_contracts(_CLOSING_PRICES),
    pools="""
SELECT category, bucket, sqrt(variance), sqrt(stress_variance), sqrt(ten_year_variance)
FROM recompute.volatility_pools
WHERE business_date = $business_date
""",
)

# The pools of the date are observed when it ends: until then those of the day before count.
_CYCLE = _Source(
    positions="""
SELECT account_id, ticker, collateralisation, closing_qty
FROM recompute.cycle_positions
WHERE business_date = $business_date AND cycle = $cycle AND closing_qty <> 0
ORDER BY account_id, ticker, collateralisation
""",
    contracts=_contracts(_CYCLE_PRICES),
    pools="""
SELECT pools.category, pools.bucket, sqrt(pools.variance), sqrt(pools.stress_variance),
    sqrt(pools.ten_year_variance)
FROM recompute.volatility_pools AS pools
JOIN recompute.days AS days ON days.previous_business_date = pools.business_date
WHERE days.business_date = $business_date
""",
)

# Of a version that was sent more than once, the last counts.
_SCHEDULES = """
SELECT version, effective_date, approver, reason, parameters
FROM (
    SELECT *, row_number() OVER (PARTITION BY version ORDER BY business_date DESC) AS newest
    FROM validate.margin_schedule
    WHERE business_date <= $business_date
)
WHERE newest = 1
ORDER BY effective_date, version
"""


def read_day_book(
    day: Day, terms: Mapping[str, EventTerms] | None = None, cycle: Cycle | None = None
) -> DayBook:
    """The book from the rebuilt positions and our own marks: at the end of the date, or at an
    intraday cycle of it."""
    if terms is None:
        terms = Contracts(day).terms
    source = _CYCLE if cycle else _CLOSE
    at = {"cycle": cycle.name} if cycle else {}
    accounts = day.query(_ACCOUNTS).fetchall()
    index = {row[0]: number for number, row in enumerate(accounts)}
    legs: dict[str, list[tuple]] = {}
    for row in day.query(source.contracts, **at).fetchall():
        legs.setdefault(row[0], []).append(row)
    events = sorted(legs)
    leg_of = {row[1]: (e, row[2]) for e, event in enumerate(events) for row in legs[event]}
    columns = day.query(source.positions, **at).fetchnumpy()
    positions = _positions(columns, index, leg_of)
    market = Market(
        events=events,
        terms=[terms[event] for event in events],
        # A leg that never traded has no holder: no book is valued with its 0.
        marks=[np.array([row[6] or 0 for row in legs[event]], np.int64) for event in events],
        priced=[np.array([row[6] is not None for row in legs[event]], bool) for event in events],
        settled=[np.array([row[7] for row in legs[event]], bool) for event in events],
        tau_seconds=np.array([_tau_seconds(legs[event], cycle) for event in events], np.int64),
        wrong_way=_wrong_way(accounts, events, legs),
        categories=[legs[event][0][4] for event in events],
        series=[legs[event][0][5] for event in events],
        resolution_dates=[_resolution_date(legs[event]) for event in events],
        happens_by=[
            happens_by_a_date(all(row[9] for row in legs[event]), legs[event][0][8])
            for event in events
        ],
        collateral_returns=[legs[event][0][12] for event in events],
        daily_volume=np.array(
            [row[11] or 0 for event in events for row in legs[event]], dtype=np.float64
        ),
        open_interest=_open_interest(positions, [len(legs[event]) for event in events]),
        pools={row[:2]: PoolVolatility(*row[2:]) for row in day.query(source.pools).fetchall()},
    )
    return DayBook(
        account_ids=[row[0] for row in accounts],
        account_index=index,
        member_ids=[row[1] for row in accounts],
        origins=[row[2] for row in accounts],
        margin_permission=[row[4] for row in accounts],
        market=market,
        leg_of=leg_of,
        positions=positions,
        schedules=read_schedules(day),
        business_date=day.business_date,
    )


def read_schedules(day: Day, changes: Mapping[str, object] | None = None) -> list[Schedule]:
    """All versions of the margin schedule known on a date, as the feed wrote them but for the
    parameters in ``changes``."""
    schedules = []
    for row in day.query(_SCHEDULES).fetchall():
        try:
            parameters = json.loads(row[4])
        except json.JSONDecodeError as error:
            raise ModelError("parameters", f"schedule {row[0]}: is not JSON: {error}") from None
        if changes and isinstance(parameters, dict):
            parameters |= changes
        schedules.append(Schedule.from_parameters(*row[:4], parameters))
    return schedules


def _positions(
    columns: Mapping[str, np.ndarray],
    account_index: dict[str, int],
    leg_of: dict[str, tuple[int, int]],
) -> Positions:
    size = len(columns["account_id"])
    place = [leg_of[ticker] for ticker in columns["ticker"]]
    if unknown := set(columns["account_id"]) - account_index.keys():
        raise ModelError("accounts", f"{min(unknown)} holds a position but is not in the list")
    return Positions(
        account=np.fromiter((account_index[a] for a in columns["account_id"]), np.int64, size),
        event=np.fromiter((event for event, _ in place), np.int64, size),
        leg=np.fromiter((leg for _, leg in place), np.int64, size),
        margined=np.asarray(columns["collateralisation"] == MARGINED, dtype=bool),
        qty=np.asarray(columns["closing_qty"], dtype=np.int64),
    )


def _open_interest(positions: Positions, legs_by_event: list[int]) -> np.ndarray:
    """Long contracts by contract of the market, all books: int64 (1e-2)."""
    first = np.concatenate(([0], np.cumsum(legs_by_event, dtype=np.int64)))
    total = np.zeros(first[-1], dtype=np.int64)
    np.add.at(total, first[positions.event] + positions.leg, np.maximum(positions.qty, 0))
    return total


def _resolution_date(legs: list[tuple]) -> str:
    """UTC date of an event's earliest resolution; unknown if that of a leg is."""
    times = [row[10] for row in legs]
    return "unknown" if None in times else min(times).date().isoformat()


def _tau_seconds(legs: list[tuple], cycle: Cycle | None) -> int:
    return seconds_until([row[10] for row in legs], cycle.utc) if cycle else legs[0][3]


def _wrong_way(
    accounts: list[tuple], events: list[str], legs: dict[str, list[tuple]]
) -> frozenset[tuple[int, int]]:
    """(account, event) pairs in which the account can influence the outcome."""
    by_link: dict[str, list[int]] = {}
    for number, event in enumerate(events):
        by_link.setdefault(event, []).append(number)
        by_link.setdefault(legs[event][0][5], []).append(number)
    return frozenset(
        (account, event)
        for account, row in enumerate(accounts)
        for link in row[3].split(";")
        for event in by_link.get(link.strip(), ())
    )
