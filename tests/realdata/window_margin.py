"""Margin and losses per series and day: each series of each account as a book of its own,
and all of its series together.

A static book: what an account holds on margin at the close of a day loses what the marks,
or the settlement values, of the next day take from it, whatever it trades then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from realdata.house import House
from reporting.engine.day import Day, Workbench
from reporting.lake import open_lake
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.recompute.margin.sensitivity import at_liquidation_days, variants

VARIANTS = ("in force", "no add-ons", "one day", "no ramp", "no ramp, no jump")
MICROS_PER_CENTICENT = 100


@dataclass(frozen=True)
class SeriesDay:
    """One series at the close of one day; money in dollars.

    accounts: that hold it on margin; losing: of them, that lost until the next close, lost
    together. initial and exceeded: margin, and accounts that lost more than it, by variant;
    above_worst_case: that lost more than W. largest_loss: of one account, in_force_margin
    what that account had to have. largest_excess: of a loss over the margin in force.
    """

    series: str
    day: date
    accounts: int
    worst_case: float
    initial: tuple[float, ...]
    losing: int
    lost: float
    exceeded: tuple[int, ...]
    above_worst_case: int
    largest_loss: float
    in_force_margin: float
    largest_excess: float


@dataclass(frozen=True)
class _Books:
    """Sub-books of a day, series after series: place = series x accounts + account."""

    series: list[str]
    account_ids: list[str]
    held: np.ndarray
    worst_case: np.ndarray
    initial: np.ndarray


def schedules(in_force: Schedule) -> list[Schedule]:
    """The schedule in force and its variants, in the order of VARIANTS; one serves two."""
    no_ramp = next(v.schedule for v in variants(in_force) if v.parameter == "ramp")
    no_jump = replace(no_ramp, kappa_bps=dict.fromkeys(no_ramp.kappa_bps, 0))
    return [in_force, at_liquidation_days(in_force, 1), no_ramp, no_jump]


def series_days(house: House, days: Iterable[date], whole: str) -> Iterator[SeriesDay]:
    """The rows of some days of a recomputed lake; each needs the day after it in the lake.

    ``whole`` names the book of all series together, which is measured beside them.
    """
    draws = Draws()
    with open_lake(house.settings, read_only=True) as lake:
        bench = Workbench(lake)
        for business_date in days:
            books = _sub_books(read_day_book(bench.day(business_date)), draws, whole)
            losses = _losses(bench.day(business_date + timedelta(days=1)), whole)
            yield from _compared(business_date, books, losses)


def _sub_books(book: DayBook, draws: Draws, whole: str) -> _Books:
    market, accounts = book.market, len(book.account_ids)
    chosen = book.positions.margined
    held = Positions(*(column[chosen] for column in vars(book.positions).values()))
    series = sorted({market.series[event] for event in np.unique(held.event)})
    place = np.array([series.index(name) if name in series else -1 for name in market.series])
    # Each position counts twice: in the book of its series, and in the whole one, the last.
    start = [place[held.event] * accounts, np.full(len(held.event), len(series) * accounts)]
    positions = Positions(
        np.concatenate([held.account + number for number in start]),
        *(np.tile(column, 2) for column in (held.event, held.leg, held.margined, held.qty)),
    )
    wrong_way = {
        (number * accounts + account, event)
        for account, event in market.wrong_way
        for number in (int(place[event]), len(series))
        if number >= 0
    }
    market = replace(market, wrong_way=frozenset(wrong_way))
    size = (len(series) + 1) * accounts
    within = Netting.WITHIN_EVENTS
    valuation = value(positions, market, size, book.schedule, draws, netting=within)
    found = [valuation.under(schedule).margins for schedule in schedules(book.schedule)]
    return _Books(
        [*series, whole],
        book.account_ids,
        np.isin(np.arange(size), positions.account),
        found[0].worst_case,
        np.array([found[0].initial, found[0].core, *(each.initial for each in found[1:])]),
    )


_LOSSES = """
SELECT contracts.series_ticker, positions.account_id,
    CAST(-SUM(CAST(positions.opening_qty AS HUGEINT) * (
        CASE WHEN marks.settled THEN marks.settlement_value_centicents
            ELSE marks.mark_centicents END - marks.previous_mark_centicents)) AS BIGINT)
FROM recompute.positions AS positions
JOIN recompute.marks AS marks
    ON marks.ticker = positions.ticker AND marks.business_date = positions.business_date
JOIN recompute.contracts AS contracts
    ON contracts.ticker = positions.ticker AND contracts.business_date = positions.business_date
WHERE positions.business_date = $business_date AND positions.opening_qty <> 0
    AND positions.collateralisation = 'margined'
GROUP BY ALL
"""


def _losses(day: Day, whole: str) -> dict[tuple[str, str], int]:
    """What opening positions lost until the close, micros, by series and account."""
    losses: dict[tuple[str, str], int] = {}
    for series, account, micros in day.query(_LOSSES).fetchall():
        losses[series, account] = micros
        losses[whole, account] = losses.get((whole, account), 0) + micros
    return losses


def _compared(day: date, books: _Books, losses: dict[tuple[str, str], int]) -> Iterator[SeriesDay]:
    accounts = len(books.account_ids)
    for number, series in enumerate(books.series):
        place = slice(number * accounts, (number + 1) * accounts)
        held, initial = books.held[place], books.initial[:, place]
        worst_case = books.worst_case[place]
        if not held.any():
            continue
        lost = np.array([losses.get((series, account), 0) for account in books.account_ids])
        most = int(np.argmax(lost))
        yield SeriesDay(
            series=series,
            day=day,
            accounts=int(held.sum()),
            worst_case=int(worst_case.sum()) / 10_000,
            initial=tuple((initial.sum(axis=1) / 10_000).tolist()),
            losing=int((lost > 0).sum()),
            lost=int(np.maximum(lost, 0).sum()) / 1_000_000,
            exceeded=tuple((lost > initial * MICROS_PER_CENTICENT).sum(axis=1).tolist()),
            above_worst_case=int((lost > worst_case * MICROS_PER_CENTICENT).sum()),
            largest_loss=int(lost[most]) / 1_000_000,
            in_force_margin=int(initial[0, most]) / 10_000,
            largest_excess=int((lost - initial[0] * MICROS_PER_CENTICENT).max(initial=0)) / 1e6,
        )
