"""Hypothetical books on the real tape, with margin and loss: the rows of a backtest of the model.

Belongs here: what does not depend on the version of the margin model, so that the same books are
valued before and after a change of it. One contract pays a dollar. The market-risk part of margin,
without add-ons, stands against the loss of the static book over its liquidation period.
``window_coverage`` makes the tables.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np

from realdata.house import House
from reporting.engine.day import Day, Workbench
from reporting.lake import open_lake
from reporting.model.events.terms import LADDER, LADDER_BRACKETS
from reporting.model.portfolio.margins import market_risk_centicents
from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.units import centicents_from_micros_up

KINDS = ("long", "short", "spread", "ladder", "sector long", "sector mixed")
ONE_CONTRACT = 100


@dataclass(frozen=True)
class BookLoss:
    """A book from one close on: margin and worst case in centicents, loss in micros.

    cluster: the resolution that moved it most; days: its liquidation period, in dates.
    """

    day: str
    kind: str
    book: str
    cluster: str
    days: int
    margin_centicents: int
    worst_case_centicents: int
    loss_micros: int


Holding = tuple[int, int, int]
"""Event, leg, qty."""


def book_losses(house: House, days: Iterable[date]) -> Iterator[BookLoss]:
    """The books of some days of a recomputed lake whose liquidation period has ended in it."""
    closes = _closes(house)
    dates = sorted({at for _, at in closes.marks})
    draws = Draws()
    with open_lake(house.settings, read_only=True) as lake:
        bench = Workbench(lake)
        for day in days:
            yield from _of_day(bench.day(day), closes, dates, draws)


@dataclass(frozen=True)
class _Closes:
    """Marks by ticker and date; first settlement date, and the last value known, by ticker."""

    marks: dict[tuple[str, date], int]
    settled: dict[str, tuple[date, int]]


def _closes(house: House) -> _Closes:
    marks = house.rows("SELECT ticker, business_date, mark_centicents FROM recompute.marks")
    settled = house.rows(
        "SELECT ticker, MIN(business_date),"
        " arg_max(settlement_value_centicents, business_date) FROM recompute.settlements GROUP BY 1"
    )
    return _Closes(
        {(ticker, at): mark for ticker, at, mark in marks},
        {ticker: (at, paid) for ticker, at, paid in settled},
    )


def _of_day(day: Day, closes: _Closes, dates: list[date], draws: Draws) -> Iterator[BookLoss]:
    book = read_day_book(day)
    market, today = book.market, day.business_date
    period = {
        event: (days, cluster)
        for event, days, cluster in day.query(
            "SELECT event_ticker, MAX(liquidation_days), MAX(cluster)"
            " FROM recompute.event_parameters WHERE business_date = $business_date GROUP BY 1"
        ).fetchall()
    }
    held = list(_books(book, dict(day.read("stress/reads/traded_volume").fetchall()), today))
    if not held:
        return
    rows = [(number, *one) for number, (*_, holdings) in enumerate(held) for one in holdings]
    number, event, leg, qty = np.array(rows, dtype=np.int64).T
    margins = value(
        Positions(number, event, leg, np.ones(len(rows), dtype=bool), qty),
        # A hypothetical book has no owner who could influence an outcome.
        replace(market, wrong_way=frozenset()),
        len(held),
        book.schedule,
        draws,
        netting=Netting.WITHIN_EVENTS,
        held_only=True,
    ).margins.margined
    margin = market_risk_centicents(margins).tolist()
    worst_case = centicents_from_micros_up(margins.worst_case).tolist()
    place = dates.index(today)
    for book_number, (kind, name, holdings) in enumerate(held):
        names = [market.events[event] for event, _, _ in holdings]
        longest = max(period[event][0] for event in names)
        if place + longest >= len(dates):
            continue
        by_cluster: dict[str, int] = {}
        for event, leg, qty in holdings:
            days, cluster = period[market.events[event]]
            ticker = market.terms[event].legs[leg]
            end = dates[place + days]
            resolved, paid = closes.settled.get(ticker, (date.max, 0))
            last = paid if today < resolved <= end else closes.marks[ticker, end]
            lost = qty * (closes.marks[ticker, today] - last)
            by_cluster[cluster] = by_cluster.get(cluster, 0) + lost
        yield BookLoss(
            str(today),
            kind,
            name,
            max(sorted(by_cluster), key=lambda cluster: abs(by_cluster[cluster])),
            longest,
            margin[book_number],
            worst_case[book_number],
            sum(by_cluster.values()),
        )


def _books(
    book: DayBook, volume: dict[str, int], today: date
) -> Iterator[tuple[str, str, tuple[Holding, ...]]]:
    """Kind, name and holdings of each book of a day, from the contracts that traded that day.

    Each contract long and short; in an event long the most traded and short the next; one of each
    contract of a ladder; of a category, the most traded contract of each event, long, or long or
    short by a bit of the hash of ticker and date.
    """
    market = book.market
    traded: dict[int, list[tuple[int, str, int]]] = {}
    for ticker, quantity in volume.items():
        event, leg = book.leg_of.get(ticker, (-1, -1))
        if event >= 0 and quantity and market.priced[event][leg] and not market.settled[event][leg]:
            traded.setdefault(event, []).append((-quantity, ticker, leg))
    sectors: dict[str, list[tuple[str, int, int]]] = {}
    for event, legs in sorted(traded.items()):
        legs.sort()
        for _, ticker, leg in legs:
            yield "long", ticker, ((event, leg, ONE_CONTRACT),)
            yield "short", ticker, ((event, leg, -ONE_CONTRACT),)
        name = market.events[event]
        if len(legs) > 1:
            bought, sold = legs[0][2], legs[1][2]
            yield "spread", name, ((event, bought, ONE_CONTRACT), (event, sold, -ONE_CONTRACT))
        open_legs = np.flatnonzero(market.priced[event] & ~market.settled[event]).tolist()
        if market.terms[event].structure in (LADDER, LADDER_BRACKETS) and len(open_legs) > 1:
            yield "ladder", name, tuple((event, leg, ONE_CONTRACT) for leg in open_legs)
        category = market.categories[event]
        sectors.setdefault(category, []).append((legs[0][1], event, legs[0][2]))
    for category, firsts in sorted(sectors.items()):
        if len(firsts) < 2:
            continue
        yield "sector long", category, tuple((e, leg, ONE_CONTRACT) for _, e, leg in firsts)
        mixed = tuple(
            (e, leg, ONE_CONTRACT if sha256(f"{ticker} {today}".encode()).digest()[0] & 1 else -100)
            for ticker, e, leg in firsts
        )
        yield "sector mixed", category, mixed


def write(path: Path, rows: Iterable[BookLoss]) -> None:
    """The rows as CSV, for another version of the model to be compared with."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in fields(BookLoss))
        writer.writerows(asdict(row).values() for row in rows)


def read(path: Path) -> list[BookLoss]:
    """The rows of a file that ``write`` made."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            BookLoss(
                **{
                    field.name: int(row[field.name]) if field.type is int else row[field.name]
                    for field in fields(BookLoss)
                }
            )
            for row in csv.DictReader(file)
        ]
