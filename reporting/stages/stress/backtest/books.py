"""Books under backtest at the close of a date: accounts, and portfolios that are made up.

Belongs here: which books are watched from a close on, and the margin that is held against
each: the market-risk part, the core of the margined book, at most its worst case, without
add-ons. What the books lose later is in ``backtests``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.events.terms import LADDER, LADDER_BRACKETS
from reporting.model.margin.parameters import EventParameters
from reporting.stages.recompute.books import EventRows, Market, Positions, event_rows
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
from reporting.stages.recompute.event_risk import bucket_of, scenario_events
from reporting.stages.recompute.margins import Margins, Valuation, Valuer
from reporting.stages.recompute.scenario_set import Draws, scenario_set
from reporting.units import centicents_from_micros_up

ACCOUNTS = "accounts"
LONG, SHORT, EVENT, LADDERS, SECTOR = "long", "short", "event", "ladder", "sector"
ONE_CONTRACT = 100
BOOKS, CONTRACTS = "stress.backtest_books", "stress.backtest_contracts"
MARGIN_HELD = (
    "margin_centicents",
    "worst_case_centicents",
    "value_at_risk_centicents",
    "expected_shortfall_centicents",
    "alpha_bps",
    "one_day_margin_centicents",
    "five_day_margin_centicents",
)


@table(
    "stress.backtest_books",
    grain=(
        "one row per account with margined positions at the close, and portfolio that is made up"
    ),
    meaning=(
        "books whose loss the backtest watches from the close on: the market-risk part of"
        " margin (core of the margined book, at most its worst case, no add-ons), the same at"
        " liquidation periods of one and five days, the longest liquidation period that the"
        " book has, bucket of time to resolution (0 to 4) and cluster with the largest worst"
        " case. Made up, per category: the most traded contract long and short, the most"
        " traded ladder, the most traded contract of each event"
    ),
    owner="risk",
    reads=(
        *BOOK_TABLES,
        "recompute.account_margin",
        "recompute.event_margin",
        "recompute.event_parameters",
        "recompute.liquidation_periods",
        "recompute.scenario_sets",
        "validate.margin_schedule",
    ),
    columns=("portfolio", "book_id", "liquidation_days", *MARGIN_HELD, "bucket", "cluster"),
)
def backtest_book_rows(
    day: Day, book: DayBook, hypothetical: Mapping[str, pyarrow.Table]
) -> pyarrow.Table:
    """The accounts in order, then the hypothetical portfolios."""
    level = {"alpha_bps": book.schedule.alpha_bps}
    accounts = day.read("stress/reads/backtest_accounts", **level).to_arrow_table()
    return _with_accounts(BOOKS, accounts, hypothetical)


@table(
    "stress.backtest_contracts",
    grain=(
        "one row per contract of a book that is watched for longer than to the next close,"
        " and of a portfolio that is made up"
    ),
    meaning=(
        "the static portfolio: quantity (1e-2 contracts) and mark at the close, liquidation"
        " period and resolution cluster of the event"
    ),
    owner="risk",
    reads=(*BOOK_TABLES, "recompute.event_parameters", "recompute.scenario_sets"),
    columns=(
        "portfolio",
        "book_id",
        "event_ticker",
        "ticker",
        "qty",
        "mark_centicents",
        "liquidation_days",
        "cluster",
    ),
    made_with="stress.backtest_books",
)
def backtest_contract_rows(day: Day, hypothetical: Mapping[str, pyarrow.Table]) -> pyarrow.Table:
    """The contracts of the accounts, then those of the hypothetical portfolios."""
    accounts = day.read("stress/reads/backtest_account_contracts").to_arrow_table()
    return _with_accounts(CONTRACTS, accounts, hypothetical)


def _with_accounts(
    name: str, accounts: pyarrow.Table, hypothetical: Mapping[str, pyarrow.Table]
) -> pyarrow.Table:
    schema = schema_of(name)
    return pyarrow.concat_tables([accounts.select(schema.names).cast(schema), hypothetical[name]])


@dataclass(frozen=True)
class _Candidate:
    """An event with an open, priced contract that traded that day.

    legs: those contracts, most traded first; drawn: it has scenario prices, so that its
    margin may be below the worst case.
    """

    event: int
    legs: tuple[int, ...]
    volume: int
    drawn: bool


@dataclass(frozen=True)
class _Portfolio:
    kind: str
    category: str
    holdings: tuple[tuple[int, int, int], ...]
    """(event, leg, qty)."""


def hypothetical_rows(
    day: Day, book: DayBook, valuation: Valuation | None
) -> dict[str, pyarrow.Table]:
    """The hypothetical portfolios: their rows of both tables.

    valuation: of the day's scenario set, None where another process made it; then the events that
    are needed are drawn again.
    """
    market = book.market
    events = valuation.events if valuation else scenario_events(market, book.schedule)
    drawn = {found.event for found in events if found.in_set}
    candidates = _candidates(book, dict(day.read("stress/reads/traded_volume").fetchall()), drawn)
    portfolios = list(_portfolios(market, candidates))
    held = {event for portfolio in portfolios for event, _, _ in portfolio.holdings}
    chosen = [found for found in events if found.event in held]
    if not portfolios:
        return {name: schema_of(name).empty_table() for name in (BOOKS, CONTRACTS)}
    if valuation is None:
        prices = scenario_set(market, chosen, Draws().of(book.schedule))
        valuation = Valuation(book.schedule, events, prices)
    positions = _positions(portfolios)
    # Numbers of portfolios are none of accounts: nobody of them is tied to an outcome.
    market = replace(market, wrong_way=frozenset())
    rows = event_rows(positions, market)
    valuer = Valuer(positions, rows, market, len(portfolios), credits=None)
    parameters = {found.event: found.parameters for found in chosen}
    alpha = book.schedule.alpha_bps
    return {
        BOOKS: _book_table(market, portfolios, rows, valuer.margins(valuation), parameters, alpha),
        CONTRACTS: _contract_table(market, portfolios, parameters),
    }


def _candidates(book: DayBook, volume: dict[str, int], drawn: set[int]) -> list[_Candidate]:
    """By rank: events with scenario prices first, for others margin is the worst case and tells
    nothing; then the most traded, then by name."""
    market = book.market
    traded: dict[int, list[tuple[int, int]]] = {}
    for ticker, quantity in volume.items():
        event, leg = book.leg_of.get(ticker, (-1, -1))
        if event >= 0 and market.priced[event][leg] and not market.settled[event][leg]:
            traded.setdefault(event, []).append((-quantity, leg))
    found = [
        _Candidate(
            event,
            tuple(leg for _, leg in sorted(legs)),
            -sum(quantity for quantity, _ in legs),
            event in drawn,
        )
        for event, legs in traded.items()
    ]
    return sorted(found, key=_rank)


def _rank(candidate: _Candidate) -> tuple[bool, int, int]:
    return not candidate.drawn, -candidate.volume, candidate.event


def _portfolios(market: Market, candidates: list[_Candidate]) -> Iterator[_Portfolio]:
    """Per category: one contract of the first event's most traded one, long and short; within the
    first event of which two traded, the most traded long and the next short; one of each contract
    of the first ladder; one of the most traded contract of each event."""
    by_category: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        by_category.setdefault(market.categories[candidate.event], []).append(candidate)
    for category, events in sorted(by_category.items()):
        first = events[0]
        for kind, qty in ((LONG, ONE_CONTRACT), (SHORT, -ONE_CONTRACT)):
            yield _Portfolio(kind, category, ((first.event, first.legs[0], qty),))
        within = next((found for found in events if len(found.legs) > 1), None)
        if within is not None:
            bought, sold = within.legs[:2]
            holdings = ((within.event, bought, ONE_CONTRACT), (within.event, sold, -ONE_CONTRACT))
            yield _Portfolio(EVENT, category, holdings)
        ladder = next((found for found in events if _is_ladder(market, found.event)), None)
        if ladder is not None:
            legs = np.flatnonzero(market.priced[ladder.event] & ~market.settled[ladder.event])
            holdings = tuple((ladder.event, leg, ONE_CONTRACT) for leg in legs.tolist())
            yield _Portfolio(LADDERS, category, holdings)
        sector = tuple((found.event, found.legs[0], ONE_CONTRACT) for found in events)
        yield _Portfolio(SECTOR, category, sector)


def _is_ladder(market: Market, event: int) -> bool:
    return market.terms[event].structure in (LADDER, LADDER_BRACKETS)


def _positions(portfolios: list[_Portfolio]) -> Positions:
    rows = [
        (number, event, leg, qty)
        for number, portfolio in enumerate(portfolios)
        for event, leg, qty in portfolio.holdings
    ]
    number, event, leg, qty = np.array(rows, dtype=np.int64).T
    return Positions(number, event, leg, np.ones(len(rows), dtype=bool), qty)


def _book_table(
    market: Market,
    portfolios: list[_Portfolio],
    rows: EventRows,
    found: Margins,
    parameters: dict[int, EventParameters],
    alpha_bps: int,
) -> pyarrow.Table:
    worst_case = centicents_from_micros_up(found.margined.worst_case)
    margin = np.minimum(centicents_from_micros_up(found.margined.core), worst_case)
    value_at_risk = centicents_from_micros_up(found.margined.value_at_risk)
    shortfall = centicents_from_micros_up(found.margined.expected_shortfall)
    records = []
    for number, portfolio in enumerate(portfolios):
        own = rows.account == number
        dominant = int(rows.event[own][np.argmax(rows.worst_case[own])])
        held = [parameters[event] for event, _, _ in portfolio.holdings]
        records.append(
            {
                "portfolio": portfolio.kind,
                "book_id": portfolio.category,
                "liquidation_days": max(each.liquidation_days for each in held),
                "worst_case_centicents": int(worst_case[number]),
                "margin_centicents": int(margin[number]),
                "value_at_risk_centicents": int(value_at_risk[number]),
                "expected_shortfall_centicents": int(shortfall[number]),
                "alpha_bps": alpha_bps,
                "one_day_margin_centicents": None,
                "five_day_margin_centicents": None,
                "bucket": bucket_of(int(market.tau_seconds[dominant])),
                "cluster": parameters[dominant].cluster,
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of(BOOKS))


def _contract_table(
    market: Market, portfolios: list[_Portfolio], parameters: dict[int, EventParameters]
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
