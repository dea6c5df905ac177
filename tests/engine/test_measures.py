"""Checks that hold a number against a bound say both, kept or not, and say the same as the rule.

By hand: for each such rule rows whose number is one unit within its bound, on it and one unit
beyond, beside a row that is far within; then every such rule on the days of a venue.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from support.hand_rows import HandDay, Tables
from support.venues import DAY_1

from reporting.engine.measures import measures_of, with_measures
from reporting.lake import open_lake
from reporting.rulebook import CheckResult, Rule, Status, load_rulebook

pytestmark = pytest.mark.xdist_group("venue-0")

MON = date(2026, 5, 4)
Put = Callable[..., None]
Expected = tuple[float, float, str]
"""Value, bound and subject."""


def _cover_1(put: Put, excess: int) -> Expected:
    rows = (("far", 90_000, 120_000), ("near", 80_000 + excess, 80_000))
    for scenario, cover, prefunded in rows:
        put(
            "stress.cover",
            scenario_id=scenario,
            cover_1_centicents=cover,
            cover_1_prefunded_centicents=prefunded - 500,
            cover_1_assessments_centicents=500,
        )
    return 8 + excess / 10_000, 8, "near"


def _cover_2(put: Put, excess: int) -> Expected:
    rows = (("far", 90_000, 120_000), ("near", 80_000 + excess, 80_000))
    for scenario, cover, prefunded in rows:
        put(
            "stress.cover",
            scenario_id=scenario,
            # More than there is: another rule's matter, and this one's all the same.
            cover_1_centicents=cover,
            cover_1_prefunded_centicents=0,
            cover_1_assessments_centicents=0,
            cover_2_centicents=cover,
            prefunded_centicents=prefunded,
            # Assessments do not count.
            assessments_centicents=500,
        )
    return 8 + excess / 10_000, 8, "near"


def _coverage(put: Put, excess: int) -> Expected:
    model, judged = "model-driven", "open"
    rows = (
        ("accounts", "liquidation period", 1_000, 10 + excess, model, judged),
        # 99.5 % are covered, and at the next close nothing.
        ("event", "liquidation period", 1_000, 5, model, judged),
        ("accounts", "next close", 1_000, 1_000, model, judged),
        # Of 99 observations not one breach is to be expected.
        ("ladder", "liquidation period", 99, 99, model, judged),
        # Books at their worst case test nothing, and neither do too few dates.
        ("long", "liquidation period", 1_000, 1_000, "at worst case", judged),
        ("short", "liquidation period", 1_000, 1_000, model, "no verdict"),
    )
    for portfolio, horizon, observations, breaches, books, verdict in rows:
        put(
            "stress.backtest_results",
            portfolio=portfolio,
            horizon=horizon,
            bucket="all",
            observations=observations,
            breaches=breaches,
            books=books,
            coverage_verdict=verdict,
            required_coverage_bps=9_900,
        )
    return 99 - excess / 10, 99, "accounts/all"


def _liquidity(put: Put, excess: int) -> Expected:
    for failing, left in ((1, 5_000), (2, -excess)):
        put(
            "stress.liquidity",
            currency="USD",
            failing_payers=failing,
            least_left_centicents=left,
            covered=left >= 0,
        )
    return -excess / 10_000, 0, "USD, 2 failing"


def _liquidity_floor(put: Put, excess: int) -> Expected:
    # With two failing the floor is the same and is held against nothing.
    for currency, failing, liquid in (
        ("EUR", 1, 99_999),
        ("USD", 1, 7_000 - excess),
        ("USD", 2, 0),
    ):
        put(
            "stress.liquidity",
            currency=currency,
            failing_payers=failing,
            first_resources_centicents=liquid,
            floor_centicents=7_000,
        )
    return (7_000 - excess) / 10_000, 0.7, "USD"


def _reverse(put: Put, excess: int) -> Expected:
    # Three or fewer are too few: four are enough.
    put(
        "stress.reverse",
        resolutions=4 - excess,
        proven=True,
        at_least=4 - excess,
        least_resolutions=3,
    )
    return 4 - excess, 4, "proven"


def _waterfall(put: Put, excess: int) -> Expected:
    for drill, off in (("d1", 0), ("d2", max(excess, 0))):
        put("stress.drill", drill_id=drill, loss_centicents=900 + off, unallocated_centicents=100)
        for order, used in enumerate((300, 500)):
            put("stress.drill_layers", drill_id=drill, layer_order=order, used_centicents=used)
    return max(excess, 0) / 10_000, 0, "d1" if excess <= 0 else "d2"


def _metric(put: Put, metric: str, kind: str, scope: str, value: int) -> None:
    put("recompute.metrics", metric=metric, scope_kind=kind, scope=scope, value=value)


def _segregation(put: Put, excess: int) -> Expected:
    # The venue as a whole has enough; M2's customers are another matter.
    for kind, scope, owed, held in (
        ("venue", "", 200_000, 900_000),
        ("member", "M1", 100_000, 800_000),
        ("member", "M2", 100_000, 100_000 - excess),
    ):
        _metric(put, "client_liabilities", kind, scope, owed)
        _metric(put, "segregated_assets", kind, scope, held)
    return (100_000 - excess) / 10_000, 10, "M2"


def _utilisation(put: Put, excess: int) -> Expected:
    put("recompute.thresholds", utilisation_bps=9_000)
    _metric(put, "initial_margin", "venue", "", 90_000 + excess)
    _metric(put, "eligible_collateral", "venue", "", 100_000)
    _metric(put, "initial_margin", "member", "M1", 5)
    _metric(put, "eligible_collateral", "member", "M1", 1)
    return (90_000 + excess) / 10_000, 9, "venue"


def _unsecured(put: Put, excess: int) -> Expected:
    put("recompute.thresholds", unsecured_least_centicents=30_000)
    _metric(put, "unsecured_peak", "venue", "", 99_999)
    for account, lost in (("A", 10_000), ("B", 30_000 + excess)):
        _metric(put, "unsecured_peak", "account", account, lost)
    return (30_000 + excess) / 10_000, 3, "B"


def _custodian(put: Put, excess: int) -> Expected:
    put("recompute.thresholds", custodian_share_bps=5_000)
    for kind, name, share in (
        ("custodian", "BANK", 5_000 + excess),
        ("custodian", "OTHER", 4_000),
        ("asset_type", "cash", 9_999),
    ):
        _metric(put, "collateral_share", kind, name, share)
    return (5_000 + excess) / 100, 50, "BANK"


def _dispute(put: Put, excess: int) -> Expected:
    put("recompute.thresholds", dispute_days=5)
    for call, days, disputed, delivered in (
        ("C1", 5 + excess, True, True),
        ("C2", 2, True, True),
        ("C3", 40, True, False),
        ("C4", 40, False, True),
    ):
        put(
            "recompute.call_ages",
            call_id=call,
            days_in_dispute=days,
            in_dispute=disputed,
            delivered=delivered,
            dispute_stage="",
            disputed_since=MON,
            account_id="A",
        )
    return 5 + excess, 5, "C1"


def _leverage(put: Put, excess: int) -> Expected:
    """Whoever has no initial margin has no leverage; a micro counts as a centicent."""
    put("recompute.thresholds", leverage_bps=50_000)
    for account, micros, initial in (
        ("A", 200_000, 1_000),
        ("B", 499_901 + 100 * excess, 1_000),
        ("C", 900_000, 0),
    ):
        put(
            "recompute.account_margin",
            account_id=account,
            margined_worst_case_micros=micros,
            margined_initial_centicents=initial,
        )
        if micros > 50_000 * initial // 100 and initial:
            _exposure(put, "LEVERAGE", account)
    return (5_000 + excess) / 1_000, 5, "B"


def _concentration(put: Put, excess: int) -> Expected:
    """Of 4,000 contracts of K a quarter is 1,000: A holds them in two books. J is too small."""
    put("recompute.thresholds", concentration_share_bps=2_500, concentration_least_qty=400_000)
    for account, ticker, kind, qty in (
        ("A", "K", "margined", 70_000),
        ("A", "K", "fully_collateralised", 30_000 + excess),
        ("B", "K", "margined", 95_000),
        ("C", "K", "margined", 95_000),
        ("D", "K", "margined", 95_000),
        ("E", "K", "margined", 15_000 - excess),
        ("A", "J", "margined", 399_999),
    ):
        put(
            "recompute.positions",
            account_id=account,
            ticker=ticker,
            collateralisation=kind,
            closing_qty=qty,
        )
    if excess > 0:
        _exposure(put, "CONCENTRATION", "A/K")
    return 25 + excess / 4_000, 25, "A/K"


def _exposure(put: Put, kind: str, subject: str) -> None:
    put(
        "recompute.exposures",
        kind=kind,
        subject=subject,
        words="",
        amount_centicents=1,
        threshold_centicents=0,
    )


CASES = {
    "STRESS-COVER-1": _cover_1,
    "STRESS-COVER-2": _cover_2,
    "STRESS-COVERAGE": _coverage,
    "STRESS-LIQUIDITY": _liquidity,
    "STRESS-LIQUIDITY-FLOOR": _liquidity_floor,
    "STRESS-REVERSE": _reverse,
    "STRESS-WATERFALL-CONSERVED": _waterfall,
    "RECOMPUTE-SEGREGATION": _segregation,
    "RECOMPUTE-UTILISATION": _utilisation,
    "RECOMPUTE-UNSECURED": _unsecured,
    "RECOMPUTE-CUSTODIAN-SHARE": _custodian,
    "RECOMPUTE-DISPUTE-OLD": _dispute,
    "RECOMPUTE-LEVERAGE": _leverage,
    "RECOMPUTE-CONCENTRATION": _concentration,
}
# What these find is made by the model from positions: on the venues below, and where the
# alerts are worked out by hand (test_intraday.py).
ALERTS = {f"RECOMPUTE-CYCLE-{kind}" for kind in ("LEVERAGE", "LOSS", "CONCENTRATION")}


def _kept(rule: Rule, value: float, bound: float) -> bool:
    return value >= bound if rule.measure.at_least else value <= bound


def test_every_rule_with_a_number_and_a_bound_is_here():
    assert CASES.keys() | ALERTS == {name for name, r in load_rulebook().items() if r.measure}


@pytest.mark.parametrize("rule_id", CASES)
def test_value_and_bound_are_shown_and_agree_with_the_rule(tables: Tables, rule_id: str):
    """One unit within, on and beyond the bound: the last alone is found, each has its numbers."""
    rule = load_rulebook()[rule_id]
    for days, excess in enumerate((-1, 0, 1)):
        day = MON + timedelta(days=days)

        def put(name: str, day: date = day, **values: object) -> None:
            tables.put(name, day, **values)

        value, bound, subject = CASES[rule_id](put, excess)
        shown = measures_of(HandDay(tables, day), rule.stage, {})[rule_id]
        assert (shown.value, shown.bound) == (
            pytest.approx(value, rel=1e-12),
            pytest.approx(bound, rel=1e-12),
        )
        assert shown.subject == subject
        assert _kept(rule, shown.value, shown.bound) == (excess <= 0)
        assert bool(tables.found(rule_id, day)) == (excess > 0)


def test_a_large_amount_is_not_rounded_to_its_bound(tables: Tables):
    """A centicent beyond 90 billion dollars is beyond."""
    amount = 900_000_000_000_000
    tables.put(
        "stress.cover",
        MON,
        scenario_id="S",
        cover_2_centicents=amount + 1,
        prefunded_centicents=amount,
        assessments_centicents=0,
    )
    rule = load_rulebook()["STRESS-COVER-2"]
    shown = measures_of(HandDay(tables, MON), "stress", {})[rule.id]
    assert not _kept(rule, shown.value, shown.bound)


def test_a_check_that_did_not_run_and_one_without_rows_show_no_number(tables: Tables):
    tables.put(
        "stress.cover",
        MON,
        scenario_id="S",
        cover_1_centicents=1,
        cover_1_prefunded_centicents=1,
        cover_1_assessments_centicents=0,
        cover_2_centicents=2,
        prefunded_centicents=3,
        assessments_centicents=0,
    )
    rules = load_rulebook()
    results = [
        CheckResult(rules["STRESS-COVER-1"], Status.SKIPPED, message="blocked"),
        CheckResult(rules["STRESS-COVER-2"], Status.PASSED),
        CheckResult(rules["STRESS-COVERAGE"], Status.PASSED),
        CheckResult(rules["STRESS-NOT-MADE"], Status.PASSED),
    ]
    numbers = measures_of(HandDay(tables, MON), "stress", {})
    assert numbers.keys() == {"STRESS-COVER-1", "STRESS-COVER-2"}
    shown = with_measures(results, numbers)
    assert [bool(found.measured) for found in shown] == [False, True, False, False]
    assert [found.status for found in shown] == [found.status for found in results]
    assert measures_of(HandDay(tables, MON), "stress", {"stress.cover": 0}) == {}
    # No set of resolutions exhausts the resources, and that is proven: there is no number.
    tables.put("stress.reverse", MON, resolutions=None, proven=True, at_least=9)
    assert measures_of(HandDay(tables, MON), "stress", {}).keys() == numbers.keys()


def test_on_the_days_of_a_venue_each_number_agrees_with_its_rule(finished):
    """Fails when a measure reads other rows than its rule, or another bound."""
    seen = set()
    with open_lake(finished, read_only=True) as lake:
        for day in (DAY_1, DAY_1 + timedelta(days=1)):
            for rule in (rule for rule in load_rulebook().values() if rule.measure):
                values = {"business_date": day}
                found = lake.connection.execute(rule.sql, values).fetchall()
                row = lake.connection.execute(rule.measure.sql, values).fetchone()
                if row is not None:
                    seen.add(rule.id)
                    assert _kept(rule, float(row[0]), float(row[1])) == (not found), rule.id
    # Two dates are too few for a backtest, no market is large enough for a share of it to count,
    # and no search is exhausted.
    not_seen = {"STRESS-COVERAGE", "STRESS-REVERSE", "RECOMPUTE-CONCENTRATION"}
    assert seen >= CASES.keys() - not_seen
