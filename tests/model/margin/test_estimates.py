"""Estimates from a history: published values and by hand."""

import numpy as np
import pytest

from reporting.model.margin.estimates import daily_rate, lost_share


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904)],
)
def test_the_poisson_interval_is_the_published_one(events, low, high):
    """Exact 95 % limits of a Poisson count (Garwood, Biometrika 28, 1936)."""
    estimate = daily_rate(events, 1)
    assert (estimate.value, estimate.observations) == (events, events)
    assert estimate.low == pytest.approx(low, abs=1e-4)
    assert estimate.high == pytest.approx(high, abs=1e-4)


def test_a_rate_is_per_event_day():
    estimate = daily_rate(2, 400)
    assert estimate.value == 0.005
    assert estimate.low < 0.005 < estimate.high


def test_the_share_lost_by_hand():
    """30 of 40 and 10 of 10: 40 of 50. One event alone has no spread."""
    estimate = lost_share(np.array([30.0, 10.0]), np.array([40.0, 10.0]))
    assert estimate.value == pytest.approx(0.8)
    assert (estimate.low, estimate.high) == (0.75, 1.0)
    assert lost_share(np.array([3.0]), np.array([4.0]))[:3] == (0.75, 0.75, 0.75)
