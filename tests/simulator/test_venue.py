"""Form (a): conservation, consistent prices, the shape of the tape, figures that hold."""

import itertools
from collections import Counter, defaultdict
from decimal import Decimal

import numpy as np
import pytest

from reporting.simulator.api import simulate_venue
from reporting.simulator.market.trading import contracts

from . import drop_reader
from .plain_venue import PlainVenue, posted

pytestmark = pytest.mark.slow


def test_trades_are_exactly_as_many_as_asked_for(clean_venue):
    for day, folder in zip(clean_venue.days, drop_reader.days(clean_venue.out), strict=True):
        rows = drop_reader.rows(folder, "trades")
        assert len(rows) == day.trades == 2_000
        assert sum(Decimal(row["count_fp"]) for row in rows) * 100 == day.contracts_qty
        assert len({row["trade_id"] for row in rows}) == 2_000
    assert clean_venue.trades == 10_000


def test_every_figure_agrees_with_the_plain_recompute(clean_venue):
    plain, reported_before, seen = PlainVenue(), Counter(), Counter()
    for folder in drop_reader.days(clean_venue.out):
        plain.day(folder)
        snapshot = {
            (row["account_id"], row["ticker"]): Decimal(row["long"]) - Decimal(row["short"])
            for row in drop_reader.rows(folder, "position_snapshot")
        }
        net = defaultdict(Decimal)
        for (account, ticker, _), qty in plain.positions.items():
            net[account, ticker] += qty
        assert snapshot == net
        margin = plain.margin(folder)
        rows = {row["account_id"]: row for row in drop_reader.rows(folder, "margin_requirements")}
        assert set(rows) == set(margin)
        for account, expected in margin.items():
            row = rows[account]
            assert not expected.faults(row), (folder.name, account, expected)
            seen["core below the worst case"] += int(row["core_centicents"]) < expected.worst
            seen["above what needs no scenarios"] += int(row["core_centicents"]) > expected.least
            seen["core known without scenarios"] += expected.core is not None
            seen["with add-ons"] += int(row["add_ons_centicents"]) > 0
        charged = Counter({a: int(row["initial_margin_centicents"]) for a, row in rows.items()})
        flows = {row["account_id"]: row for row in drop_reader.rows(folder, "obligations")}
        accounts = set(plain.variation) | set(charged) | set(reported_before) | set(flows)
        for account in accounts:
            row = flows.get(account, defaultdict(int))
            assert int(row["variation_centicents"]) == posted(plain.variation[account])
            assert int(row["fees_centicents"]) == -posted(plain.fees[account])
            change = reported_before[account] - charged[account]
            assert int(row["margin_change_centicents"]) == change
            parts = ("variation_centicents", "fees_centicents", "margin_change_centicents")
            assert int(row["net_centicents"]) == sum(int(row[name]) for name in parts)
        assert sum(plain.variation.values()) == 0
        reported_before = charged
    # The comparison would be idle if the core never fell below the worst case.
    assert min(seen.values()) > 20 and len(seen) == 4, seen


def test_positions_of_each_market_sum_to_zero(clean_venue):
    for folder in drop_reader.days(clean_venue.out):
        total = defaultdict(Decimal)
        for row in drop_reader.rows(folder, "position_snapshot"):
            total[row["ticker"]] += Decimal(row["long"]) - Decimal(row["short"])
        assert set(total.values()) == {Decimal(0)}


def test_two_different_accounts_trade(clean_venue):
    for folder in drop_reader.days(clean_venue.out):
        sides = defaultdict(list)
        for row in drop_reader.rows(folder, "trade_audit"):
            sides[row["trade_id"]].append((row["account_id"], row["side"], row["role"]))
        assert set(sides) == {row["trade_id"] for row in drop_reader.rows(folder, "trades")}
        for taker, maker in sides.values():
            assert taker[0] != maker[0] and {taker[1], maker[1]} == {"yes", "no"}
            assert (taker[2], maker[2]) == ("taker", "maker")


def test_only_permitted_accounts_hold_margined_positions(clean_venue):
    folder = drop_reader.days(clean_venue.out)[0]
    allowed = {
        row["account_id"]: row["margin_permission"] == "true"
        for row in drop_reader.rows(folder, "accounts")
    }
    kinds = defaultdict(set)
    for row in drop_reader.rows(folder, "trade_audit"):
        kinds[row["account_id"]].add(row["collateralisation"])
    assert all(found == {"fully_collateralised"} for a, found in kinds.items() if not allowed[a])
    assert any(len(found) == 2 for found in kinds.values())


def test_closing_marks_of_an_event_belong_together(clean_venue):
    markets, events, checked = {}, {}, Counter()
    for folder in drop_reader.days(clean_venue.out):
        markets |= {row["ticker"]: row for row in drop_reader.rows(folder, "markets")}
        events |= {row["event_ticker"]: row for row in drop_reader.rows(folder, "events")}
        marks = defaultdict(dict)
        for row in drop_reader.rows(folder, "market_price_snapshot"):
            mark = Decimal(row["settlement_price"])
            assert Decimal("0.01") <= mark <= Decimal("0.99")
            marks[markets[row["ticker"]]["event_ticker"]][row["ticker"]] = mark
        for event, prices in marks.items():
            checked[_check_marks(events[event], [markets[t] for t in prices], prices)] += 1
    names = (
        "exhaustive",
        "exclusive",
        "ladder",
        "brackets",
        "k_of_n",
        "at_least_k",
        "matrix",
        "binary",
    )
    assert all(checked[name] >= 3 for name in names)


def _check_marks(event: dict, rows: list[dict], prices: dict[str, Decimal]) -> str:
    """Assert what no arbitrage means for the event; returns the name of its structure."""
    values, terms = list(prices.values()), rows[0].get("custom_strike") or {}
    listed = {row["strike_type"] for row in rows if "strike_type" in row}
    if "exactly" in terms:
        assert sum(values) == terms["exactly"]
        return "k_of_n"
    if "at_least" in terms:
        assert terms["at_least"] < sum(values) < len(values)
        return "at_least_k"
    if "payoffs" in terms:
        # Three equations in four unknown probabilities; try the last in half cents.
        payoffs = np.array([row["custom_strike"]["payoffs"] for row in rows], float)
        table = np.vstack([payoffs, np.ones(4)])
        found = np.linalg.solve(table, [*map(float, values), 1.0])
        assert (found > 0.009).all()
        return "matrix"
    if len(rows) == 1:
        return "binary"
    if event["mutually_exclusive"]:
        if listed == {"less", "between", "greater"}:
            assert sum(values) == 1
            return "exhaustive"
        assert sum(values) < 1
        return "exclusive"
    if listed == {"greater"}:
        ordered = [prices[row["ticker"]] for row in sorted(rows, key=_floor)]
        assert all(low > high for low, high in itertools.pairwise(ordered))
        return "ladder"
    less, above, between, far = values
    assert less + above < 1 and between + far < above
    return "brackets"


def _floor(row: dict) -> float:
    return row["floor_strike"]


def test_what_ends_is_voided_amended_and_settled(clean_venue):
    results, revisions = Counter(), []
    for folder in drop_reader.days(clean_venue.out):
        for row in drop_reader.rows(folder, "settlement_periods"):
            results[row["result"]] += 1
            if row["revision"] != "0":
                revisions.append((folder.name, row["ticker"], row["settlement_value"]))
    assert results["yes"] and results["no"]
    # One binary at 50/50, and a four-way event at its last prices.
    assert results["void"] == 5
    ((day, ticker, value),) = revisions
    first = drop_reader.days(clean_venue.out)[1]
    (before,) = [r for r in drop_reader.rows(first, "settlement_periods") if r["ticker"] == ticker]
    assert day == drop_reader.days(clean_venue.out)[2].name
    assert Decimal(before["settlement_value"]) + Decimal(value) == 1


def test_a_combination_pays_only_when_both_legs_hit(tmp_path):
    simulate_venue(tmp_path / "in", days=12, accounts=10, trades=300, seed=2, errors=False)
    legs, paid = {}, {}
    for folder in drop_reader.days(tmp_path / "in"):
        for row in drop_reader.rows(folder, "markets"):
            if "mve_selected_legs" in row:
                legs[row["ticker"]] = [leg["market_ticker"] for leg in row["mve_selected_legs"]]
        for row in drop_reader.rows(folder, "settlement_periods"):
            paid[row["ticker"]] = Decimal(row["settlement_value"])
    done = [ticker for ticker in legs if ticker in paid]
    assert len(done) >= 10
    for ticker in done:
        assert paid[ticker] == min(paid[leg] for leg in legs[ticker])


def test_public_daily_file_agrees_with_the_tape_and_the_book(clean_venue):
    for folder in drop_reader.days(clean_venue.out):
        volume, prices = Counter(), defaultdict(list)
        for row in drop_reader.rows(folder, "trades"):
            volume[row["ticker"]] += Decimal(row["count_fp"])
            prices[row["ticker"]].append(Decimal(row["yes_price_dollars"]) * 100)
        interest = Counter()
        for row in drop_reader.rows(folder, "position_snapshot"):
            interest[row["ticker"]] += Decimal(row["long"])
        rows = drop_reader.rows(folder, "market_data")
        assert set(volume) <= {row["ticker_name"] for row in rows}
        for row in rows:
            ticker = row["ticker_name"]
            assert Decimal(str(row["daily_volume"])) == volume[ticker]
            assert Decimal(str(row["open_interest"])) == interest[ticker]
            if ticker in volume:
                assert (row["low"], row["high"]) == (min(prices[ticker]), max(prices[ticker]))


def test_no_trade_outside_its_markets_hours(clean_venue):
    markets = {}
    for folder in drop_reader.days(clean_venue.out):
        markets |= {row["ticker"]: row for row in drop_reader.rows(folder, "markets")}
        for row in drop_reader.rows(folder, "trades"):
            market = markets[row["ticker"]]
            assert market["open_time"] <= row["created_time"] < market["close_time"]


def test_calls_are_met_in_time_and_raise_the_next_days_collateral(clean_venue):
    called, seen = {}, 0
    for folder in drop_reader.days(clean_venue.out):
        value = Counter()
        for row in drop_reader.rows(folder, "collateral"):
            kept = 10_000 - int(row["haircut_bps"])
            value[row["account_id"]] += int(row["value_centicents"]) * kept // 10_000
        for account, amount in called.items():
            assert value[account] >= amount
        charged = {
            row["account_id"]: int(row["initial_margin_centicents"])
            for row in drop_reader.rows(folder, "margin_requirements")
        }
        rows = drop_reader.rows(folder, "margin_calls")
        short = {a: im - value[a] for a, im in charged.items() if im > value[a]}
        assert {row["account_id"]: int(row["amount_centicents"]) for row in rows} == short
        assert all(row["state"] == "met" and row["met_time"] <= row["due_time"] for row in rows)
        seen += len(rows)
        called = {account: value[account] + amount for account, amount in short.items()}
    assert seen >= 3


def test_contracts_per_trade_have_the_tapes_quantiles():
    # feeds.md: 21 / 152 / 935 / 4,343 at 50 / 90 / 99 / 99.9 %, maximum 96,471.
    drawn = contracts(np.random.default_rng(1), 2_000_000)
    found = np.quantile(drawn, [0.5, 0.9, 0.99, 0.999])
    assert found == pytest.approx([21, 152, 935, 4_343], rel=0.04)
    assert drawn.min() == 1 and drawn.max() <= 96_471


def test_sweeps_and_fractions_occur(clean_venue):
    alike, fractional = Counter(), 0
    for folder in drop_reader.days(clean_venue.out):
        for row in drop_reader.rows(folder, "trades"):
            alike[tuple(value for name, value in row.items() if name != "trade_id")] += 1
            fractional += not row["count_fp"].endswith(".00")
    assert sum(count > 1 for count in alike.values()) > 50
    assert fractional > 100
