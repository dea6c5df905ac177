"""Headroom: how near a scenario comes to a shortfall, though it may leave none.

Belongs here: losses as shares of margin and of all resources. Source: stress-default-backtest.md,
"Stress tests".
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.stress.cover import FinancialResources
from reporting.units import BPS

_MOST_BPS = 1_000 * BPS
"""A loss against no margin at all counts as this share."""


@dataclass(frozen=True)
class Headroom:
    """The group that a scenario brings nearest to a shortfall, and the one nearest to exhausting
    resources. Shares in basis points, rounded up; above 10,000: the loss is larger.

    margin_group, of_margin_bps: the largest loss as a share of margin, and whose it is;
    resources_group, of_resources_bps: the same for margin, own contribution and the prefunded
    resources without that group. No group where nobody loses.
    """

    margin_group: int | None
    of_margin_bps: int
    resources_group: int | None
    of_resources_bps: int


def headroom(loss: np.ndarray, margin: np.ndarray, resources: FinancialResources) -> Headroom:
    """Headroom of one scenario.

    loss, margin: int64[groups], of the margined books, in the unit of ``resources``. Margin of one
    account does not cover another, so a share below 10,000 can still leave a shortfall.
    """
    lost = [max(0, int(amount)) for amount in loss]
    held = [int(amount) for amount in margin]
    whole = [
        amount + int(resources.fund[g]) + resources.prefunded_without([g])
        for g, amount in enumerate(held)
    ]
    return Headroom(*_largest(lost, held), *_largest(lost, whole))


def _largest(losses: list[int], resources: list[int]) -> tuple[int | None, int]:
    """The group with the largest share, the first of equals, and the share."""
    shares = [
        0 if not loss else _MOST_BPS if not held else min(_MOST_BPS, -(-loss * BPS // held))
        for loss, held in zip(losses, resources, strict=True)
    ]
    top = max(shares, default=0)
    return (shares.index(top), top) if top else (None, 0)
