"""What decided a margin, and whether observations allow a verdict, case by case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.backtest.deciding import decided_by
from reporting.model.backtest.evidence import (
    BELOW,
    MET,
    NO_VERDICT,
    OPEN,
    Evidence,
    basis,
    few_dates,
    verdict_on_coverage,
    why_no_verdict,
)
from reporting.model.errors import ModelError


@pytest.mark.parametrize(
    ("margin", "worst_case", "shortfall", "jump", "ramped", "expected"),
    [
        (50, 100, 50, 40, False, "es"),
        (50, 100, 50, 50, False, "es"),
        (50, 100, 40, 50, False, "jtr"),
        (10, 100, 0, 0, False, "floor"),
        # An expected shortfall above the worst case is cut to it: the model does not decide.
        (100, 100, 120, 40, False, "full"),
        (100, 100, 0, 100, False, "full"),
        (100, 100, 120, 100, True, "ramp"),
        # A ramp does not matter where margin is below the worst case.
        (50, 100, 50, 0, True, "es"),
        (0, 0, 0, 0, False, "full"),
    ],
)
def test_what_decided(margin, worst_case, shortfall, jump, ramped, expected) -> None:
    columns = (np.array([value]) for value in (margin, worst_case, shortfall, jump, ramped))
    assert decided_by(*columns) == [expected]


def test_columns_are_of_one_length() -> None:
    one, two = np.array([1]), np.array([1, 2])
    with pytest.raises(ModelError, match="one of each"):
        decided_by(two, one, one, one, one)


def test_few_dates_in_words() -> None:
    assert few_dates(2) == "2 of 30 dates, no verdict"
    assert few_dates(29, "no interval") == "29 of 30 dates, no interval"
    assert few_dates(30) == ""


def test_the_first_reason_is_named() -> None:
    """Books at their worst case never test the model, however many dates they have."""
    held = Evidence(9, 2, 9, 2, has_other_horizon=True, tests_model=False)
    assert why_no_verdict(held) == basis(held)
    assert why_no_verdict(held).startswith("includes margin at the worst case")
    assert verdict_on_coverage(held, [(1.0, 1.0)], 0.99) == NO_VERDICT


@pytest.mark.parametrize(
    ("by_resolution", "by_date", "expected"),
    [
        ((0.90, 0.98), (0.95, 0.985), BELOW),
        ((0.90, 0.98), (0.95, 0.99), OPEN),
        ((0.99, 1.0), (0.992, 1.0), MET),
        ((0.99, 1.0), (0.98, 1.0), OPEN),
    ],
)
def test_both_intervals_must_agree(by_resolution, by_date, expected) -> None:
    evidence = Evidence(300, 30, 40, 30)
    assert verdict_on_coverage(evidence, [by_resolution, by_date], 0.99) == expected


@given(*[st.integers(1, 500)] * 4)
def test_a_verdict_needs_thirty_dates(observations, dates, clusters, periods) -> None:
    evidence = Evidence(observations, dates, clusters, periods)
    assert bool(why_no_verdict(evidence)) == (dates < 30)
    assert evidence.draws == min(observations, clusters, periods)
