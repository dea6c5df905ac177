"""No trade is lost or invented: file, land, validate, trade sides and positions, per day.

Event dates are taken in runs of three: at the start of the window, and over 8 April 2025,
the day of the volatility shock. Trades run from the day before the first event date to the
end of the last. docs/real-data.md has the figures of the whole window, which takes too long
here.
"""

from collections import Counter
from pathlib import Path

import pytest

from realdata import plain
from realdata.conftest import tape_of
from realdata.house import House
from reporting.simulator.api import simulate_on_tape

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-raw")]

WINDOWS = [
    pytest.param(("2025-03-01", "2025-03-02", "2025-03-03"), id="start"),
    pytest.param(("2025-04-07", "2025-04-08", "2025-04-09"), id="shock"),
]
PER_DAY = {
    "land": "SELECT business_date, count(*), sum(100 * CAST(count AS BIGINT)) FROM land.trades",
    "validate": "SELECT business_date, count(*), sum(count_qty) FROM validate.trades",
    "long": "SELECT business_date, count(*), sum(signed_qty) FROM recompute.trade_sides"
    " WHERE signed_qty > 0",
    "short": "SELECT business_date, count(*), -sum(signed_qty) FROM recompute.trade_sides"
    " WHERE signed_qty < 0",
}


@pytest.fixture(scope="module", params=WINDOWS)
def window(request, kalshi, tmp_path_factory) -> tuple[House, dict, Path]:
    """Some event dates through recompute, an independent count of their JSON, and the JSON."""
    folder = tmp_path_factory.mktemp("raw")
    tape = tape_of(kalshi, folder / "tape", request.param)
    simulate_on_tape(tape, folder / "in", accounts=40, errors=False)
    house = House.over(folder / "in", folder / "home")
    house.run(["land", "validate", "recompute"])
    return house, plain.by_day(plain.raw_trades(tape)), tape


def test_every_day_adds_up(window):
    house, counted, _ = window
    expected = [
        (day, counted[day]["trades"], 100 * counted[day]["contracts"]) for day in sorted(counted)
    ]
    assert len(expected) >= 4
    for name, sql in PER_DAY.items():
        assert house.rows(f"{sql} GROUP BY 1 ORDER BY 1") == expected, name


def test_every_market_adds_up(window):
    """Contracts by market: the tape's against the sides of the trades, over all days."""
    house, _, _ = window
    differing = house.rows(
        "WITH tape AS (SELECT ticker, sum(200 * CAST(count AS BIGINT)) AS qty"
        " FROM land.trades GROUP BY 1), sides AS (SELECT ticker, sum(abs(signed_qty)) AS qty"
        " FROM recompute.trade_sides GROUP BY 1) SELECT ticker, tape.qty, sides.qty"
        " FROM tape FULL JOIN sides USING (ticker) WHERE tape.qty IS DISTINCT FROM sides.qty"
    )
    assert differing == []


def test_positions_carry_every_side(window):
    """Opening, the sides of the day and what settled make the closing position."""
    house, _, _ = window
    sides = (
        "SELECT business_date, account_id, ticker, collateralisation, sum(signed_qty)"
        " FROM recompute.trade_sides GROUP BY ALL HAVING sum(signed_qty) <> 0"
    )
    traded = (
        "SELECT business_date, account_id, ticker, collateralisation, traded_qty"
        " FROM recompute.positions WHERE traded_qty <> 0"
    )
    for left, right in ((sides, traded), (traded, sides)):
        assert house.rows(f"({left}) EXCEPT ({right})") == []
    broken = house.rows(
        "SELECT count(*) FROM recompute.positions"
        " WHERE opening_qty + traded_qty + settled_qty <> closing_qty"
    )
    assert broken == [(0,)]
    carried = house.rows(
        "SELECT count(*) FROM recompute.positions AS today"
        " JOIN recompute.days USING (business_date) FULL JOIN recompute.positions AS before"
        " ON before.business_date = days.previous_business_date"
        " AND (before.account_id, before.ticker, before.collateralisation)"
        " = (today.account_id, today.ticker, today.collateralisation)"
        " WHERE coalesce(today.opening_qty, 0) <> coalesce(before.closing_qty, 0)"
        " AND before.business_date IS DISTINCT FROM (SELECT max(business_date)"
        " FROM recompute.days)"
    )
    assert carried == [(0,)]


def test_positions_sum_to_zero_and_end_flat(window):
    house, _, _ = window
    open_sums = house.rows(
        "SELECT business_date, ticker FROM recompute.positions GROUP BY ALL"
        " HAVING sum(closing_qty) <> 0"
    )
    assert open_sums == []
    last = house.days[-1]
    # every market of these event dates has settled by the last day of the drop folder
    left = house.rows(
        "SELECT count(*) FROM recompute.positions WHERE business_date = ? AND closing_qty <> 0",
        last,
    )
    assert left == [(0,)]


def test_nothing_is_wrong_with_the_window(window):
    """Of the known defects only sweeps lie in these days; a clean venue adds none."""
    house, _, tape = window
    assert house.severities("land") == {}
    alike = Counter(
        tuple(value for name, value in trade.items() if name != "trade_id")
        for trade in plain.raw_trades(tape)
    )
    sweeps = sum(count > 1 for count in alike.values())
    assert sweeps > 0
    assert house.severities("validate") == {"VALIDATE-TRADE-SWEEP": ("INFO", sweeps)}
    assert {severity for severity, _ in house.severities("recompute").values()} <= {"INFO"}
