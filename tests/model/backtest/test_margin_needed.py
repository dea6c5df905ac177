"""Margin at the measured quantile of losses, as a share of the margin charged."""

from fractions import Fraction

import numpy as np
import pytest

from reporting.model.backtest.coverage import margin_needed_bps

LEVEL = Fraction(99, 100)


def needed(losses: list[int], margin: int = 1_000, level=LEVEL) -> int | None:
    return margin_needed_bps(np.array(losses), np.full(len(losses), margin), level)


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        # The 99th of 100 by size; the largest does not count.
        ([1_500] + [400] * 99, 4_000),
        ([1_500] * 2 + [400] * 98, 15_000),
        # Rounded up to a per cent.
        ([1_500] + [401] * 99, 4_100),
        ([1_500] + [-400] * 99, 0),
        # Of 101 the 100th: 99.99 rounds up.
        ([1_500] * 2 + [400] * 99, 15_000),
        # 99 observations have no 99 % quantile but their maximum.
        ([400] * 99, None),
        ([], None),
    ],
)
def test_by_nearest_rank(losses, expected) -> None:
    assert needed(losses) == expected


def test_a_loss_against_no_margin_has_no_share() -> None:
    assert needed([1] * 200, margin=0) is None
    assert needed([0] * 200, margin=0) == 0
    assert needed([1] + [0] * 199, margin=0) == 0
