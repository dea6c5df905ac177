"""Books under backtest at the close of a date: accounts and hypothetical portfolios.

Belongs here: which books are watched from a close on, and the margin held against each: the
market-risk part, which is the core of the margined book, at most its worst case, without
add-ons. Their later losses are in ``observations``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.backtest.deciding import decided_by
from reporting.model.events.terms import LADDER, LADDER_BRACKETS
from reporting.model.margin.parameters import EventParameters
from reporting.model.portfolio.margins import market_risk_centicents
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_events import ScenarioEvent, bucket_of, scenario_events
from reporting.model.portfolio.scenario_set import Draws, MarketScenarios
from reporting.model.portfolio.valuation import Valuation, value
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
from reporting.units import centicents_from_micros_up

ACCOUNTS = "accounts"
LONG, SHORT, EVENT, LADDERS, SECTOR = "long", "short", "event", "ladder", "sector"
ONE_CONTRACT = 100
_LADDERS = (LADDER, LADDER_BRACKETS)
BOOKS, CONTRACTS = "stress.backtest_books", "stress.backtest_contracts"
MARGIN_HELD = """
    margin_centicents worst_case_centicents value_at_risk_centicents expected_shortfall_centicents
    alpha_bps one_day_margin_centicents five_day_margin_centicents decided_by
"""


@table(
    "stress.backtest_books",
    grain=(
        "one row per account with margined positions at the close, and per hypothetical portfolio"
    ),
    meaning=(
        "books under backtest from the close on: the market-risk part of margin (core of the"
        " margined book, at most its worst case, no add-ons), the same at liquidation periods of"
        " one and five days, what decided it, the longest liquidation period of the book, the"
        " bucket of time to resolution (0 to 4) and the cluster with the largest worst case."
        " Hypothetical portfolios, per category: the most traded contract long and short, the most"
        " traded ladder, the most traded contract of each event"
    ),
    reads=f"""
        {BOOK_TABLES} recompute.account_margin recompute.event_margin recompute.event_parameters
        recompute.liquidation_periods recompute.scenario_sets validate.margin_schedule
    """,
    columns=f"portfolio book_id liquidation_days {MARGIN_HELD} bucket cluster",
)
def backtest_book_rows(
    day: Day, book: DayBook, hypothetical: Mapping[str, pyarrow.Table]
) -> pyarrow.Table:
    """The accounts in order, then the hypothetical portfolios."""
    level = {"alpha_bps": book.schedule.alpha_bps}
    accounts = day.read("stress/reads/backtest_accounts", **level).to_arrow_table()
    names = ("margin", "worst_case", "expected_shortfall", "jump_to_resolution")
    parts = (accounts[f"{name}_centicents"].to_numpy() for name in names)
    decided = pyarrow.array(decided_by(*parts, accounts["is_ramped"].to_numpy()), pyarrow.string())
    accounts = accounts.append_column("decided_by", decided)
    return _together(BOOKS, accounts, hypothetical)


@table(
    "stress.backtest_contracts",
    grain=(
        "one row per contract of a hypothetical portfolio, or of a book under backtest beyond the"
        " next close"
    ),
    meaning=(
        "the static portfolio: quantity (1e-2 contracts) and mark at the close, liquidation period"
        " and resolution cluster of the event"
    ),
    reads=f"{BOOK_TABLES} recompute.event_parameters recompute.scenario_sets",
    columns="portfolio book_id event_ticker ticker qty mark_centicents liquidation_days cluster",
    made_with="stress.backtest_books",
)
def backtest_contract_rows(day: Day, hypothetical: Mapping[str, pyarrow.Table]) -> pyarrow.Table:
    """The contracts of the accounts, then those of the hypothetical portfolios."""
    accounts = day.read("stress/reads/backtest_account_contracts").to_arrow_table()
    return _together(CONTRACTS, accounts, hypothetical)


def _together(
    name: str, accounts: pyarrow.Table, hypothetical: Mapping[str, pyarrow.Table]
) -> pyarrow.Table:
    schema = schema_of(name)
    return pyarrow.concat_tables([accounts.select(schema.names).cast(schema), hypothetical[name]])


@dataclass(frozen=True)
class _Candidate:
    """An event with an open, priced contract that traded that day.

    legs: its contracts of that kind, most traded first; drawn: the event has scenario prices, so
    that its margin may be below the worst case.
    """

    event: int
    legs: tuple[int, ...]
    volume: int
    drawn: bool


@dataclass(frozen=True)
class _Hypothetical:
    """A hypothetical portfolio of a category."""

    kind: str
    category: str
    holdings: tuple[tuple[int, int, int], ...]
    """(event, leg, qty)."""


def hypothetical_rows(
    day: Day, book: DayBook, scenarios: MarketScenarios | None
) -> dict[str, pyarrow.Table]:
    """The rows of the hypothetical portfolios, by table.

    scenarios: of the day, under the schedule in force; None if another process made them, then
    the events that are needed are drawn again.
    """
    market, schedule = book.market, book.schedule
    events = scenarios.events if scenarios else scenario_events(market, schedule)
    drawn = _drawn(market, events)
    volume = dict(day.read("stress/reads/traded_volume").fetchall())
    portfolios = list(_hypothetical_portfolios(market, _candidates(book, volume, drawn)))
    if not portfolios:
        return {name: schema_of(name).empty_table() for name in (BOOKS, CONTRACTS)}
    # A hypothetical portfolio has no owner who could influence an outcome.
    market = replace(market, wrong_way=frozenset())
    valuation = value(
        _positions(portfolios),
        market,
        len(portfolios),
        schedule,
        Draws(),
        netting=Netting.WITHIN_EVENTS,
        held_only=True,
    )
    if scenarios:
        valuation = replace(valuation, scenarios=scenarios)
    parameters = {event.event: event.parameters for event in events}
    return {
        BOOKS: _book_table(portfolios, valuation, parameters),
        CONTRACTS: _contract_table(market, portfolios, parameters),
    }


def _drawn(market: Market, events: Sequence[ScenarioEvent]) -> set[int]:
    """Events with scenario prices: a combination has them where each leg has or is settled, and
    moves where one has."""
    alone = {event.event for event in events if event.in_time and not event.is_combination}
    drawn = set(alone)
    for combination in (event for event in events if event.in_time and event.is_combination):
        legs = market.selected_legs(combination.event) or ()
        priced = [event in alone for event, _, _ in legs]
        known = [event in alone or bool(market.settled[event][leg]) for event, leg, _ in legs]
        if any(priced) and all(known):
            drawn.add(combination.event)
    return drawn


def _candidates(book: DayBook, volume: dict[str, int], drawn: set[int]) -> list[_Candidate]:
    """By rank: events with scenario prices first, since the margin of others is the worst case and
    tells nothing; then the most traded, then by name."""
    market = book.market
    traded: dict[int, list[tuple[int, int]]] = {}
    for ticker, quantity in volume.items():
        event, leg = book.leg_of.get(ticker, (-1, -1))
        if event >= 0 and market.priced[event][leg] and not market.settled[event][leg]:
            traded.setdefault(event, []).append((-quantity, leg))
    candidates = [
        _Candidate(
            event,
            tuple(leg for _, leg in sorted(legs)),
            -sum(quantity for quantity, _ in legs),
            event in drawn,
        )
        for event, legs in traded.items()
    ]
    return sorted(candidates, key=lambda c: (not c.drawn, -c.volume, c.event))


def _hypothetical_portfolios(
    market: Market, candidates: list[_Candidate]
) -> Iterator[_Hypothetical]:
    """By category: long and short one of the most traded contract of the first event; in the first
    event with two traded contracts, long the most traded and short the next; one of each contract
    of the first ladder; one of the most traded contract of each event."""
    by_category: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        by_category.setdefault(market.categories[candidate.event], []).append(candidate)
    for category, events in sorted(by_category.items()):
        first = events[0]
        for kind, qty in ((LONG, ONE_CONTRACT), (SHORT, -ONE_CONTRACT)):
            yield _Hypothetical(kind, category, ((first.event, first.legs[0], qty),))
        within = next((candidate for candidate in events if len(candidate.legs) > 1), None)
        if within is not None:
            bought, sold = within.legs[:2]
            holdings = ((within.event, bought, ONE_CONTRACT), (within.event, sold, -ONE_CONTRACT))
            yield _Hypothetical(EVENT, category, holdings)
        ladder = next((c for c in events if market.terms[c.event].structure in _LADDERS), None)
        if ladder is not None:
            legs = np.flatnonzero(market.priced[ladder.event] & ~market.settled[ladder.event])
            holdings = tuple((ladder.event, leg, ONE_CONTRACT) for leg in legs.tolist())
            yield _Hypothetical(LADDERS, category, holdings)
        sector = tuple((event.event, event.legs[0], ONE_CONTRACT) for event in events)
        yield _Hypothetical(SECTOR, category, sector)


def _positions(portfolios: list[_Hypothetical]) -> Positions:
    rows = [
        (number, event, leg, qty)
        for number, portfolio in enumerate(portfolios)
        for event, leg, qty in portfolio.holdings
    ]
    number, event, leg, qty = np.array(rows, dtype=np.int64).T
    return Positions(number, event, leg, np.ones(len(rows), dtype=bool), qty)


def _book_table(
    portfolios: list[_Hypothetical], valuation: Valuation, parameters: dict[int, EventParameters]
) -> pyarrow.Table:
    margined, rows = valuation.margins.margined, valuation.portfolio.worst_cases
    tau_seconds = valuation.portfolio.market.tau_seconds
    worst_case = centicents_from_micros_up(margined.worst_case)
    margin = market_risk_centicents(margined)
    value_at_risk = centicents_from_micros_up(margined.value_at_risk)
    shortfall = centicents_from_micros_up(margined.expected_shortfall)
    jump = centicents_from_micros_up(margined.jump_to_resolution)
    decided = decided_by(margin, worst_case, shortfall, jump, _ramped(valuation, len(portfolios)))
    records = []
    for number, portfolio in enumerate(portfolios):
        own = rows.account == number
        dominant = int(rows.event[own][np.argmax(rows.worst_case[own])])
        days = [parameters[event].liquidation_days for event, _, _ in portfolio.holdings]
        records.append(
            {
                "portfolio": portfolio.kind,
                "book_id": portfolio.category,
                "liquidation_days": max(days),
                "worst_case_centicents": int(worst_case[number]),
                "margin_centicents": int(margin[number]),
                "value_at_risk_centicents": int(value_at_risk[number]),
                "expected_shortfall_centicents": int(shortfall[number]),
                "alpha_bps": valuation.scenarios.schedule.alpha_bps,
                "one_day_margin_centicents": None,
                "five_day_margin_centicents": None,
                "decided_by": decided[number],
                "bucket": bucket_of(int(tau_seconds[dominant])),
                "cluster": parameters[dominant].cluster,
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of(BOOKS))


def _ramped(valuation: Valuation, books: int) -> np.ndarray:
    """Whether every event that can cost a book something is at full ramp: bool[books]."""
    rows, margins = valuation.portfolio.worst_cases, valuation.margins
    partial = (margins.ramp_numerator < margins.ramp_denominator) & (rows.worst_case > 0)
    return np.bincount(rows.account[partial], minlength=books) == 0


def _contract_table(
    market: Market, portfolios: list[_Hypothetical], parameters: dict[int, EventParameters]
) -> pyarrow.Table:
    records = [
        {
            "portfolio": portfolio.kind,
            "book_id": portfolio.category,
            "event_ticker": market.events[event],
            "ticker": market.terms[event].legs[leg],
            "qty": qty,
            "mark_centicents": int(market.marks[event][leg]),
            "liquidation_days": parameters[event].liquidation_days,
            "cluster": parameters[event].cluster,
        }
        for portfolio in portfolios
        for event, leg, qty in portfolio.holdings
    ]
    return pyarrow.Table.from_pylist(records, schema_of(CONTRACTS))
