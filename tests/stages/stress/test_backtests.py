"""Backtest observations, counts and results, worked out by hand over a few days."""

from dataclasses import replace
from datetime import date, timedelta
from math import comb, log

import pytest
from scipy.stats import beta
from support.hand_rows import HandDay, Tables

from reporting.engine.day import keep_beside
from reporting.rulebook.thresholds import thresholds_in_force
from reporting.stages.stress.backtest.observations import horizons, observation_rows
from reporting.stages.stress.backtest.results import result_rows

DAYS = [date(2026, 5, 4) + timedelta(days=n) for n in range(6)]
MON, TUE, WED = DAYS[:3]
TODAY = DAYS[5]
PERIOD = "liquidation period"
POLICY = replace(thresholds_in_force(MON), coverage_bps=9_900, coverage_days=3)


def book(
    tables: Tables, day: date, name: str, margin: int, days: int = 1, **changes: object
) -> None:
    """A watched book; margin in centicents."""
    usual = {
        "portfolio": "accounts",
        "worst_case_centicents": 2 * margin,
        "value_at_risk_centicents": margin,
        "expected_shortfall_centicents": margin,
        "alpha_bps": 9_750,
        "one_day_margin_centicents": margin,
        "five_day_margin_centicents": 2 * margin,
        "decided_by": "es",
        "bucket": 1,
        "cluster": "own",
    }
    tables.put(
        "stress.backtest_books",
        day,
        book_id=name,
        margin_centicents=margin,
        liquidation_days=days,
        **usual | changes,
    )


def held(tables: Tables, day: date, account: str, kind: str = "margined", **qty: int) -> None:
    """Opening positions by contract; contract A1 is of event E-A1."""
    for ticker, opening in qty.items():
        tables.put(
            "recompute.positions",
            day,
            account_id=account,
            ticker=ticker,
            event_ticker=f"E-{ticker}",
            collateralisation=kind,
            opening_qty=opening,
        )


def contract(
    tables: Tables, day: date, name: str, ticker: str, qty: int, at: int, days: int = 1, **changes
) -> None:
    """A contract of a watched book, with its mark at the close."""
    tables.put(
        "stress.backtest_contracts",
        day,
        book_id=name,
        ticker=ticker,
        qty=qty,
        mark_centicents=at,
        liquidation_days=days,
        **{"portfolio": "accounts", "event_ticker": f"E-{ticker}", "cluster": f"C-{ticker}"}
        | changes,
    )


def mark(tables: Tables, day: date, ticker: str, before: int, now: int, settled=None) -> None:
    tables.put(
        "recompute.marks",
        day,
        ticker=ticker,
        previous_mark_centicents=before,
        mark_centicents=now,
        settled=settled is not None,
        settlement_value_centicents=settled,
    )


def parameters(tables: Tables, day: date, **days: int) -> None:
    for ticker, period in days.items():
        tables.put(
            "recompute.event_parameters",
            day,
            event_ticker=f"E-{ticker}",
            draws_name=ticker,
            cluster=f"C-{ticker}",
            liquidation_days=period,
        )


def observed(tables: Tables, today: date, earlier: list[date], periods: list[int]) -> dict:
    rows = observation_rows(HandDay(tables, today), earlier, periods).to_pylist()
    found = {(row["portfolio"], row["book_id"], row["horizon_days"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def losses(row: dict) -> tuple:
    names = ("loss_micros", "diffusion_loss_micros", "jump_loss_micros", "uncovered_micros")
    return (*(row[name] for name in names), row["cause"])


def a_night(tables: Tables) -> None:
    """A falls from 0.60 to 0.50, B is settled at 0 after 0.30. Losses in micros, of A and B:

    W  long 1 A, short 2 B:  100 x 1,000 = 100,000; -200 x 3,000 = -600,000
    X  short 1 A, long 2 B:  -100,000 and 600,000, with margins of 4,999 and of 5,000 centicents
    Y  long 6 A: 600,000
    """
    for name, margin in (("W", 5_000), ("X1", 4_999), ("X2", 5_000), ("Y", 5_000)):
        book(tables, MON, name, margin)
    held(tables, TUE, "W", A=100, B=-200)
    held(tables, TUE, "X1", A=-100, B=200)
    held(tables, TUE, "X2", A=-100, B=200)
    held(tables, TUE, "Y", A=600)
    # Neither a fully collateralised book nor what was traded since is watched.
    held(tables, TUE, "W", kind="fully_collateralised", B=9_000)
    held(tables, TUE, "Z", kind="fully_collateralised", A=100)
    mark(tables, TUE, "A", 6_000, 5_000)
    mark(tables, TUE, "B", 3_000, 2_000, settled=0)
    parameters(tables, TUE, A=1, B=1)


def test_the_next_close_by_hand(tables: Tables) -> None:
    a_night(tables)
    rows = observed(tables, TUE, [MON], [1])
    assert {key: losses(row) for key, row in rows.items()} == {
        ("accounts", "W", 1): (-500_000, 100_000, -600_000, 0, "covered"),
        # 4,999 centicents are 499,900 micros; without B there is a gain.
        ("accounts", "X1", 1): (500_000, -100_000, 600_000, 100, "jump"),
        # As much as the margin is covered.
        ("accounts", "X2", 1): (500_000, -100_000, 600_000, 0, "covered"),
        ("accounts", "Y", 1): (600_000, 600_000, 0, 100_000, "diffusion"),
    }
    assert [row["breach"] for row in rows.values()] == [False, True, False, True]
    # Value at risk and expected shortfall are the margin, at 97.5 %; X2 is at it, not above:
    # 5,000 / 4,999 = 1.000200040008.. and 6,000 / 5,000, times 40.
    ratios = [row["shortfall_ratio_e9"] for row in rows.values()]
    assert ratios == [0, 40_008_001_600, 0, 48_000_000_000]
    assert all(row["at_liquidation"] and row["book_date"] == MON for row in rows.values())
    assert {row["bucket"] for row in rows.values()} == {"3-7"}
    # W lost most with A, X with B.
    clusters = [row["cluster"] for row in rows.values()]
    assert clusters == ["C-A", "C-B", "C-B", "C-A"]


def test_a_book_of_an_older_lake_has_no_ratio(tables: Tables) -> None:
    """It does not tell at which level its expected shortfall was taken."""
    a_night(tables)
    tables.connection.execute("UPDATE stress.backtest_books SET alpha_bps = NULL")
    rows = observed(tables, TUE, [MON], [1])
    assert {row["shortfall_ratio_e9"] for row in rows.values()} == {None}


def test_without_a_loss_the_cluster_is_that_of_the_book(tables: Tables) -> None:
    book(tables, MON, "W", 5_000)
    held(tables, TUE, "W", A=-100)
    mark(tables, TUE, "A", 6_000, 5_000)
    parameters(tables, TUE, A=1)
    (row,) = observed(tables, TUE, [MON], [1]).values()
    assert (row["loss_micros"], row["cluster"]) == (-100_000, "own")


def test_a_made_up_book_is_valued_by_its_contracts(tables: Tables) -> None:
    book(tables, MON, "Sports", 1_000, portfolio="short")
    contract(tables, MON, "Sports", "A", -100, 6_000, portfolio="short")
    contract(tables, MON, "Sports", "B", 100, 3_000, portfolio="short")
    mark(tables, TUE, "A", 6_000, 6_500)
    mark(tables, TUE, "B", 3_000, 2_000, settled=2_500)
    (row,) = observed(tables, TUE, [MON], [1]).values()
    # -100 x (6,000 - 6,500) = 50,000; 100 x (3,000 - 2,500) = 50,000.
    assert losses(row) == (100_000, 50_000, 50_000, 0, "covered")


def five_days(tables: Tables, amended: int | None = None) -> None:
    """The book of Monday over five dates; one-day contracts of it over one.

    A, 1 day: 0.60 to 0.55 on Tuesday, later 0.10:                       50,000
    B, 5 days: 0.40 to 0.30 today:                                      100,000
    C, 5 days: 0.50, settled on Thursday at 1, or as amended today:    -500,000
    D, 1 day: 0.20 to 0.25 on Tuesday, settled at 0 on Wednesday:       -50,000
    """
    book(tables, MON, "W", 3_000, days=5)
    book(tables, MON, "V", 3_000)
    contract(tables, MON, "W", "A", 100, 6_000, days=1)
    contract(tables, MON, "W", "B", 100, 4_000, days=5)
    contract(tables, MON, "W", "C", 100, 5_000, days=5)
    contract(tables, MON, "W", "D", 100, 2_000, days=1)
    for ticker, before, now in (("A", 60, 55), ("B", 40, 41), ("C", 50, 50), ("D", 20, 25)):
        mark(tables, TUE, ticker, before * 100, now * 100)
    mark(tables, TODAY, "A", 1_100, 1_000)
    mark(tables, TODAY, "B", 3_500, 3_000)
    tables.put("recompute.settlements", WED, ticker="D", settlement_value_centicents=0)
    tables.put("recompute.settlements", DAYS[3], ticker="C", settlement_value_centicents=10_000)
    if amended is not None:
        tables.put("recompute.settlements", TODAY, ticker="C", settlement_value_centicents=amended)


def test_each_contract_over_its_own_liquidation_period(tables: Tables) -> None:
    five_days(tables)
    rows = observed(tables, TODAY, DAYS[4::-1], [1, 5])
    # V has no contract of five days; its period ended on Tuesday.
    assert list(rows) == [("accounts", "W", 5)]
    row = rows["accounts", "W", 5]
    assert losses(row) == (-400_000, 100_000, -500_000, 0, "covered")
    assert (row["cluster"], row["at_liquidation"], row["book_date"]) == ("C-B", True, MON)


def test_a_settlement_counts_as_it_is_known_today(tables: Tables) -> None:
    five_days(tables, amended=0)
    (row,) = observed(tables, TODAY, DAYS[4::-1], [1, 5]).values()
    # C pays nothing: 500,000 lost by it. 3,000 centicents are 300,000 micros.
    assert losses(row) == (600_000, 100_000, 500_000, 300_000, "jump")
    assert row["cluster"] == "C-C"


def test_a_book_of_five_days_is_also_seen_at_the_next_close(tables: Tables) -> None:
    book(tables, MON, "W", 3_000, days=5)
    book(tables, MON, "Sports", 900, days=5, portfolio="long")
    contract(tables, MON, "Sports", "A", 100, 6_000, days=5, portfolio="long")
    held(tables, TUE, "W", A=100)
    mark(tables, TUE, "A", 6_000, 5_000)
    (row,) = observed(tables, TUE, [MON], [1, 5]).values()
    assert (row["book_id"], row["at_liquidation"], row["loss_micros"]) == ("W", False, 100_000)
    # Its expected shortfall is one of five days.
    assert row["shortfall_ratio_e9"] is None


def test_horizons_need_as_many_dates_as_they_are_long() -> None:
    earlier = DAYS[4::-1]
    assert [each.days for each in horizons(earlier[:4], TODAY, [1, 5])] == [1]
    (one, five) = horizons(earlier, TODAY, [1, 5])
    assert (one.book_date, one.closes) == (DAYS[4], [TODAY])
    assert (five.book_date, five.closes) == (MON, DAYS[1:])


def put_observations(tables: Tables, day: date, cluster: str, *breaches: int, **more) -> None:
    """Observations of one date: for each the loss above a margin of 100 centicents, in micros,
    where there is one, else 0."""
    for number, above in enumerate(breaches):
        usual = {
            "portfolio": "accounts",
            "book_id": str(number),
            "book_date": day,
            "horizon_days": 1,
            "at_liquidation": True,
            "margin_centicents": 100,
            "worst_case_centicents": 1_000,
            "value_at_risk_centicents": 90,
            "expected_shortfall_centicents": 100,
            "alpha_bps": 9_750,
            "one_day_margin_centicents": 80,
            "five_day_margin_centicents": 400,
            "loss_micros": 10_000 + above if above else 8_500,
            "uncovered_micros": above,
            # Of 10,000 micros of expected shortfall, over 2.5 %; 8,500 are below the value at risk.
            "shortfall_ratio_e9": (10_000 + above) * 4_000_000 if above else 0,
            "breach": above > 0,
            "cause": "jump" if above else "covered",
            "bucket": "<=2",
            "cluster": cluster,
        }
        tables.put("stress.backtest_observations", day, **usual | more)


def all_results(tables: Tables, today: date, *days: date, coverage_days=3) -> dict:
    """Results by portfolio, horizon, bucket and books."""
    for day in days:
        tables.make(day, "stress.backtest_counts")
        tables.make(day, "stress.backtest_needs")
    earlier = sorted((day for day in days if day < today), reverse=True)
    policy = replace(POLICY, coverage_days=coverage_days)
    rows = result_rows(HandDay(tables, today), earlier, 7, policy).to_pylist()
    names = ("portfolio", "horizon", "bucket", "books")
    return {tuple(row[name] for name in names): row for row in rows}


def results(tables: Tables, today: date, *days: date, coverage_days=3) -> dict:
    """Results of model-driven books by portfolio, horizon and bucket."""
    found = all_results(tables, today, *days, coverage_days=coverage_days)
    return {key[:3]: row for key, row in found.items() if key[3] == "model-driven"}


def test_counts_and_tests_by_hand(tables: Tables) -> None:
    """120 observations on two clusters, two breaches on one of them: 60 micros and 31."""
    put_observations(tables, MON, "c1", 60, *[0] * 59)
    put_observations(tables, TUE, "c1", 31)
    put_observations(tables, TUE, "c2", *[0] * 59)
    found = results(tables, TUE, MON, TUE)
    assert list(found) == [
        ("accounts", "liquidation period", "<=2"),
        ("accounts", "liquidation period", "all"),
        ("accounts", "next close", "all"),
    ]
    row = found["accounts", "liquidation period", "all"]
    counted = ("days", "observations", "breaches", "jump_breaches", "diffusion_breaches")
    assert [row[name] for name in counted] == [2, 120, 2, 2, 0]
    assert row["achieved_coverage"] == 118 / 120
    # (60 + 31) / 2 = 45.5, half to even.
    amounts = ("uncovered_micros", "average_uncovered_micros", "peak_uncovered_micros")
    assert [row[name] for name in amounts] == [91, 46, 60]
    # Each lost 8,500 micros or more: above 80 centicents, below 400.
    assert (row["one_day_breaches"], row["five_day_breaches"]) == (120, 0)
    margins = ("margin_centicents", "one_day_margin_centicents", "five_day_margin_centicents")
    assert [row[name] for name in margins] == [12_000, 9_600, 48_000]
    # 2 of 30 dates: no verdict, and nothing that looks like one.
    assert (row["coverage_verdict"], row["coverage_basis"]) == (
        "no verdict",
        "2 of 30 dates, no verdict",
    )
    assert [row[name] for name in VERDICTS] == [None] * len(VERDICTS)
    # Two resolutions and two dates are two draws, with 2 / 60 of a breach.
    assert (row["clusters"], row["independent_draws"]) == (2, 2)
    low, high = beta(2 - 1 / 30, 1 + 1 / 30).ppf(0.025), 1 - beta(1 / 30, 3 - 1 / 30).ppf(0.025)
    for kind in ("", "clustered_", "dated_"):
        assert row[f"{kind}lowest_coverage"] == pytest.approx(low)
        assert row[f"{kind}highest_coverage"] == pytest.approx(high)


VERDICTS = [
    "kupiec_statistic",
    "kupiec_p_value",
    "independence_p_value",
    "conditional_p_value",
    "binomial_p_value",
    "zone",
    "z2",
    "margin_needed_bps",
]


def test_tests_from_thirty_dates_on(tables: Tables) -> None:
    """120 dates, one observation each, each on a resolution of its own: two breaches."""
    dates = [MON + timedelta(days=n) for n in range(120)]
    for number, day in enumerate(dates):
        put_observations(tables, day, f"c{number}", {0: 60, 70: 31}.get(number, 0))
    row = results(tables, dates[-1], *dates, coverage_days=250)["accounts", PERIOD, "all"]
    kupiec = 2 * (2 * log(2 / 120 / 0.01) + 118 * log(118 / 120 / 0.99))
    assert row["kupiec_statistic"] == pytest.approx(kupiec)
    at_most_one = 0.99**120 + comb(120, 1) * 0.01 * 0.99**119
    assert row["binomial_p_value"] == pytest.approx(1 - at_most_one)
    assert row["zone"] == "green"
    # Losses of 10,060 and 10,031 micros over 10,000 of expected shortfall; 120 x 2.5 % = 3, though
    # 1 % of the margins may be too low.
    assert row["z2"] == pytest.approx(1 - (1.0060 + 1.0031) / 3)
    assert (row["coverage_verdict"], row["independent_draws"]) == ("open", 120)
    # 99 % of 120 are 118.8: the largest need, 10,060 micros of 10,000, is 101 % rounded up.
    assert row["margin_needed_bps"] == 10_100


def test_dependent_observations_count_as_draws(tables: Tables) -> None:
    """40 dates with six books each, all on four resolutions: 240 observations are four draws."""
    dates = [MON + timedelta(days=n) for n in range(40)]
    for number, day in enumerate(dates):
        put_observations(tables, day, f"c{number // 10}", *[0] * 6)
    row = results(tables, dates[-1], *dates, coverage_days=250)["accounts", PERIOD, "all"]
    assert (row["observations"], row["independent_draws"]) == (240, 4)
    assert row["coverage_basis"] == "40 dates, 240 observations count as 4 draws"
    assert (row["kupiec_statistic"], row["zone"], row["z2"]) == (None, None, None)
    assert row["clustered_lowest_coverage"] == pytest.approx(0.025 ** (1 / 4))
    assert row["dated_lowest_coverage"] == pytest.approx(0.025 ** (1 / 40))
    # 8,500 micros of a margin of 10,000: margin at the measured 99 % quantile is 85 %.
    assert (row["coverage_verdict"], row["margin_needed_bps"]) == ("open", 8_500)


def test_books_at_their_worst_case_are_apart(tables: Tables) -> None:
    """They cannot be breached by an outcome, so they say nothing on the model."""
    dates = [MON + timedelta(days=n) for n in range(30)]
    for number, day in enumerate(dates):
        put_observations(tables, day, f"c{number}", *[0] * 4, worst_case_centicents=100)
        put_observations(tables, day, f"d{number}", 7, book_id="driven")
    found = all_results(tables, dates[-1], *dates, coverage_days=250)
    kinds = ("at worst case", "model-driven", "all")
    full, driven, whole = (found["accounts", PERIOD, "all", books] for books in kinds)
    counted = [(row["observations"], row["breaches"]) for row in (full, driven, whole)]
    assert counted == [(120, 0), (30, 30), (150, 30)]
    assert driven["coverage_verdict"] == "below"
    for row in (full, whole):
        assert row["coverage_verdict"] == "no verdict"
        assert [row[name] for name in VERDICTS] == [None] * len(VERDICTS)
    assert full["coverage_basis"] == "includes margin at the worst case, no verdict on the model"


def test_losses_over_another_period_have_no_verdict(tables: Tables) -> None:
    """A book of five days at the next close."""
    dates = [MON + timedelta(days=n) for n in range(30)]
    for number, day in enumerate(dates):
        put_observations(tables, day, f"c{number}", 0, at_liquidation=False)
    row = results(tables, dates[-1], *dates, coverage_days=250)["accounts", "next close", "all"]
    assert row["coverage_verdict"] == "no verdict"
    assert row["coverage_basis"].startswith("losses over another period")


def test_without_a_ratio_it_is_no_observation_of_expected_shortfall(tables: Tables) -> None:
    for number, ratio in enumerate((None, 0, 7)):
        put_observations(tables, MON, f"c{number}", 5, shortfall_ratio_e9=ratio)
    tables.make(MON, "stress.backtest_counts")
    names = ("shortfall_observations", "z2_sum_e9")
    found = tables.rows("stress.backtest_counts", MON, "horizon", *names)
    assert [row[1:] for row in found if row[0] == PERIOD] == [(0, 0), (1, 0), (1, 7)]


def test_counts_of_an_older_lake_have_no_part_in_z2(tables: Tables) -> None:
    """Their sums know nothing of the level: 120 observations of today alone, 2 breaches."""
    put_observations(tables, MON, "c1", *[7] * 200)
    tables.make(MON, "stress.backtest_counts")
    tables.connection.execute("UPDATE stress.backtest_counts SET z2_sum_e9 = NULL")
    put_observations(tables, TUE, "c1", 60, 31, *[0] * 118)
    tables.make(TUE, "stress.backtest_counts")
    keep = HandDay(tables, TUE)
    keep_beside(keep, "counts_then", keep.earlier_rows("stress.backtest_counts", [MON]))
    rows = keep.read("stress/reads/backtest_counts_by_cluster")
    columns = [column[0] for column in rows.description]
    found = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
    (row,) = (
        each
        for each in found
        if (each["horizon"], each["place"], each["chosen"], each["cluster"])
        == (PERIOD, "all", "all", "c1")
    )
    assert (row["observations"], row["breaches"]) == (320, 202)
    assert (row["shortfall_observations"], row["z2_sum_e9"]) == (120, 80_364_000_000)


@pytest.mark.parametrize("days", [1, 2])
def test_independence_is_between_dates_a_horizon_apart(tables: Tables, days: int) -> None:
    """31 dates with a breach on the first and the last, or each of them twice: 1-0 once, 0-0
    28 times, 0-1 once, two dates apart the same twice. a = 1/29, b = 0, q = 1/30, so that
    for each 2 (28 ln(28/29) + ln(1/29) - 29 ln(29/30) - ln(1/30))."""
    kinds = [1] * days + [0] * (29 * days) + [1] * days
    dates = [MON + timedelta(days=n) for n in range(len(kinds))]
    for number, (day, kind) in enumerate(zip(dates, kinds, strict=True)):
        put_observations(tables, day, f"c{number}", kind, 0, horizon_days=days)
    row = results(tables, dates[-1], *dates, coverage_days=250)["accounts", PERIOD, "all"]
    one = 2 * (28 * log(28 / 29) + log(1 / 29) - 29 * log(29 / 30) - log(1 / 30))
    assert row["independence_statistic"] == pytest.approx(days * one)
    # 31 draws, dates or blocks of two: an expected breach needs 100.
    assert (row["independent_draws"], row["kupiec_statistic"]) == (31, None)


def test_the_window_is_that_of_the_policy(tables: Tables) -> None:
    for day in DAYS[:4]:
        put_observations(tables, day, f"c-{day}", 5, 0)
    found = results(tables, DAYS[3], *DAYS[:4])
    row = found["accounts", "liquidation period", "all"]
    assert (row["days"], row["observations"], row["breaches"]) == (3, 6, 3)


def test_no_breach_has_the_exact_interval_of_its_clusters(tables: Tables) -> None:
    put_observations(tables, MON, "c1", *[0] * 50)
    put_observations(tables, MON, "c2", *[0] * 50)
    row = results(tables, MON, MON)["accounts", "liquidation period", "all"]
    # Two draws without a breach: the chance q of none in both is 2.5 % at q = sqrt(0.025).
    assert row["clustered_lowest_coverage"] == pytest.approx(0.025**0.5)
    assert row["clustered_highest_coverage"] == 1


@pytest.mark.parametrize(
    ("breaches", "observations", "found"),
    [
        (1, 100, []),  # 99 % exactly
        (2, 100, ["accounts/all"]),
        (1, 99, []),  # too few: no breach is to be expected
        (2, 199, ["accounts/all"]),
        (2, 200, []),
    ],
)
def test_the_rule_on_coverage(tables: Tables, breaches: int, observations: int, found) -> None:
    usual = {"portfolio": "accounts", "bucket": "all", "days": 39, "jump_breaches": 0}
    usual |= {"books": "model-driven", "coverage_verdict": "open", "coverage_basis": "39 dates"}
    usual |= {"required_coverage_bps": 9_900, "observations": observations, "breaches": breaches}
    tables.put("stress.backtest_results", MON, horizon="liquidation period", **usual)
    tables.put("stress.backtest_results", MON, horizon="next close", **usual | {"breaches": 50})
    assert [subject for subject, _, _ in tables.found("STRESS-COVERAGE", MON)] == found
