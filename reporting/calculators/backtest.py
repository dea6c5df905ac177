"""Calculator ``backtest``: tests of coverage from breach counts.

Uses the functions of the model. Answer and method: docs/calculators.md; meaning, references
and limits: docs/backtests.md.
"""

from dataclasses import asdict
from fractions import Fraction

import numpy as np

from reporting.calculators.errors import CalculatorError, model_errors_named
from reporting.calculators.numbers import decimal_of, exact, whole
from reporting.calculators.schemas import NUMBER, array, described, input_schema, number, record
from reporting.model.backtest.binomial import exact_binomial
from reporting.model.backtest.christoffersen import conditional_coverage, independence
from reporting.model.backtest.durations import durations, weibull_test
from reporting.model.backtest.history import BreachCounts, Transitions, breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures, time_until_first_failure
from reporting.model.backtest.traffic_light import traffic_light

VERSION = "1.0"

_MAX_OBSERVATIONS = 10_000_000
_USUAL_CONFIDENCE = "0.95"
_TRANSITIONS = ("n00", "n01", "n10", "n11")
SCHEMA = input_schema(
    "backtest: tests of coverage from the counts of breaches",
    {
        "coverage": number("share of observations that margin is to cover, for example 0.99"),
        "observations": number("at most 10,000,000"),
        "breaches": number("observations with a loss above margin"),
        "transitions": described(
            record(dict.fromkeys(_TRANSITIONS, NUMBER)),
            "n01: a breach (1) follows a covered observation (0), and so on",
        ),
        "first_breach": number("place of the first breach, the first observation being 1"),
        "breach_days": described(
            array(NUMBER),
            "places of all breaches, ascending; transitions, the first breach"
            " and durations follow from them",
        ),
        "confidence": number(f"{_USUAL_CONFIDENCE} if not given"),
    },
    optional="transitions first_breach breach_days confidence",
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    coverage = exact(document["coverage"], "coverage")
    confidence = Fraction(exact(document.get("confidence", _USUAL_CONFIDENCE), "confidence"))
    with model_errors_named():
        counts = _counts(document)
        days = _series(document["breach_days"], counts) if "breach_days" in document else None
        if days is not None:
            counts = _agreed(counts, breach_counts(days))
        return _answer(counts, days, Fraction(coverage), confidence)


def _counts(document: dict) -> BreachCounts:
    observations = whole(document["observations"], "observations")
    if observations > _MAX_OBSERVATIONS:
        raise CalculatorError("observations", f"must not be above {_MAX_OBSERVATIONS}")
    given = document.get("transitions")
    first = document.get("first_breach")
    return BreachCounts(
        observations=observations,
        breaches=whole(document["breaches"], "breaches"),
        transitions=given
        and Transitions(*(whole(given[name], f"transitions.{name}") for name in _TRANSITIONS)),
        first_breach=None if first is None else whole(first, "first_breach"),
    )


def _series(breach_days: list, counts: BreachCounts) -> np.ndarray:
    """The series of breaches: bool[observations]."""
    if len(breach_days) != counts.breaches:
        raise CalculatorError("breach_days", f"must be {counts.breaches}, one per breach")
    breached, before = np.zeros(counts.observations, dtype=bool), 0
    for i, value in enumerate(breach_days):
        place = whole(value, f"breach_days[{i}]")
        if not before < place <= counts.observations:
            raise CalculatorError(
                f"breach_days[{i}]", f"must lie between {before + 1} and {counts.observations}"
            )
        breached[place - 1], before = True, place
    return breached


def _agreed(given: BreachCounts, counted: BreachCounts) -> BreachCounts:
    """The counts from breach_days; other given counts must agree with them."""
    for field in ("transitions", "first_breach"):
        if getattr(given, field) not in (None, getattr(counted, field)):
            raise CalculatorError(field, "contradicts breach_days")
    return counted


def _answer(
    counts: BreachCounts, days: np.ndarray | None, coverage: Fraction, confidence: Fraction
) -> dict:
    observations, breaches = counts.observations, counts.breaches
    pof = proportion_of_failures(counts, coverage, confidence)
    answer = {
        "observations": observations,
        "breaches": breaches,
        "expected_breaches": decimal_of(observations * (1 - coverage)),
        "achieved_coverage": (observations - breaches) / observations,
        "pof": asdict(pof),
        "tuff": None,
        "independence": None,
        "conditional_coverage": None,
        "duration": None,
    }
    if counts.first_breach is not None:
        tuff = time_until_first_failure(counts.first_breach, coverage, confidence)
        answer["tuff"] = asdict(tuff)
    if counts.transitions is not None:
        answer["independence"] = asdict(independence(counts.transitions, confidence))
        both = conditional_coverage(counts, coverage, confidence)
        answer["conditional_coverage"] = asdict(both)
    weibull = None if days is None else weibull_test(durations(days), confidence)
    if weibull is not None:
        answer["duration"] = {**asdict(weibull.verdict), "shape": weibull.shape}
    binomial = exact_binomial(counts, coverage, confidence)
    light = traffic_light(counts, coverage)
    answer["binomial"] = {
        "cumulative_probability": binomial.statistic,
        "p_value": binomial.p_value,
        "reject": binomial.reject,
    }
    answer["traffic_light"] = {
        "zone": light.zone,
        "yellow_from": light.yellow_from,
        "red_from": light.red_from,
    }
    return answer
