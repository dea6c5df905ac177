"""Alerts begin beyond their threshold, to the unit."""

import numpy as np

from model.schedules import schedule
from reporting.model.metrics.surveillance import enters_tau0, over, over_share


def _ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_a_share_is_exceeded_and_not_reached():
    """40 % of 10 is 4, of 9 it is 3.6, of nothing nothing."""
    found = over_share(_ints(4, 5, 3, 4, 1, 0, -5), _ints(10, 10, 9, 9, 0, 0, 10), 4_000)
    assert found.index.tolist() == [1, 3, 4]
    assert found.amount.tolist() == [5, 4, 1]
    assert found.threshold.tolist() == [4, 3, 0]


def test_a_share_of_amounts_near_the_end_of_64_bits():
    large = 9 * 10**18
    found = over_share(_ints(large, large // 2), _ints(large, large), 5_000)
    assert found.index.tolist() == [0]
    assert found.threshold.tolist() == [large // 2]


def test_an_amount_of_nothing_never_exceeds():
    assert over(_ints(0, 1, 2), 1).index.tolist() == [2]
    assert over(_ints(0, 1), 0).index.tolist() == [1]
    assert over(_ints(), 0).index.tolist() == []


def test_an_event_enters_tau0_once():
    """tau0 is the liquidation period and then 8 hours: 32 hours of one day, 128 of five."""
    hour = 3_600
    made = schedule(ramp_tau0_seconds=8 * hour, ramp_tau1_seconds=168 * hour)
    days = _ints(1, 1, 1, 5, 1, 1)
    now = _ints(32, 33, 20, 128, 20, 20) * hour
    before = _ints(44, 45, 32, 129, 0, 33) * hour
    # The second is not near yet; the third was near before; the fifth was not known.
    entered = enters_tau0(made, days, now, before)
    assert entered.tolist() == [True, False, False, True, False, True]
