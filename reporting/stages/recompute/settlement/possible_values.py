"""Events and combinations that settled at values which no outcome explains, and who lost by it.

Belongs here: the rows. The test is in ``model/events/settlement_values``, severity and remediation
in the rulebook. The settlement of the clearing house against the venue's market record is SQL
(``VALIDATE-SETTLEMENT-...``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.events.settlement_values import (
    Payable,
    is_possible,
    payable,
    payable_combination,
)
from reporting.model.events.terms import COMBINATION, EventTerms
from reporting.units import centicents_from_micros_up
from reporting.wording import dollars

EVENT, COMBINED = "EVENT", "COMBINATION"
_NAMED_ACCOUNTS = 3
_READS = """
    recompute.contracts recompute.settlements recompute.marks recompute.positions
    validate.settlement_periods
"""


class _Settled(NamedTuple):
    """A contract with a settlement in force. today: whether it was settled or amended today."""

    ticker: str
    value: int
    mark: int
    today: bool
    file_sha256: str
    line: int | None


@dataclass(frozen=True)
class Break:
    """An event or combination whose settlement no outcome explains.

    tickers and values (int64[n] centicents): of its settled markets, for a combination its legs and
    then itself. miss: centicents by which the nearest mixture of outcomes misses a value. accounts
    and excess (int64 centicents): who lost more than the worst case, the largest loss first.
    """

    kind: str
    terms: EventTerms
    tickers: Sequence[str]
    values: np.ndarray
    miss: float
    file_sha256: str
    line: int | None
    accounts: Sequence[tuple[str, str]]
    excess: Sequence[int]


class SettlementBreaks:
    """The breaks of a date, for the events in which a market was settled or amended on it."""

    def __init__(self, day: Day, terms: Mapping[str, EventTerms]) -> None:
        rows = day.read("recompute/reads/settled_contracts").fetchall()
        self._settled = {row[0]: _Settled(*row) for row in rows}
        suspects = [*self._events(terms), *self._combinations(terms)]
        tickers = sorted({ticker for suspect in suspects for ticker in suspect[2]})
        books = _books(day, tickers) if suspects else {}
        self.breaks = [self._break(books, *suspect) for suspect in suspects]

    def _events(self, terms: Mapping[str, EventTerms]) -> Iterator[tuple]:
        for event in terms.values():
            here = [self._settled.get(leg) for leg in event.legs]
            if event.structure == COMBINATION or not any(leg and leg.today for leg in here):
                continue
            marks = np.array([leg.mark if leg else 0 for leg in here], dtype=np.int64)
            allowed = payable(event, marks, np.array([leg is not None for leg in here]))
            settled = [leg for leg in here if leg is not None]
            values = np.array([leg.value for leg in settled], dtype=np.int64)
            if not is_possible(allowed.miss(values)):
                yield EVENT, event, [leg.ticker for leg in settled], values, allowed

    def _combinations(self, terms: Mapping[str, EventTerms]) -> Iterator[tuple]:
        for event in terms.values():
            itself = self._settled.get(event.legs[0])
            if event.structure != COMBINATION or itself is None:
                continue
            tickers = [leg.market_ticker for leg in event.combination_legs]
            legs = {name: self._settled[name] for name in tickers if name in self._settled}
            if not any(leg.today for leg in (itself, *legs.values())):
                continue
            leg_values = {name: leg.value for name, leg in legs.items()}
            judged = payable_combination(event, itself.mark, itself.value, leg_values)
            if judged is not None and not is_possible(judged[0].miss(judged[1])):
                named = [name for name in tickers if name in legs]
                yield COMBINED, event, [*named, itself.ticker], judged[1], judged[0]

    def _break(
        self,
        books: Mapping[tuple[str, str], Mapping[str, int]],
        kind: str,
        event: EventTerms,
        tickers: Sequence[str],
        values: np.ndarray,
        allowed: Payable,
    ) -> Break:
        holders = [book for book, held in books.items() if held.keys() & set(tickers)]
        quantities = np.array(
            [[books[book].get(ticker, 0) for ticker in tickers] for book in holders], dtype=np.int64
        ).reshape(len(holders), len(tickers))
        excess = centicents_from_micros_up(allowed.excess_losses(values, quantities)).tolist()
        lost = sorted(
            (-amount, book) for book, amount in zip(holders, excess, strict=True) if amount > 0
        )
        source = min(
            (leg.file_sha256, leg.line or 0)
            for leg in (self._settled[ticker] for ticker in tickers)
            if leg.today
        )
        return Break(
            kind,
            event,
            tickers,
            values,
            allowed.miss(values),
            source[0],
            source[1] or None,
            [book for _, book in lost],
            [-amount for amount, _ in lost],
        )


@table(
    "recompute.settlement_breaks",
    grain=(
        "one row per event, and per combination, in which a market was settled or amended that day"
        " and whose settlement values no mixture of its outcomes pays"
    ),
    meaning=(
        "settlements that the terms of an event do not allow: the values, what they pay together,"
        " how far the nearest mixture of outcomes misses one of them, and how many accounts lost"
        " more than their worst case, and how much more; markets still open are left out"
    ),
    reads=_READS,
    columns="""
        kind event_ticker structure words paid_centicents miss_centicents accounts
        excess_loss_centicents file_sha256 line
    """,
)
def break_rows(settlement_breaks: SettlementBreaks) -> pyarrow.Table:
    """The rows of ``recompute.settlement_breaks``, in order of kind and event."""
    records = [
        {
            "kind": found.kind,
            "event_ticker": found.terms.event_ticker,
            "structure": found.terms.structure,
            "words": _words(found),
            "paid_centicents": int(found.values.sum()),
            "miss_centicents": ceil(found.miss),
            "accounts": len(found.accounts),
            "excess_loss_centicents": sum(found.excess),
            "file_sha256": found.file_sha256,
            "line": found.line,
        }
        for found in _in_order(settlement_breaks)
    ]
    return pyarrow.Table.from_pylist(records, schema_of("recompute.settlement_breaks"))


@table(
    "recompute.settlement_losses",
    grain="one row per event or combination of recompute.settlement_breaks, account and book",
    meaning=(
        "accounts that lost more than their worst case in the event, because of settlement values"
        " that no outcome pays"
    ),
    reads=_READS,
    columns="kind event_ticker account_id collateralisation excess_loss_centicents",
    made_with="recompute.settlement_breaks",
)
def loss_rows(settlement_breaks: SettlementBreaks) -> pyarrow.Table:
    """The rows of ``recompute.settlement_losses``, the largest loss of each event first."""
    records = [
        {
            "kind": found.kind,
            "event_ticker": found.terms.event_ticker,
            "account_id": account,
            "collateralisation": book,
            "excess_loss_centicents": amount,
        }
        for found in _in_order(settlement_breaks)
        for (account, book), amount in zip(found.accounts, found.excess, strict=True)
    ]
    return pyarrow.Table.from_pylist(records, schema_of("recompute.settlement_losses"))


def _in_order(settlement_breaks: SettlementBreaks) -> list[Break]:
    return sorted(
        settlement_breaks.breaks, key=lambda found: (found.kind, found.terms.event_ticker)
    )


def _books(day: Day, tickers: Sequence[str]) -> dict[tuple[str, str], dict[str, int]]:
    """Net YES (1e-2) that settlement took out of each book, by ticker; books in order."""
    books: dict[tuple[str, str], dict[str, int]] = {}
    rows = day.read("recompute/reads/settled_quantities", tickers=list(tickers)).fetchall()
    for account, book, ticker, qty in rows:
        books.setdefault((account, book), {})[ticker] = qty
    return books


def _words(found: Break) -> str:
    values = ", ".join(
        f"{ticker} {dollars.exact(value)}"
        for ticker, value in zip(found.tickers, found.values.tolist(), strict=True)
    )
    words = f"settled at {values}: {dollars.exact(int(found.values.sum()))} in all, which"
    words += f" no outcome of its structure ({found.terms.structure}) pays"
    if not found.accounts:
        return f"{words}; no account lost more than its worst case"
    named = ", ".join(
        f"{account} {dollars.exact(amount)}"
        for (account, _), amount in zip(
            found.accounts[:_NAMED_ACCOUNTS], found.excess[:_NAMED_ACCOUNTS], strict=True
        )
    )
    more = len(found.accounts) - _NAMED_ACCOUNTS
    further = f" and {more} more" if more > 0 else ""
    return f"{words}; lost more than their worst case: {named}{further}"
