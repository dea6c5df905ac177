"""Exposures that need attention: leverage, concentration and wrong-way positions.

Belongs here: the exposures of a book and its margin, at an intraday cycle or at the end of the
day, and their words; the rows of ``recompute.exposures``, which are those of the end of the day.
The policy numbers are in ``data_checks/thresholds.yaml``, the arithmetic in
``model/metrics/surveillance``, severity and remediation in the rulebook.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.metrics.surveillance import over, over_share
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.valuation import Valuation
from reporting.model.portfolio.worst_cases import WorstCases
from reporting.rulebook.thresholds import Thresholds, thresholds_in_force
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.recompute.surveillance.alert import ALERT_COLUMNS, Alert, alert_records
from reporting.units import BPS, centicents_from_micros_up, text_from_integer
from reporting.wording import dollars

LEVERAGE, CONCENTRATION, WRONG_WAY = "LEVERAGE", "CONCENTRATION", "WRONG_WAY"
CENTICENTS_PER_HUNDREDTH = 100
"""Payout of 1e-2 contracts: a contract pays one dollar."""


def exposures(book: DayBook, valuation: Valuation, thresholds: Thresholds) -> Iterator[Alert]:
    """The exposures of a book, given the valuation of its positions."""
    yield from _leverage(book, valuation.margins, thresholds.leverage_bps)
    yield from _concentration(book, thresholds)
    yield from _wrong_way(
        book, valuation.portfolio.worst_cases, thresholds.wrong_way_least_centicents
    )


@table(
    "recompute.exposures",
    grain="one row per kind and subject",
    meaning=(
        "exposures that need a person at the end of the day: leverage, concentration and wrong-way"
        " exposure, each with its amount and the threshold that it exceeds"
        " (data_checks/thresholds.yaml), and file and line of the venue's price of its market,"
        " empty if it concerns many"
    ),
    reads="""
        recompute.account_margin recompute.event_margin recompute.positions recompute.thresholds
        validate.accounts validate.market_price_snapshot
    """,
    columns=ALERT_COLUMNS,
)
def exposure_rows(day: Day, book: DayBook, valuation: Valuation) -> pyarrow.Table:
    """The rows of ``recompute.exposures``, in order of kind and subject."""
    alerts = exposures(book, valuation, thresholds_in_force(day.business_date))
    records = alert_records(day, alerts, "recompute/reads/closing_price_sources")
    return pyarrow.Table.from_pylist(records, schema_of("recompute.exposures"))


def _leverage(book: DayBook, margins: Margins, share_bps: int) -> Iterator[Alert]:
    initial = centicents_from_micros_up(margins.margined.initial)
    worst = centicents_from_micros_up(margins.margined.worst_case)
    for account, amount, threshold in over_share(worst, initial, share_bps).rows():
        name = book.account_ids[account]
        words = (
            f"can lose {dollars.exact(amount)} on an initial margin of"
            f" {dollars.exact(int(initial[account]))}"
        )
        yield Alert(LEVERAGE, name, name, words, amount, threshold)


def _concentration(book: DayBook, thresholds: Thresholds) -> Iterator[Alert]:
    """Net positions, both books together, against the open interest of their market."""
    positions, market = book.positions, book.market
    contract = market.first_contract[positions.event] + positions.leg
    contracts = int(market.first_contract[-1])
    pair, pair_of_position = np.unique(
        positions.account * contracts + contract, return_inverse=True
    )
    net = np.zeros(len(pair), dtype=np.int64)
    np.add.at(net, pair_of_position, positions.qty)
    interest = market.open_interest[pair % max(contracts, 1)]
    held = np.where(interest >= thresholds.concentration_least_qty, np.abs(net), 0)
    tickers = [ticker for terms in market.terms for ticker in terms.legs]
    excesses = over_share(held, interest, thresholds.concentration_share_bps)
    for index, qty, threshold in excesses.rows():
        account, ticker = int(pair[index]) // contracts, tickers[int(pair[index]) % contracts]
        name = book.account_ids[account]
        words = (
            f"{'long' if net[index] > 0 else 'short'} {text_from_integer(qty, 2)} of"
            f" {text_from_integer(int(interest[index]), 2)} open contracts,"
            f" {_percent(qty, int(interest[index]))}"
        )
        yield Alert(
            CONCENTRATION,
            f"{name}/{ticker}",
            name,
            words,
            CENTICENTS_PER_HUNDREDTH * qty,
            CENTICENTS_PER_HUNDREDTH * threshold,
            ticker,
        )


def _wrong_way(book: DayBook, rows: WorstCases, min_centicents: int) -> Iterator[Alert]:
    """Worst case of both books of an account in an event that it is linked to."""
    exposed: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(book.market.is_wrong_way(rows.account, rows.event)).tolist():
        pair = int(rows.account[row]), int(rows.event[row])
        exposed[pair] = exposed.get(pair, 0) + int(rows.worst_case[row])
    pairs = sorted(exposed)
    amounts = centicents_from_micros_up(np.array([exposed[p] for p in pairs], dtype=np.int64))
    for index, amount, threshold in over(amounts, min_centicents).rows():
        account, event = pairs[index]
        name = book.account_ids[account]
        words = f"can influence the event and can lose {dollars.exact(amount)} in it"
        subject = f"{name}/{book.market.events[event]}"
        yield Alert(WRONG_WAY, subject, name, words, amount, threshold)


def _percent(part: int, whole: int) -> str:
    """A share in per cent, one decimal, rounded down."""
    return f"{text_from_integer(part * BPS // whole // 10, 1)} %"
