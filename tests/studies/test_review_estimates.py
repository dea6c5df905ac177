"""What the review says of the schedule's parameters."""

from datetime import date

import pytest

from reporting.studies.risk_review.estimates import estimates_section
from reporting.studies.risk_review.parts import Verdict
from reporting.studies.risk_review.window import Window

DAY = date(2026, 5, 4)


def section(**changes):
    row = {
        "business_date": DAY,
        "category": "Economics",
        "parameter": "early resolutions a day",
        "scheduled_ratio": 0.002,
        "estimated_ratio": 0.006,
        "low_ratio": 0.004,
        "high_ratio": 0.009,
        "observations": 40,
        "below_estimate": True,
    }
    return estimates_section(Window(DAY, DAY, {}, {"estimates": [row | changes]}))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.WATCH),
        ({"below_estimate": False}, Verdict.HOLDS),
        ({"observations": 29}, Verdict.UNKNOWN),
    ],
)
def test_a_number_below_the_whole_interval_is_watched(changes, verdict):
    (conclusion,) = section(**changes).conclusions
    assert conclusion.verdict is verdict
    assert "estimated at 0.0060 (0.0040 to 0.0090)" in conclusion.words


def test_without_an_estimate_the_section_says_so():
    empty = estimates_section(Window(DAY, DAY, {}, {"estimates": []}))
    assert empty.conclusions[0].verdict is Verdict.UNKNOWN
