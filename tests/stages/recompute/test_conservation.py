"""Nothing is created or lost between accounts, and money is whole numbers everywhere.

Checked in the lake of several simulated venues, from its rows alone; only the payoffs of
an event come from the model, which has its own tests against hand-made states.
"""

from collections import defaultdict

import numpy as np
import pytest
from support import venues
from support.venues import DAYS

from reporting.engine.day import Day
from reporting.lake import Lake, open_lake
from reporting.model.events.terms import VOID_FAIR, has_listed_states, payoffs
from reporting.model.portfolio.positions import MARGINED
from reporting.model.portfolio.worst_cases import event_books
from reporting.stages.recompute.contracts import Contracts
from reporting.stages.recompute.day_book import read_day_book

SEEDS = venues.seeds(8)

# A probability is a model number; so is how far it misses a mark.
# Probabilities, volatilities and statistics.
FLOATING = {
    (table, column)
    for table, columns in {
        "recompute.state_probabilities": "probability largest_gap_centicents",
        "recompute.volatility_pools": "moving_average stress ten_years",
        "recompute.event_parameters": "rho moving_average_ratio stress_ratio ten_year_ratio"
        " volatility_ratio information gap_information happens_probability by_probability"
        " early_probability",
        "recompute.parameter_estimates": "scheduled_ratio estimated_ratio low_ratio high_ratio",
        "recompute.metric_trends": "value low high co_exceedance",
        "stress.backtest_results": "achieved_coverage kupiec_statistic kupiec_p_value"
        " independence_statistic independence_p_value conditional_statistic conditional_p_value"
        " binomial_p_value lowest_coverage highest_coverage z2 clustered_lowest_coverage"
        " clustered_highest_coverage dated_lowest_coverage dated_highest_coverage",
        "stress.category_moves": "move",
        "stress.procyclicality": "volatility_ratio peak_to_trough growth_1 growth_5 growth_30",
        "stress.reverse": "independent_probability correlated_probability",
        "stress.reverse_resolutions": "probability",
        "stress.search": "severity_sd independent_probability correlated_probability",
        "stress.search_multipliers": "correlated_probability",
    }.items()
    for column in columns.split()
}
WHOLE = ("_centicents", "_micros", "_qty", "_bps")


@pytest.fixture(scope="module", params=SEEDS)
def lake(request, ran_venue):
    with open_lake(ran_venue(request.param), read_only=True) as lake:
        yield lake


def _rows(lake: Lake, sql: str) -> list[tuple]:
    return lake.connection.execute(sql).fetchall()


def test_every_market_is_flat_over_all_accounts(lake):
    """Σ closing, traded, opening and settled quantity over the accounts is 0 in each market of
    each date, and long interest is short interest."""
    sums = _rows(
        lake,
        "SELECT business_date, ticker, sum(opening_qty), sum(traded_qty), sum(settled_qty),"
        " sum(closing_qty), sum(abs(closing_qty)) FROM recompute.positions GROUP BY ALL",
    )
    assert {row[0] for row in sums} == set(DAYS)
    assert [row for row in sums if row[2:6] != (0, 0, 0, 0)] == []
    assert sum(row[6] for row in sums) > 0
    assert _rows(
        lake,
        "SELECT count(*) FROM recompute.open_interest"
        " WHERE open_interest_qty <> short_interest_qty",
    ) == [(0,)]


def test_positions_move_only_by_trades_and_settlements(lake):
    """Closing = opening + traded + settled in each row, and today's opening is the closing of
    the day before."""
    assert _rows(
        lake,
        "SELECT count(*) FROM recompute.positions"
        " WHERE closing_qty <> opening_qty + traded_qty + settled_qty",
    ) == [(0,)]
    key = "account_id, ticker, collateralisation"
    closed, opened = (
        _rows(
            lake,
            f"SELECT {key}, {column} FROM recompute.positions"
            f" WHERE business_date = '{day}' AND {column} <> 0 ORDER BY ALL",
        )
        for day, column in zip(DAYS, ("closing_qty", "opening_qty"), strict=True)
    )
    assert closed == opened


def test_every_trade_has_two_sides_that_cancel(lake):
    """Each trade of the tape appears with two sides of opposite quantity at one price."""
    assert _rows(
        lake,
        "SELECT count(*), sum(n), sum(abs(q)), sum(prices) FROM (SELECT trade_id, count(*) AS n,"
        " sum(signed_qty) AS q, count(DISTINCT price_centicents) AS prices"
        " FROM recompute.trade_sides GROUP BY business_date, trade_id)",
    ) == [
        tuple(
            factor * trades
            for factor in (1, 2, 0, 1)
            for trades in _rows(lake, "SELECT count(*) FROM validate.trades")[0]
        )
    ]


def test_variation_and_ledger_sum_to_zero(lake):
    """Σ variation in micros is 0 in each market of each date, and all postings of a date, fees
    to the venue and rounding included, are 0."""
    variation = _rows(
        lake,
        "SELECT business_date, ticker, sum(variation_micros), sum(abs(variation_micros))"
        " FROM recompute.variation GROUP BY ALL",
    )
    assert [row for row in variation if row[2] != 0] == []
    assert sum(row[3] for row in variation) > 0
    ledger = _rows(
        lake,
        "SELECT business_date, entry_kind IN ('variation', 'rounding'), sum(amount_centicents),"
        " sum(abs(amount_centicents)) FROM recompute.cash_ledger GROUP BY ALL ORDER BY ALL",
    )
    assert len(ledger) == 2 * len(DAYS)
    assert all(row[2] == 0 and row[3] > 0 for row in ledger)


def _losses_at_fair_prices(terms, marks, quantities) -> list[int]:
    """Each book's loss if every contract settles within the band at the price worst for it;
    below every loss where the rules know no fair price."""
    if VOID_FAIR not in terms.voids:
        return [-(10**18)] * len(quantities)
    band = terms.payout if terms.fair_band is None else terms.fair_band
    return [
        sum(
            qty * min(mark, band) if qty > 0 else -qty * min(terms.payout - mark, band)
            for qty, mark in zip(book, marks.tolist(), strict=True)
        )
        for book in quantities.tolist()
    ]


def test_losses_in_every_state_of_every_event_cancel(lake):
    """Over all books Σ loss is 0 in each outcome state of each event, and the largest loss of a
    book, computed here from the marks and payoffs, is its worst case in the lake.

    Fails when a position is lost, when a mark differs between books, or when the stored
    worst case is not the maximum over the states.
    """
    columns = lake.columns()
    states = books = 0
    for business_date in DAYS:
        day = Day(lake, business_date, columns)
        book = read_day_book(day, Contracts(day).terms)
        stored = {
            row[:3]: row[3]
            for row in day.query(
                "SELECT account_id, event_ticker, collateralisation, worst_case_micros"
                " FROM recompute.event_margin WHERE business_date = $business_date"
            ).fetchall()
        }
        total: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(1, dtype=np.int64))
        for event, margined, accounts, quantities in event_books(book.positions, book.market):
            terms, marks = book.market.terms[event], book.market.marks[event]
            if not has_listed_states(terms):
                continue
            pays, _ = payoffs(terms, marks)
            losses = quantities @ (marks[:, np.newaxis] - pays)
            total[event] = total[event] + losses.sum(axis=0)
            name = MARGINED if margined else "fully_collateralised"
            at_fair_prices = _losses_at_fair_prices(terms, marks, quantities)
            for account, loss, fair in zip(accounts.tolist(), losses, at_fair_prices, strict=True):
                key = (book.account_ids[account], book.market.events[event], name)
                assert stored[key] == max(loss.max(), fair), key
                books += 1
        assert total
        assert all((losses == 0).all() for losses in total.values())
        states += sum(len(losses) for losses in total.values())
    assert states > 50
    assert books > 100


def test_money_and_quantities_are_whole_numbers_in_every_table(finished):
    """After landing, where all is text, every column of money, quantity or basis points is a
    64-bit whole number and no column of any table is a binary fraction or a rounded decimal,
    but for the model's probabilities, volatilities and statistics.

    Fails when a table gains a DOUBLE, a DECIMAL, or money of another type.
    """
    with open_lake(finished, read_only=True) as lake:
        columns = lake.columns()
    typed = {
        (table, column): kind
        for table, found in columns.items()
        for column, kind in found.items()
        if not table.startswith("land.")
    }
    floating = {key for key, kind in typed.items() if kind in ("DOUBLE", "FLOAT", "REAL")}
    assert floating == FLOATING
    assert not [key for key, kind in typed.items() if kind.startswith("DECIMAL")]
    money = {key: kind for key, kind in typed.items() if key[1].endswith(WHOLE)}
    assert len(money) > 100
    assert {key: kind for key, kind in money.items() if kind != "BIGINT"}.keys() <= FLOATING
    landed = {
        kind
        for table, found in columns.items()
        if table.startswith("land.")
        and table not in ("land.files", "land.findings", "land.progress")
        for column, kind in found.items()
        if column not in ("business_date", "line")
    }
    assert landed == {"VARCHAR"}
