"""Headroom by hand: the share of margin and of all resources that a loss takes."""

import numpy as np

from reporting.model.stress.cover import FinancialResources
from reporting.model.stress.events import Outcome, Scenario
from reporting.model.stress.headroom import Headroom, headroom
from reporting.model.stress.results import group_losses

from ..stress_books import event, stress_book, stressed

RESOURCES = FinancialResources(20, np.array([10, 30]), np.zeros(2, dtype=np.int64))


def test_each_share_has_its_own_group():
    """70 of 100 and 30 of 40: 70 % and 75 %. All: 70 / (100 + 10 + 50), 30 / (40 + 30 + 30)."""
    found = headroom(np.array([70, 30]), np.array([100, 40]), RESOURCES)
    assert found == Headroom(1, 7_500, 0, 4_375)


def test_shares_are_rounded_up_and_gains_are_none():
    assert headroom(np.array([-5, 1]), np.array([1, 30_001]), RESOURCES).of_margin_bps == 1
    assert headroom(np.array([-5, 0]), np.array([1, 1]), RESOURCES) == Headroom(None, 0, None, 0)


def test_a_loss_without_margin_is_the_nearest():
    found = headroom(np.array([1, 900]), np.array([0, 1_000]), RESOURCES)
    assert (found.margin_group, found.of_margin_bps) == (0, 10_000_000)


def test_fully_collateralised_books_are_left_out():
    """Both lose 0.5 of 100; only the first is margined. The house nets before it counts."""
    binary = stressed(event("B", "binary", 1), [5000])
    margin = [600_000, 500_000, 9, 9]
    book = stress_book(
        [binary], [[100], [100], [10], [-4]], margin=margin, margined=[True, False, True, True],
        house=[False, False, True, True],
    )  # fmt: skip
    lost = group_losses(book, Scenario("X", "X", "", (Outcome("B", (0,)),)))
    assert lost.margined_loss.tolist() == [500_000 + 30_000]
    assert lost.margined_margin.tolist() == [600_018]
