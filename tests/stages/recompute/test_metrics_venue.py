"""Metrics of a simulated venue against plain counting of what it sent and of what was rebuilt."""

import math
from collections import Counter, defaultdict

import pytest
from support import venues

from reporting.lake import open_lake

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.fixture(scope="module")
def lake(finished):
    with open_lake(finished, read_only=True) as opened:
        yield opened


def _rows(lake, table: str, columns: str, day) -> list[tuple]:
    return lake.connection.execute(
        f"SELECT {columns} FROM {table} WHERE business_date = ?", [day]
    ).fetchall()


def _metrics(lake, day) -> dict[tuple[str, str, str], int]:
    rows = _rows(lake, "recompute.metrics", "metric, scope_kind, scope, value", day)
    found = {row[:3]: row[3] for row in rows}
    assert len(found) == len(rows), "a metric and scope has one row"
    return found


@pytest.mark.parametrize("day", venues.DAYS)
def test_metrics_are_what_plain_counting_gives(lake, day):
    found = _metrics(lake, day)
    sides = _rows(lake, "recompute.trade_sides", "collateralisation, ABS(signed_qty)", day)
    on_margin = [qty for how, qty in sides if how == "margined"]
    assert found["margined_share_of_sides", "venue", ""] == 10_000 * len(on_margin) // len(sides)
    contracts = sum(qty for _, qty in sides)
    assert contracts
    assert found["margined_share_of_contracts", "venue", ""] == 10_000 * sum(on_margin) // contracts
    columns = "member_id, initial_margin_centicents, collateral_value_centicents"
    initial, eligible = Counter(), Counter()
    for member, margin, held in _rows(lake, "recompute.account_margin", columns, day):
        initial[member] += margin
        eligible[member] += held
    utilisation = {m: 10_000 * initial[m] // eligible[m] for m in initial}
    assert {k[2]: v for k, v in found.items() if k[:2] == ("margin_utilisation", "member")} == (
        utilisation
    )
    by_custodian = Counter()
    for custodian, value in _rows(lake, "validate.collateral", "custodian, value_centicents", day):
        by_custodian[custodian] += value
    whole = sum(by_custodian.values())
    assert {k[2]: v for k, v in found.items() if k[:2] == ("collateral_share", "custodian")} == {
        name: 10_000 * value // whole for name, value in by_custodian.items()
    }
    net = defaultdict(int)
    for account, ticker, qty in _rows(
        lake, "recompute.positions", "account_id, ticker, closing_qty", day
    ):
        net[account, ticker] += qty
    held = Counter()
    for (account, _), qty in net.items():
        held[account] += abs(qty)
    squares = 10_000 * sum(qty * qty for qty in held.values()) // sum(held.values()) ** 2
    assert found["herfindahl", "measure", "positions by account"] == squares
    # The venue keeps what customers put up apart, and nobody has margin without permission.
    assert found["client_liabilities", "venue", ""] == found["segregated_assets", "venue", ""] > 0
    assert not [key for key in found if key[0] == "unpermitted_positions"]


def test_a_date_opens_with_the_open_interest_that_the_one_before_closed_with(lake):
    first, second = venues.DAYS
    closed = _rows(lake, "recompute.open_interest", "ticker, open_interest_qty", first)
    opened = _rows(lake, "recompute.open_interest", "ticker, opening_interest_qty", second)
    assert {t: q for t, q in closed if q} == {t: q for t, q in opened if q}


def test_the_volatility_of_the_venue_is_that_of_its_marks(lake):
    """The weighted mean in floats, market by market, from marks and open interest."""
    second = venues.DAYS[1]
    weight = dict(_rows(lake, "recompute.open_interest", "ticker, opening_interest_qty", second))
    columns = "ticker, mark_centicents, previous_mark_centicents, mark_source, settled"
    squares, total = 0.0, 0
    for ticker, mark, before, source, settled in _rows(lake, "recompute.marks", columns, second):
        if source == "trade" and before is not None and not settled and weight.get(ticker, 0):
            now, then = (min(max(price / 10_000, 0.005), 0.995) for price in (mark, before))
            move = math.log(now / (1 - now)) - math.log(then / (1 - then))
            squares += weight[ticker] * move * move
            total += weight[ticker]
    ((qty, square),) = _rows(lake, "recompute.venue_days", "weight_qty, mean_square_e12", second)
    assert qty == total > 0
    assert square == pytest.approx(1e12 * squares / total, rel=1e-9, abs=2)
