"""Market metrics of a date: each by hand, from rows made by hand; and the rules on them.

Tuesday, 5 May 2026. Open interest was 10.00 contracts in K-A and 4.00 in K-B. Then A buys 6.00
YES of K-A at 0.40 from B and 4.00 at 0.60 from C, who pays in full. A and C are customers of M1,
D is one of M2, B is the house of M2.
"""

from datetime import date, datetime

import pytest
from support.hand_rows import HandDay, Tables

from reporting.stages.recompute.surveillance.metrics import threshold_rows

MON, TUE = date(2026, 5, 4), date(2026, 5, 5)
ECONOMICS = "Economics"
RULES = {
    "RECOMPUTE-SEGREGATION": {"M1"},
    "RECOMPUTE-CUSTODIAN-SHARE": {"BANK"},
    "RECOMPUTE-UTILISATION": set(),
    "RECOMPUTE-UNSECURED": {"A", "B", "C", "D"},
    "RECOMPUTE-PERMISSION": {"B"},
}

pytestmark = pytest.mark.xdist_group("venue-0")


def _utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 5, hour, minute)


def _trading(tables: Tables) -> None:
    for ticker, category in (("K-A", ECONOMICS), ("K-B", "")):
        tables.put(
            "recompute.contracts", TUE, ticker=ticker, event_ticker=ticker, category=category
        )
    for account, ticker, opening, closing, how in (
        ("A", "K-A", 1_000, 2_000, "margined"),
        ("B", "K-A", -1_000, -1_600, "margined"),
        ("C", "K-A", 0, -400, "fully_collateralised"),
        ("A", "K-B", -400, -400, "margined"),
        ("B", "K-B", 400, 400, "margined"),
    ):
        tables.put(
            "recompute.positions",
            TUE,
            account_id=account,
            ticker=ticker,
            collateralisation=how,
            opening_qty=opening,
            closing_qty=closing,
        )
    for trade, qty, price, seller, how in (
        ("t1", 600, 4_000, "B", "margined"),
        ("t2", 400, 6_000, "C", "fully_collateralised"),
    ):
        tables.put("validate.trades", TUE, trade_id=trade, ticker="K-A", count_qty=qty)
        for account, signed, carried in (("A", qty, "margined"), (seller, -qty, how)):
            tables.put(
                "recompute.trade_sides",
                TUE,
                account_id=account,
                collateralisation=carried,
                signed_qty=signed,
                price_centicents=price,
            )
    # K-B did not trade: its mark was carried.
    for ticker, mark, before, source in (
        ("K-A", 6_000, 5_000, "trade"),
        ("K-B", 3_000, 3_000, "carried"),
    ):
        tables.put(
            "recompute.marks",
            TUE,
            ticker=ticker,
            mark_centicents=mark,
            previous_mark_centicents=before,
            mark_source=source,
            settled=False,
        )


def _house(tables: Tables) -> None:
    """Accounts, margin, collateral. B has no permission and D no position."""
    for member, group in (("M1", "G1"), ("M2", "G2")):
        tables.put("validate.members", TUE, member_id=member, affiliate_group=group)
    for account, member, origin, permission in (
        ("A", "M1", "customer", True),
        ("B", "M2", "house", False),
        ("C", "M1", "customer", False),
        ("D", "M2", "customer", True),
    ):
        tables.put(
            "validate.accounts",
            TUE,
            account_id=account,
            member_id=member,
            origin=origin,
            segregation_class=origin,
            margin_permission=permission,
        )
    for account, member, origin, initial, collateral, worst, margined in (
        ("A", "M1", "customer", 6_000, 10_000, 9_000, True),
        ("B", "M2", "house", 5_000, 4_000, 5_000, True),
        ("C", "M1", "customer", 1_000, 2_000, 1_000, False),
    ):
        tables.put(
            "recompute.account_margin",
            TUE,
            account_id=account,
            member_id=member,
            origin=origin,
            initial_margin_centicents=initial,
            collateral_value_centicents=collateral,
            worst_case_centicents=worst,
            margined_initial_centicents=initial if margined else 0,
            margined_worst_case_micros=100 * worst if margined else 0,
        )
    for account, asset, custodian, value, haircut, segregation, reuse in (
        ("A", "cash", "BANK", 6_000, 0, "customer_omnibus", False),
        ("A", "treasury", "SAFE", 5_000, 2_000, "customer_omnibus", True),
        ("B", "cash", "BANK", 4_000, 0, "house", False),
        ("C", "cash", "BANK", 2_000, 0, "house", False),
        ("D", "cash", "BANK", 1_000, 0, "Cleared swaps customer", False),
    ):
        tables.put(
            "validate.collateral",
            TUE,
            account_id=account,
            asset_type=asset,
            custodian=custodian,
            value_centicents=value,
            haircut_bps=haircut,
            segregation=segregation,
            reuse=reuse,
        )


def _cash(tables: Tables) -> None:
    """12:00 and 16:00 New York are 16:00 and 20:00 UTC. B pays 700 for noon at 16:30 UTC. Of
    Monday, A has paid, B owes 1,000, and D paid 1,500 only at 18:00 UTC."""
    for cycle, hour in (("12:00", 16), ("16:00", 20)):
        tables.put("recompute.cycles", TUE, cycle=cycle, cycle_utc=_utc(hour))
    for cycle, account, variation, collateral in (
        ("12:00", "A", 100, 10_000),
        ("12:00", "B", -2_500, 3_000),
        ("16:00", "A", -11_000, 10_000),
        ("16:00", "B", -4_000, 4_000),
    ):
        tables.put(
            "recompute.cycle_margin",
            TUE,
            cycle=cycle,
            account_id=account,
            variation_centicents=variation,
            collateral_value_centicents=collateral,
        )
    for account, kind, amount in (
        ("A", "variation", -2_500),
        ("B", "variation", -4_500),
        ("B", "fees", -9_999),
        ("C", "variation", -5_000),
        # A gain is no exposure.
        ("E", "variation", 50),
    ):
        tables.put(
            "recompute.cash_ledger",
            TUE,
            account_id=account,
            entry_kind=kind,
            amount_centicents=amount,
        )
    for day, cycle, account, variation, net, paid in (
        (MON, "EOD", "A", -2_000, -2_000, _utc(12)),
        (MON, "EOD", "B", -1_000, -1_000, None),
        (MON, "EOD", "D", -1_500, -1_500, _utc(18)),
        (TUE, "12:00", "B", -700, -700, _utc(16, 30)),
        (TUE, "EOD", "A", -2_500, -3_000, None),
        (TUE, "EOD", "C", -5_000, -5_000, None),
        (TUE, "EOD", "D", 0, -400, _utc(23)),
    ):
        tables.put(
            "validate.obligations",
            day,
            cycle=cycle,
            account_id=account,
            variation_centicents=variation,
            net_centicents=net,
            paid_utc=paid,
        )
    tables.put("recompute.days", TUE, previous_business_date=MON)


def _calls(tables: Tables) -> None:
    """Two issued today, one of them met and one cancelled; three in dispute, two not sent again,
    one of which was paid under protest before."""
    for call, first, delivered, state, amount, unmet, late, days in (
        ("c1", TUE, True, "met", 5_000, 0, False, None),
        ("c2", MON, True, "disputed", 3_000, 3_000, True, 3),
        ("c3", TUE, True, "cancelled", 100, 0, False, None),
        ("c4", MON, False, "late", 700, 200, True, 40),
        ("c5", MON, False, "met", 50, 0, False, 1),
    ):
        tables.put(
            "recompute.call_ages",
            TUE,
            call_id=call,
            first_seen=first,
            delivered=delivered,
            state=state,
            amount_centicents=amount,
            unmet_centicents=unmet,
            late=late,
            in_dispute=days is not None,
            days_in_dispute=days,
        )


@pytest.fixture
def made(tables) -> Tables:
    for fill in (_trading, _house, _cash, _calls):
        fill(tables)
    tables.make(TUE, "recompute.open_interest", "recompute.venue_days", "recompute.metrics")
    _thresholds(tables)
    return tables


def _thresholds(tables: Tables) -> None:
    for row in threshold_rows(HandDay(tables, TUE)).to_pylist():
        tables.put("recompute.thresholds", TUE, **row)


def _metric(tables: Tables, name: str) -> dict[tuple[str, str], int]:
    rows = tables.rows("recompute.metrics", TUE, "metric", "scope_kind", "scope", "value")
    return {(kind, scope): value for metric, kind, scope, value in rows if metric == name}


def _venue(tables: Tables, *names: str) -> list[int]:
    return [_metric(tables, name)["venue", ""] for name in names]


def test_open_interest_and_its_growth(made):
    """K-A doubles, K-B stays: 24.00 after 14.00 is 71.42 % more, rounded down."""
    columns = ("ticker", "open_interest_qty", "opening_interest_qty", "growth_bps")
    assert made.rows("recompute.open_interest", TUE, *columns) == [
        ("K-A", 2_000, 1_000, 10_000),
        ("K-B", 400, 400, 0),
    ]
    by_category = {("category", ECONOMICS), ("category", "unknown"), ("venue", "")}
    interest = _metric(made, "open_interest")
    assert interest.keys() == by_category
    assert interest == {
        ("category", ECONOMICS): 2_000,
        ("category", "unknown"): 400,
        ("venue", ""): 2_400,
    }
    assert _metric(made, "money_at_risk") == {key: 100 * qty for key, qty in interest.items()}
    assert _metric(made, "open_interest_growth") == {
        ("category", ECONOMICS): 10_000,
        ("category", "unknown"): 0,
        ("venue", ""): 7_142,
    }


def test_a_market_that_closes_shrinks_by_all_and_a_new_one_has_no_growth(tables):
    for ticker, opening, closing in (("K-OLD", 500, 0), ("K-NEW", 0, 500), ("K-LESS", 300, 199)):
        tables.put("recompute.contracts", TUE, ticker=ticker)
        tables.put(
            "recompute.positions", TUE, ticker=ticker, opening_qty=opening, closing_qty=closing
        )
    tables.make(TUE, "recompute.open_interest")
    # 199 of 300 is 66.33 %, and 33.67 % less, rounded down.
    assert tables.rows("recompute.open_interest", TUE, "ticker", "growth_bps") == [
        ("K-LESS", -3_367),
        ("K-NEW", None),
        ("K-OLD", -10_000),
    ]


def test_the_share_on_margin_counts_each_trade_once_per_side(made):
    """Sides 3 of 4; contracts 6 + 6 + 4 of 20; money 2.40 + 3.60 + 2.40 of 10 dollars, since C
    paid 4.00 x 0.40 for its NO. Two trades of 10.00 in all."""
    assert _venue(
        made,
        "margined_share_of_sides",
        "margined_share_of_contracts",
        "margined_share_of_notional",
        "average_trade_size",
    ) == [7_500, 8_000, 8_400, 500]
    columns = (
        "margined_sides",
        "sides",
        "margined_side_qty",
        "side_qty",
        "margined_notional_micros",
        "notional_micros",
    )
    totals = [(3, 4, 1_600, 2_000, 8_400_000, 10_000_000)]
    assert made.rows("recompute.venue_days", TUE, *columns) == totals


def test_volatility_is_of_markets_that_traded(made):
    """Log-odds of 0.60 less those of 0.50 are ln 1.5 = 0.405465108108; squared 0.164401953893.
    K-B has the weight of 4.00 of 14.00 but a stale mark."""
    columns = ("weighted_markets", "weight_qty", "open_qty", "mean_square_e12")
    assert made.rows("recompute.venue_days", TUE, *columns) == [(1, 1_000, 1_400, 164_401_953_893)]
    assert _venue(made, "volatility_coverage") == [7_142]


def test_volatility_is_weighted_by_the_open_interest_at_the_start(made):
    """K-B as well: log-odds 0.30 to 0.40 are ln(2/3 x 7/3) = ln(14/9) = 0.441832752279; squared
    0.195216180979. (1000 x 0.164401953893 + 400 x 0.195216180979) / 1400 = 0.173206018774."""
    made.connection.execute(
        "UPDATE recompute.marks SET mark_centicents = 4000, mark_source = 'trade'"
        " WHERE ticker = 'K-B'"
    )
    made.make(TUE, "recompute.venue_days")
    ((square,),) = made.rows("recompute.venue_days", TUE, "mean_square_e12")
    assert square == pytest.approx(173_206_018_774, abs=2)


def test_utilisation_and_leverage(made):
    assert _metric(made, "margin_utilisation") == {
        ("venue", ""): 7_500,
        ("origin", "customer"): 5_833,
        ("origin", "house"): 12_500,
        ("member", "M1"): 5_833,
        ("member", "M2"): 12_500,
    }
    assert _metric(made, "leverage") == {
        ("venue", ""): 12_500,
        ("origin", "customer"): 14_285,
        ("origin", "house"): 10_000,
        ("member", "M1"): 14_285,
        ("member", "M2"): 10_000,
    }
    # 0.90 dollars on 0.60 for A; with B 1.40 on 1.10. C has no margined book.
    leverage = _metric(made, "margined_leverage")
    assert leverage["member", "M1"] == 15_000 and leverage["venue", ""] == 12_727
    assert _venue(made, "accounts_open", "accounts_over_collateral") == [3, 1]
    assert _venue(made, "initial_margin", "eligible_collateral") == [12_000, 16_000]


def test_unsecured_exposure(made):
    """B at noon: 2,500 + 1,000 of Monday on 3,000. At 16:00, 700 less, on 4,000; A has lost
    1,000 more than it posted. At the end: B 4,500 + 1,000 - 700 on 4,000, C 5,000 on 2,000.
    D owes 1,500 of Monday on 1,000 until after noon."""
    assert _metric(made, "unsecured_exposure") == {
        ("cycle", "12:00"): 500 + 500,
        ("cycle", "16:00"): 1_000 + 300,
        ("cycle", "EOD"): 800 + 3_000,
    }
    assert list(_metric(made, "unsecured_accounts").values()) == [2, 2, 2]
    assert _metric(made, "unsecured_peak") == {
        ("account", "A"): 1_000,
        ("account", "B"): 800,
        ("account", "C"): 3_000,
        ("account", "D"): 500,
        ("venue", ""): 3_800,
    }


def test_concentration(made):
    """Positions 24.00, 20.00 and 4.00: (576 + 400 + 16) / 48 squared. Groups 28 and 20."""
    assert _metric(made, "herfindahl") == {
        ("measure", "positions by account"): 4_305,
        ("measure", "positions by group"): 5_138,
        ("measure", "margin by account"): 4_305,
        ("measure", "margin by group"): 5_138,
        ("measure", "open interest by market"): 7_222,
        ("measure", "collateral by custodian"): 5_987,
    }
    assert _metric(made, "holders")["measure", "positions by account"] == 3
    assert set(_metric(made, "top_5_share").values()) == {10_000}


def test_positions_are_net_over_both_books(tables):
    """X is long 5.00 on margin and short 5.00 in full: nothing is left. Y and Z hold 2.00 each."""
    for account, how, qty in (
        ("X", "margined", 500),
        ("X", "fully_collateralised", -500),
        ("Y", "margined", -200),
        ("Z", "margined", 200),
    ):
        tables.put(
            "recompute.positions",
            TUE,
            account_id=account,
            ticker="K-A",
            collateralisation=how,
            opening_qty=0,
            closing_qty=qty,
        )
    tables.make(TUE, "recompute.metrics")
    assert _metric(tables, "holders")["measure", "positions by account"] == 2
    assert _metric(tables, "herfindahl")["measure", "positions by account"] == 5_000


def test_the_largest_five_and_ten(tables):
    """Margins of 1 to 12: the five largest are 50 of 78, the ten largest 75."""
    for number in range(1, 13):
        tables.put(
            "recompute.account_margin",
            TUE,
            account_id=f"A{number}",
            member_id="M1",
            origin="house",
            initial_margin_centicents=number,
            collateral_value_centicents=0,
        )
    tables.make(TUE, "recompute.metrics")
    margin = ("measure", "margin by account")
    assert _metric(tables, "top_5_share")[margin] == 6_410
    assert _metric(tables, "top_10_share")[margin] == 9_615
    # 650 / 78 squared.
    assert _metric(tables, "herfindahl")[margin] == 1_068


def test_custody(made):
    shares = _metric(made, "collateral_share")
    assert shares["custodian", "BANK"] == 7_222 and shares["custodian", "SAFE"] == 2_777
    assert shares["asset_type", "treasury"] == 2_777
    assert _metric(made, "collateral")["segregation", "house"] == 6_000
    assert _metric(made, "collateral")["segregation_class", "customer"] == 14_000
    assert _venue(made, "collateral", "collateral_haircut") == [18_000, 1_000]
    assert _metric(made, "reusable_collateral")["custodian", "SAFE"] == 5_000


def test_customers_and_what_is_segregated_for_them(made):
    """A is owed 11,000 less the 3,000 that it has not paid; C owes more than it has, which takes
    nothing off what A is owed. Of A's, 5,000 may be reused; C's lies with the house's."""
    assert _metric(made, "client_liabilities") == {
        ("venue", ""): 9_000,
        ("member", "M1"): 8_000,
        ("member", "M2"): 1_000,
    }
    assert _metric(made, "segregated_assets") == {
        ("venue", ""): 7_000,
        ("member", "M1"): 6_000,
        ("member", "M2"): 1_000,
    }


def test_calls_and_disputes(made):
    assert _venue(
        made,
        "calls_issued",
        "calls_issued_amount",
        "calls_met",
        "calls_late",
        "calls_unmet",
        "calls_unmet_amount",
        "oldest_dispute",
    ) == [2, 5_100, 1, 2, 2, 3_200, 40]
    assert _metric(made, "calls_disputed") == {
        ("venue", ""): 3,
        ("age", "0 to 1"): 1,
        ("age", "2 to 5"): 1,
        ("age", "over 30"): 1,
    }
    assert _metric(made, "calls_disputed_amount")["age", "over 30"] == 700


def test_who_may_use_margin_and_who_does(made):
    assert _venue(
        made, "accounts_listed", "accounts_permitted", "accounts_margined", "accounts_in_full"
    ) == [4, 2, 2, 1]
    # 16.00 in K-A and 4.00 in K-B. C has no permission and pays in full.
    assert _metric(made, "unpermitted_positions") == {("account", "B"): 2_000}


def test_the_rules_find_what_is_wrong_and_nothing_else(made):
    found = {rule: {subject for subject, _, _ in made.found(rule, TUE)} for rule in RULES}
    assert found == RULES


def test_utilisation_above_the_threshold_is_found_also_without_collateral(made):
    """90 % of 16,000 are 14,400: more is found."""
    for initial, subjects in ((8_400, []), (8_401, ["venue"])):
        made.connection.execute(
            "UPDATE recompute.account_margin SET initial_margin_centicents = ?"
            " WHERE account_id = 'A'",
            [initial],
        )
        made.make(TUE, "recompute.metrics")
        assert [row[0] for row in made.found("RECOMPUTE-UTILISATION", TUE)] == subjects
    made.connection.execute("UPDATE recompute.account_margin SET collateral_value_centicents = 0")
    made.make(TUE, "recompute.metrics")
    assert ("venue", "") not in _metric(made, "margin_utilisation")
    assert [row[0] for row in made.found("RECOMPUTE-UTILISATION", TUE)] == ["venue"]


def test_a_date_without_anything_has_counts_of_nothing_and_no_shares(tables):
    tables.make(TUE, "recompute.open_interest", "recompute.venue_days", "recompute.metrics")
    rows = tables.rows("recompute.metrics", TUE, "value", "unit")
    assert {value for value, _ in rows} == {0} and {unit for _, unit in rows} == {
        "count",
        "centicents",
    }
    _thresholds(tables)
    assert all(tables.found(rule, TUE) == [] for rule in RULES)
