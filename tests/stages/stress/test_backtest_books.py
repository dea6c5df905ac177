"""Books under backtest by hand: what the made-up ones hold, and the margin held against each."""

from datetime import date

import numpy as np
import pytest
from model.schedules import schedule
from support.hand_rows import HandDay, Tables
from support.random_market import DAY, book_without_positions, market_of

from reporting.model.events.terms import BINARY, LADDER, EventTerms
from reporting.model.portfolio.scenario_events import scenario_events
from reporting.model.portfolio.scenario_set import Draws, MarketScenarios, ScenarioSet
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.stress.backtest.books import (
    BOOKS,
    CONTRACTS,
    backtest_book_rows,
    backtest_contract_rows,
    hypothetical_rows,
)

MON = date(2026, 5, 4)

# The tail of 20 scenarios at 90 % is two; half of a resolution is held for a jump.
SCHEDULE = schedule(
    legal_class={"default": "future", "Sports": "swap"},
    alpha_bps=9_000,
    scenarios=20,
    kappa_bps={"default": 5_000},
    core_floor_bps=1_000,
)
EVENTS = {
    "LAD": ("Climate", ("L1", "L2", "L3", "L4"), (7_000, 5_000, 2_000, 0), 40),
    "BIN": ("Climate", ("B",), (4_000,), 40),
    "NEAR": ("Climate", ("N",), (1_000,), 1),
    "SPORT": ("Sports", ("S",), (2_500,), 100),
    "DONE": ("Climate", ("D",), (10_000,), 40),
    "QUIET": ("Climate", ("Q",), (3_000,), 40),
}
VOLUME = {"L2": 900, "L3": 100, "B": 300, "N": 9_000, "S": 50, "D": 99_999, "L4": 0}
# Dollars that a contract loses from its model price, by scenario; none in the others.
FALLS = {
    "L1": {0: 0.3},
    "L2": {0: 0.4, 1: 0.2, 2: -0.3, 3: -0.1},
    "L3": {0: 0.2, 1: 0.1},
    "B": {1: 0.3, 2: 0.1},
    "S": {3: 0.2, 4: -0.4, 5: -0.1},
}


def the_book() -> DayBook:
    """L4 has never traded and D is settled."""
    terms = [
        EventTerms(name, LADDER if len(legs) > 1 else BINARY, "", legs)
        for name, (_, legs, _, _) in EVENTS.items()
    ]
    market = market_of(
        terms,
        [marks for _, _, marks, _ in EVENTS.values()],
        priced=[np.array([leg != "L4" for leg in found.legs]) for found in terms],
        settled=[np.array([leg == "D" for leg in found.legs]) for found in terms],
        tau_seconds=np.array([days * DAY for *_, days in EVENTS.values()]),
        categories=[category for category, *_ in EVENTS.values()],
        series=list(EVENTS),
        resolution_dates=["2026-07-01"] * len(EVENTS),
    )
    return book_without_positions(
        market,
        SCHEDULE,
        MON,
        {
            leg: (event, place)
            for event, found in enumerate(terms)
            for place, leg in enumerate(found.legs)
        },
    )


def scenarios_of(book: DayBook) -> MarketScenarios:
    """The market in the scenarios of ``FALLS``."""
    events = scenario_events(book.market, SCHEDULE)
    row = np.full(book.market.first_contract[-1], -1, dtype=np.int64)
    tickers, names, model_price, prices = [], [], [], []
    for found in events:
        if not found.in_time:
            continue
        terms = book.market.terms[found.event]
        for leg, ticker in enumerate(terms.legs):
            row[book.market.first_contract[found.event] + leg] = len(tickers)
            model = book.market.marks[found.event][leg] / 10_000
            falls = FALLS.get(ticker, {})
            tickers.append(ticker)
            names.append(terms.event_ticker)
            model_price.append(model)
            prices.append([model - falls.get(scenario, 0.0) for scenario in range(20)])
    assert {"L1", "B", "S"} <= set(tickers) and "N" not in tickers
    scenarios = MarketScenarios(book.market, SCHEDULE, events, Draws())
    # The prices of FALLS stand where the drawn ones would be cached.
    vars(scenarios)["prices"] = ScenarioSet(
        tickers, names, row, np.array(model_price), *[np.array(prices)] * 2, frozenset()
    )
    return scenarios


def rows_of(
    tables: Tables, book: DayBook, scenarios: MarketScenarios | None
) -> dict[str, list[dict]]:
    """The rows of both tables by table."""
    day = HandDay(tables, MON)
    hypothetical = hypothetical_rows(day, book, scenarios)
    return {
        BOOKS: backtest_book_rows(day, book, hypothetical).to_pylist(),
        CONTRACTS: backtest_contract_rows(day, hypothetical).to_pylist(),
    }


@pytest.fixture
def made(tables: Tables) -> dict[str, list[dict]]:
    for ticker, volume in VOLUME.items():
        tables.put("recompute.trading_volume", MON, ticker=ticker, volume_qty=volume)
    book = the_book()
    return rows_of(tables, book, scenarios_of(book))


def test_what_the_made_up_books_hold(made) -> None:
    """LAD has traded more than BIN, and L2 most of it, then L3; no other event has two contracts
    that traded. NEAR has no scenario prices and so comes
    last though it traded most. L1 did not trade and is a rung all the same; L4 has no mark. What is
    settled or did not trade is in no book, and neither is a contract of another category."""
    held: dict = {}
    for row in made[CONTRACTS]:
        held.setdefault((row["portfolio"], row["book_id"]), {})[row["ticker"]] = row["qty"]
    assert held == {
        ("long", "Climate"): {"L2": 100},
        ("short", "Climate"): {"L2": -100},
        ("event", "Climate"): {"L2": 100, "L3": -100},
        ("ladder", "Climate"): {"L1": 100, "L2": 100, "L3": 100},
        ("sector", "Climate"): {"L2": 100, "B": 100, "N": 100},
        ("long", "Sports"): {"S": 100},
        ("short", "Sports"): {"S": -100},
        ("sector", "Sports"): {"S": 100},
    }
    facts = {
        row["ticker"]: (
            row["event_ticker"],
            row["mark_centicents"],
            row["liquidation_days"],
            row["cluster"],
        )
        for row in made[CONTRACTS]
    }
    assert facts == {
        "L1": ("LAD", 7_000, 1, "LAD@2026-07-01"),
        "L2": ("LAD", 5_000, 1, "LAD@2026-07-01"),
        "L3": ("LAD", 2_000, 1, "LAD@2026-07-01"),
        "B": ("BIN", 4_000, 1, "BIN@2026-07-01"),
        "N": ("NEAR", 1_000, 1, "NEAR@2026-07-01"),
        "S": ("SPORT", 2_500, 5, "SPORT@2026-07-01"),
    }


@pytest.mark.parametrize(
    ("kind", "category", "worst_case", "value_at_risk", "shortfall", "margin", "decided"),
    [
        # Falls of 0.4 and 0.2 of L2. At 40 days lambda is 3.0902 sqrt(0.025 / 0.975) = 0.4948, so
        # the gap at 0.50 is Phi(0.4948) - 0.5 = 0.1897.
        ("long", "Climate", 5_000, 2_000, 3_000, 3_000, "es"),
        # Rises of 0.3 and 0.1: above the same gap.
        ("short", "Climate", 5_000, 1_000, 2_000, 2_000, "es"),
        # 0.4 - 0.2 and 0.2 - 0.1; none pays, or both do: 0.3.
        ("event", "Climate", 3_000, 1_000, 1_500, 1_500, "es"),
        # 0.3 + 0.4 + 0.2 and 0.2 + 0.1; no rung pays: 0.7 + 0.5 + 0.2. The gap is 0.488 x 1.4 +
        # 0.201 x 0.4 - 0.220 x 0.6 - 0.091 x 1.6 = 0.487.
        ("ladder", "Climate", 14_000, 3_000, 6_000, 6_000, "es"),
        # 0.2 + 0.3 and 0.4, besides 0.10 of N in full collateral.
        ("sector", "Climate", 10_000, 5_000, 5_500, 5_500, "es"),
        # One fall of 0.2. At 100 days and a period of five lambda is 3.0902 sqrt(0.05 / 0.95) =
        # 0.7090; 0.25 is lost with Phi(0.6745 + 0.7090) = 0.9167, else 0.75 is won: 0.16673.
        ("long", "Sports", 2_500, 0, 1_000, 1_668, "jtr"),
        # Rises of 0.4 and 0.1; 0.75 is lost with Phi(-0.6745 + 0.7090) = 0.51375: 0.26375.
        ("short", "Sports", 7_500, 1_000, 2_500, 2_638, "jtr"),
        ("sector", "Sports", 2_500, 0, 1_000, 1_668, "jtr"),
    ],
)
def test_margin_of_the_made_up_books(
    made, kind, category, worst_case, value_at_risk, shortfall, margin, decided
) -> None:
    """Margin: the largest of shortfall, the largest gap of a cluster, and 10 % of all."""
    (row,) = (
        each for each in made[BOOKS] if (each["portfolio"], each["book_id"]) == (kind, category)
    )
    names = ("worst_case", "value_at_risk", "expected_shortfall", "margin")
    found = [row[f"{name}_centicents"] for name in names]
    assert found == [worst_case, value_at_risk, shortfall, margin]
    assert (row["alpha_bps"], row["decided_by"]) == (9_000, decided)
    dominant = "LAD@2026-07-01" if category == "Climate" else "SPORT@2026-07-01"
    days, bucket = (1, 3) if category == "Climate" else (5, 4)
    assert (row["liquidation_days"], row["bucket"], row["cluster"]) == (days, bucket, dominant)
    assert (row["one_day_margin_centicents"], row["five_day_margin_centicents"]) == (None, None)


def put_account(tables: Tables, name: str, **changes: int) -> None:
    """Worst case of 12,345.67 centicents, and 49.01 of fully collateralised positions."""
    usual = {
        "margined_worst_case_micros": 1_234_567,
        "fully_collateralised_worst_case_micros": 4_901,
        "core_centicents": 9_000,
        "value_at_risk_centicents": 700,
        "expected_shortfall_centicents": 800,
        "jump_to_resolution_centicents": 8_950,
    }
    tables.put("recompute.account_margin", MON, account_id=name, **usual | changes)


def put_event(tables: Tables, name: str, days: int, bucket: int, cluster: str) -> None:
    tables.put(
        "recompute.event_parameters",
        MON,
        event_ticker=name,
        draws_name=name,
        liquidation_days=days,
        bucket=bucket,
        cluster=cluster,
    )


def put_held(
    tables: Tables, account: str, event: str, worst_case: int, kind="margined", ramp=(0, 1)
) -> None:
    tables.put(
        "recompute.event_margin",
        MON,
        account_id=account,
        event_ticker=event,
        collateralisation=kind,
        worst_case_micros=worst_case,
        ramp_numerator=ramp[0],
        ramp_denominator=ramp[1],
    )


def test_accounts_by_hand(tables: Tables) -> None:
    """E1 and E2 resolve together and cost 600,000; E3 alone 500,000, but of its bucket is all of
    E2 and E3. Margin is 9,000 less 50 of full collateral, at five days no more than 12,346."""
    for name, days, bucket, cluster in (
        ("E1", 1, 1, "together"),
        ("E2", 1, 2, "together"),
        ("E3", 5, 2, "alone"),
    ):
        put_event(tables, name, days, bucket, cluster)
    for name, cost in (("E1", 400_000), ("E2", 200_000), ("E3", 500_000)):
        put_held(tables, "A", name, cost)
    put_account(tables, "A")
    periods = {"one_day_core_centicents": 400, "five_day_core_centicents": 20_000}
    tables.put("recompute.liquidation_periods", MON, account_id="A", **periods)
    # A core above the worst case, held over one day, without margin at other periods.
    put_held(tables, "B", "E1", 400_000, ramp=(5, 5))
    put_account(tables, "B", core_centicents=20_000)
    # Nothing on margin.
    put_held(tables, "C", "E1", 400_000, kind="fully_collateralised")
    put_account(tables, "C")
    found = rows_of(tables, the_book(), None)[BOOKS]
    usual = {
        "portfolio": "accounts",
        "worst_case_centicents": 12_346,
        "value_at_risk_centicents": 700,
        "expected_shortfall_centicents": 800,
        "alpha_bps": 9_000,
        "cluster": "together",
    }
    assert found == [
        usual
        | {
            "book_id": "A",
            "liquidation_days": 5,
            "margin_centicents": 8_950,
            "one_day_margin_centicents": 350,
            "five_day_margin_centicents": 12_346,
            "decided_by": "jtr",
            "bucket": 2,
        },
        usual
        | {
            "book_id": "B",
            "liquidation_days": 1,
            "margin_centicents": 12_346,
            "one_day_margin_centicents": None,
            "five_day_margin_centicents": None,
            "decided_by": "ramp",
            "bucket": 1,
        },
    ]


def test_contracts_of_accounts_that_are_watched_for_longer(tables: Tables) -> None:
    put_event(tables, "E1", 1, 1, "one")
    put_event(tables, "E5", 5, 1, "five")
    for account, ticker, event, qty, kind in (
        ("A", "T1", "E1", -300, "margined"),
        ("A", "T5", "E5", 200, "margined"),
        ("A", "T5", "E5", 900, "fully_collateralised"),
        ("B", "T1", "E1", 100, "margined"),
    ):
        tables.put(
            "recompute.positions",
            MON,
            account_id=account,
            ticker=ticker,
            event_ticker=event,
            collateralisation=kind,
            closing_qty=qty,
        )
    for ticker, at in (("T1", 6_000), ("T5", 1_500)):
        tables.put("recompute.marks", MON, ticker=ticker, mark_centicents=at)
    found = rows_of(tables, the_book(), None)[CONTRACTS]
    assert [tuple(row.values()) for row in found] == [
        ("accounts", "A", "E1", "T1", -300, 6_000, 1, "one"),
        ("accounts", "A", "E5", "T5", 200, 1_500, 5, "five"),
    ]
