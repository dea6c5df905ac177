"""Rows of market metrics, backtests and comparisons for ``plausible_venue``."""

import random
from datetime import date

from lake_fixture import Lake

MEMBERS = ("M001", "M002", "M003", "M004", "M005", "M006")
CATEGORIES = ("Climate and Weather", "Economics", "Politics")


def fill_metrics(lake: Lake, day: date, rng: random.Random) -> None:
    """Metrics of the date, trends, backtests, procyclicality, sensitivity, peers."""
    _fill_venue(lake, day, rng)
    _fill_scopes(lake, day)
    _fill_trends(lake, day)
    _fill_backtests(lake, day)
    _fill_sensitivity(lake, day)
    _fill_peers(lake, day)
    _fill_exposures(lake, day)


def _metric(lake: Lake, day: date, metric: str, value: int, unit: str, kind="venue", scope=""):
    lake.insert(
        "recompute.metrics",
        business_date=day,
        metric=metric,
        scope_kind=kind,
        scope=scope,
        value=value,
        unit=unit,
    )


def _fill_venue(lake: Lake, day: date, rng: random.Random) -> None:
    for metric, value, unit in (
        ("accounts_open", 60, "count"),
        ("initial_margin", 250_000_000_000, "centicents"),
        ("eligible_collateral", 300_000_000_000 + day.day, "centicents"),
        ("margin_utilisation", 8_333 - 100 * (day.day % 5), "bps"),
        ("leverage", 17_123, "bps"),
        ("margined_leverage", 25_000, "bps"),
        ("accounts_over_collateral", 4, "count"),
        ("unsecured_peak", 1_234_567_890 if day.day == 8 else 0, "centicents"),
        ("open_interest", 1_234_500_000 + 1_000_000 * day.day, "qty"),
        ("money_at_risk", 123_450_000_000_000, "centicents"),
        ("open_interest_growth", 321, "bps"),
        ("average_trade_size", 4_321 + rng.randint(0, 99), "qty"),
        ("margined_share_of_sides", 4_100 + 60 * (day.day % 12), "bps"),
        ("margined_share_of_contracts", 4_600 + 50 * (day.day % 12), "bps"),
        ("margined_share_of_notional", 5_200, "bps"),
        ("calls_issued", 7, "count"),
        ("calls_issued_amount", 98_765_432_100, "centicents"),
        ("calls_met", 5, "count"),
        ("calls_late", 2, "count"),
        ("calls_unmet", 2, "count"),
        ("calls_unmet_amount", 1_000_000_000, "centicents"),
        ("calls_disputed", 3, "count"),
        ("calls_disputed_amount", 3_000_000_000, "centicents"),
        ("oldest_dispute", 9, "days"),
        ("client_liabilities", 210_000_000_000, "centicents"),
        ("segregated_assets", 209_000_000_000, "centicents"),
        ("collateral", 400_000_000_000, "centicents"),
        ("reusable_collateral", 44_000_000_000, "centicents"),
    ):
        _metric(lake, day, metric, value, unit)


def _fill_scopes(lake: Lake, day: date) -> None:
    for origin, share in (("house", 3), ("customer", 7)):
        _metric(lake, day, "accounts_open", 6 * share, "count", "origin", origin)
        for metric in ("initial_margin", "eligible_collateral"):
            _metric(lake, day, metric, share * 25_000_000_000, "centicents", "origin", origin)
        _metric(lake, day, "margin_utilisation", 8_333, "bps", "origin", origin)
        _metric(lake, day, "leverage", 17_000 + share, "bps", "origin", origin)
    for number, member in enumerate(MEMBERS):
        _metric(lake, day, "initial_margin", 1, "centicents", "member", member)
        _metric(
            lake, day, "client_liabilities", 35_000_000_000 - number, "centicents", "member", member
        )
        # M001 has a million dollars less than its customers are owed.
        segregated = 35_000_000_000 - number - (10_000_000_000 if number == 0 else 0)
        _metric(lake, day, "segregated_assets", segregated, "centicents", "member", member)
    for number in range(12):
        _metric(
            lake, day, "unsecured_peak", 100_000_000 * (number + 1), "centicents", "account",
            f"A{number:05d}",
        )  # fmt: skip
    for cycle, amount in (("06:00", 0), ("12:00", 500_000_000), ("EOD", 1_234_567_890)):
        _metric(lake, day, "unsecured_exposure", amount, "centicents", "cycle", cycle)
        _metric(lake, day, "unsecured_accounts", amount // 100_000_000, "count", "cycle", cycle)
    for measure in ("positions by account", "margin by group", "collateral by custodian"):
        for metric, value, unit in (
            ("holders", 40, "count"),
            ("herfindahl", 1_234, "index"),
            ("top_5_share", 5_678, "bps"),
            ("top_10_share", 7_890, "bps"),
        ):
            _metric(lake, day, metric, value, unit, "measure", measure)
    for custodian, share in (("First Custody Bank", 5_123), ("Harbor Trust", 3_000)):
        _metric(lake, day, "collateral_share", share, "bps", "custodian", custodian)
    for category in CATEGORIES:
        _metric(lake, day, "open_interest", 400_000_000, "qty", "category", category)
        _metric(lake, day, "open_interest_growth", -150, "bps", "category", category)
        _metric(lake, day, "money_at_risk", 40_000_000_000_000, "centicents", "category", category)
    for age, count in (("0 to 1", 2), ("6 to 30", 1)):
        _metric(lake, day, "calls_disputed", count, "count", "age", age)
        _metric(lake, day, "calls_disputed_amount", count * 10**9, "centicents", "age", age)


def _trend(lake: Lake, day: date, metric: str, series: str, observations: int, **values) -> None:
    empty = dict.fromkeys(("value", "low", "high", "co_exceedance", "half_on", "projected"))
    lake.insert(
        "recompute.metric_trends",
        business_date=day,
        metric=metric,
        series=series,
        observations=observations,
        **(empty | values),
    )


def _fill_trends(lake: Lake, day: date) -> None:
    _trend(lake, day, "open_interest_growth", "7 days", 2, value=0.105)
    _trend(lake, day, "open_interest_growth", "30 days", 2, value=-0.02)
    line = "margined_share_trend"
    _trend(lake, day, line, "sides", 32, value=4.5, half_on=date(2025, 9, 1), projected=True)
    _trend(lake, day, line, "contracts", 32, value=-0.25, half_on=None, projected=False)
    _trend(lake, day, line, "notional", 32, value=0.0, half_on=date(2025, 3, 1), projected=False)
    _trend(
        lake, day, "average_trade_size_change", "7 days against 28", 32,
        value=0.034, low=-0.012, high=0.081,
    )  # fmt: skip
    for what, rank in (("level", 0.4123), ("move", -0.0512)):
        _trend(
            lake, day, "volatility_dependence", f"VIX {what}", 60, value=rank, co_exceedance=1 / 3
        )


def _fill_backtests(lake: Lake, day: date) -> None:
    """Enough of accounts at their liquidation period; another period, and too few dates of one
    ladder. A tenth of the observations of all books is of books at their worst case."""
    plain = {
        "days": 40,
        "basis": "40 dates, 1,200 observations count as 31 draws",
        "verdict": "open",
        "needed": 3_100,
        "observations": 1_200,
        "breaches": 9,
        "jump_breaches": 6,
        "achieved_coverage": 0.9925,
        "peak": 12_345_678_901,
        "average": 2_345_678_901,
        "kupiec": (0.8, 0.37),
        "binomial": 0.85,
        "zone": "green",
        "z2": 0.21,
        "interval": (0.982, 0.9985),
    }
    bad = plain | {
        "breaches": 30,
        "jump_breaches": 28,
        "achieved_coverage": 0.975,
        "kupiec": (19.4, 0.00001),
        "binomial": 0.0000004,
        "zone": "red",
        "z2": -1.4,
        "verdict": "below",
        "interval": (0.951, 0.9883),
    }
    nothing = {"kupiec": (None, None), "binomial": None, "zone": None, "z2": None, "needed": None}
    nothing["verdict"] = "no verdict"
    few = plain | nothing | {"days": 12, "observations": 12, "breaches": 0, "jump_breaches": 0}
    few["basis"] = "12 of 30 dates, no verdict"
    other = plain | nothing
    other["basis"] = "losses over another period than that of the margin, no verdict"
    for portfolio, horizon, bucket, values in (
        ("accounts", "liquidation period", "all", plain),
        ("accounts", "liquidation period", "<=2", plain | {"observations": 400}),
        ("accounts", "liquidation period", "31-90", bad | {"observations": 800}),
        ("accounts", "next close", "all", other),
        ("ladder", "liquidation period", "all", few),
    ):
        low, high = values["interval"]
        all_books = values | nothing | {"observations": values["observations"] * 10 // 9}
        for books, shown in (("model-driven", values), ("all", all_books)):
            statistic, p_value = shown["kupiec"]
            lake.insert(
                "stress.backtest_results",
                business_date=day,
                portfolio=portfolio,
                horizon=horizon,
                bucket=bucket,
                books=books,
                **{key: shown[key] for key in (
                    "days", "observations", "breaches", "jump_breaches", "achieved_coverage",
                    "zone", "z2",
                )},
                diffusion_breaches=shown["breaches"] - shown["jump_breaches"],
                required_coverage_bps=9_900,
                uncovered_micros=shown["average"] * shown["breaches"],
                average_uncovered_micros=shown["average"],
                peak_uncovered_micros=shown["peak"],
                kupiec_statistic=statistic,
                kupiec_p_value=p_value,
                independence_statistic=None,
                independence_p_value=None,
                conditional_statistic=None,
                conditional_p_value=None,
                binomial_p_value=shown["binomial"],
                lowest_coverage=0.98,
                highest_coverage=0.999,
                clusters=31,
                dated_lowest_coverage=low,
                dated_highest_coverage=high,
                independent_draws=31,
                coverage_verdict=shown["verdict"],
                coverage_basis=shown["basis"],
                margin_needed_bps=shown["needed"],
                clustered_lowest_coverage=low,
                clustered_highest_coverage=high,
                margin_centicents=10**13,
                what_if_observations=1_200 if portfolio == "accounts" else 0,
                one_day_margin_centicents=9 * 10**12 + 1,
                one_day_breaches=44,
                five_day_margin_centicents=2 * 10**13,
                five_day_breaches=3,
            )  # fmt: skip
    for number, category in enumerate(CATEGORIES):
        lake.insert(
            "stress.procyclicality",
            business_date=day,
            category=category,
            liquidation_days=5,
            volatility_ratio=1.1,
            worst_case_centicents=50_000,
            margin_centicents=20_000 + number,
            days=12,
            least_centicents=19_000,
            largest_centicents=21_000 + 2_000 * number,
            peak_to_trough=(21 + 2 * number) / 19,
            growth_1=0.0123,
            increase_1_centicents=246,
            growth_5=0.05,
            increase_5_centicents=1_000,
            growth_30=None,
            increase_30_centicents=None,
        )


def _fill_sensitivity(lake: Lake, day: date) -> None:
    for number, (parameter, value, change) in enumerate(
        (
            ("rho", "0.0", -12_000_000_000),
            ("rho", "1.0", 34_000_000_000),
            ("jump rate", "none", -1_000_000_000),
            ("sigma", "x 1.5", 21_000_000_000),
            ("ramp", "none", -43_000_000_000),
            ("alpha", "99.5 %", 5_000_000_000),
        ),
        start=1,
    ):
        lake.insert(
            "recompute.sensitivity",
            business_date=day,
            variant=number,
            parameter=parameter,
            value=value,
            core_centicents=200_000_000_000 + change,
            initial_margin_centicents=250_000_000_000 + change,
            change_centicents=change,
            accounts_higher=20 if change > 0 else 0,
            accounts_lower=20 if change < 0 else 0,
            largest_rise_centicents=max(change, 0),
        )


def _fill_peers(lake: Lake, day: date) -> None:
    for number, kind in enumerate(("margined", "margined", "fully_collateralised")):
        ours, worst = 40_000_000_000_123, 100_000_000_000_000
        scanning, conversion = 55_000_000_000_001, 120_000_000_000_000
        lake.insert(
            "recompute.peer_margin",
            business_date=day,
            account_id=f"A{number:05d}",
            collateralisation=kind,
            initial_margin_micros=ours,
            worst_case_micros=worst,
            scanning_margin_micros=scanning,
            premium_paid_scanning_micros=scanning // 2,
            without_netting_micros=2 * worst,
            conversion_micros=conversion,
            full_sets_micros=10**12,
            scanning_less_initial_micros=scanning - ours,
            scanning_less_worst_case_micros=scanning - worst,
            conversion_less_worst_case_micros=conversion - worst,
        )


def _fill_exposures(lake: Lake, day: date) -> None:
    """22 concentrated positions, so that a table of twenty leaves some out."""
    rows = [("LEVERAGE", "A001", "can lose $9.00 on an initial margin of $1.50")]
    rows += [
        ("CONCENTRATION", f"A{n:03d}/KXFEDDECISION-26JUN-H0", "holds 30.00 of 100.00 contracts")
        for n in range(22)
    ]
    rows.append(("WRONG_WAY", "A002/KXFEDDECISION-26JUN", "can influence the event"))
    for number, (kind, subject, words) in enumerate(rows):
        lake.insert(
            "recompute.exposures",
            business_date=day,
            kind=kind,
            subject=subject,
            account_id=subject.split("/")[0],
            words=words,
            amount_centicents=90_000 + number,
            threshold_centicents=75_000 if kind != "WRONG_WAY" else 0,
        )
