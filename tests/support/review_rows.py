"""Rows of a review's tables made by hand: what a test does not name is harmless."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from reporting.packs.document.parts import Conclusion, Section
from reporting.studies.risk_review.parts import Verdict
from reporting.studies.risk_review.window import Window, read_window
from support.hand_rows import Tables

FIRST = date(2025, 4, 7)
DOLLAR = 10_000
ALL = frozenset({"land", "validate", "recompute", "stress"})


def at(number: int) -> date:
    """The date so many after the first."""
    return FIRST + timedelta(days=number)


def window_of(
    tables: Tables, dates: int, stages: Mapping[date, frozenset[str]] | None = None
) -> Window:
    """The window of so many dates, all of them through every stage if nothing else is said."""
    stages = stages or {at(number): ALL for number in range(dates)}
    return read_window(tables.connection, stages, FIRST, at(dates - 1))


def said(section: Section, verdict: Verdict) -> list[str]:
    """What a section concludes with a verdict."""
    return [each.words for each in section.conclusions if each.verdict == verdict]


def asked(section: Section) -> list[str]:
    return [each.ask for each in section.conclusions if each.ask]


def verdicts(conclusions: Sequence[Conclusion]) -> list[Verdict]:
    return [each.verdict for each in conclusions]


def cover(
    tables: Tables,
    number: int,
    one: float,
    two: float,
    prefunded: tuple[float, float] = (1100, 1000),
    scenario: str = "S1-a",
    words: str = "an event resolves",
) -> None:
    """Cover of a scenario in dollars; prefunded without one and without two groups."""
    tables.put(
        "stress.cover",
        at(number),
        scenario_id=scenario,
        family=scenario.split("-")[0],
        words=words,
        cover_1_centicents=round(one * DOLLAR),
        cover_1_group="G1",
        cover_1_prefunded_centicents=round(prefunded[0] * DOLLAR),
        cover_2_centicents=round(two * DOLLAR),
        cover_2_groups="G1, G2",
        prefunded_centicents=round(prefunded[1] * DOLLAR),
        covered=two <= prefunded[1],
    )


def reverse(
    tables: Tables, number: int, resolutions: int | None, proven: bool = True, at_least: int = 1
) -> None:
    tables.put(
        "stress.reverse",
        at(number),
        resolutions=resolutions,
        proven=proven,
        at_least=at_least,
        least_resolutions=2,
        excess_centicents=0,
        resources_centicents=1000 * DOLLAR,
        independent_probability=0.01,
        correlated_probability=0.0234567,
        events=20,
        nodes=5,
        node_limit=10,
        version="1",
    )


def liquidity(
    tables: Tables, number: int, payers: int, outflow: float, survived: int = 24, floor: float = 10
) -> None:
    """Outflow against 1,000 dollars of resources."""
    tables.put(
        "stress.liquidity",
        at(number),
        currency="USD",
        failing_payers=payers,
        affiliate_groups="G1",
        scenario_id="S6-1",
        words="stale marks",
        outflow_centicents=round(outflow * DOLLAR),
        resources_centicents=1000 * DOLLAR,
        first_resources_centicents=800 * DOLLAR,
        least_left_centicents=round((1000 - outflow) * DOLLAR),
        hours=24,
        hours_survived=survived,
        covered=outflow <= 1000,
        paid_centicents=0,
        members=2,
        floor_days=number + 1,
        floor_centicents=round(floor * DOLLAR),
    )


def result(tables: Tables, number: int, observations: int, breaches: int, **changes) -> None:
    """A group of the backtest at 99 %."""
    usual = {
        "portfolio": "accounts",
        "horizon": "liquidation period",
        "bucket": "all",
        "days": 30,
        "jump_breaches": 0,
        "diffusion_breaches": breaches,
        "required_coverage_bps": 9_900,
        "achieved_coverage": 1 - breaches / observations,
        "uncovered_micros": 0,
        "average_uncovered_micros": 0,
        "peak_uncovered_micros": 0,
        "binomial_p_value": 0.5,
        "independence_p_value": None,
        "coverage_verdict": "open",
        "coverage_basis": "30 dates",
        "independent_draws": 12,
        "clusters": 12,
        "clustered_lowest_coverage": 0.9,
        "clustered_highest_coverage": 1.0,
        "dated_lowest_coverage": 0.91,
        "dated_highest_coverage": 1.0,
        "what_if_observations": 0,
    }
    for books in ("all", "model-driven"):
        tables.put(
            "stress.backtest_results",
            at(number),
            observations=observations,
            breaches=breaches,
            books=books,
            **usual | changes,
        )


def observation(
    tables: Tables, number: int, margin: float, loss: float, book: str = "A1", **changes
) -> None:
    """A book at its liquidation period, one date, in dollars; worst case ten times the margin."""
    breach = loss > margin
    usual = {
        "portfolio": "accounts",
        "book_date": at(number - 1),
        "horizon_days": 1,
        "at_liquidation": True,
        "worst_case_centicents": round(10 * margin * DOLLAR),
        "cause": "jump" if breach else "",
        "cluster": "E1",
    }
    tables.put(
        "stress.backtest_observations",
        at(number),
        book_id=book,
        margin_centicents=round(margin * DOLLAR),
        loss_micros=round(loss * 1_000_000),
        uncovered_micros=round(max(0.0, loss - margin) * 1_000_000),
        breach=breach,
        **usual | changes,
    )


def metric(
    tables: Tables, number: int, name: str, value: int, kind: str = "venue", scope: str = ""
) -> None:
    tables.put(
        "recompute.metrics",
        at(number),
        metric=name,
        scope_kind=kind,
        scope=scope,
        value=value,
        unit="count",
    )


def thresholds(tables: Tables, number: int) -> None:
    tables.put(
        "recompute.thresholds",
        at(number),
        utilisation_bps=9_000,
        custodian_share_bps=5_000,
        volatility_coverage_bps=2_000,
    )


def trend(tables: Tables, number: int, name: str, series: str, observations: int, **values) -> None:
    tables.put(
        "recompute.metric_trends",
        at(number),
        metric=name,
        series=series,
        observations=observations,
        **values,
    )


def finding(tables: Tables, number: int, rule: str, severity: str, subject: str) -> None:
    stage = rule.split("-")[0].lower()
    tables.put(
        f"{stage}.findings", at(number), rule_id=rule, severity=severity, subject=subject, detail=""
    )
