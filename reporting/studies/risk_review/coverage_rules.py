"""By which rules a review judges coverage: verdicts of groups, and how much would be enough."""

from collections.abc import Mapping

from reporting.studies.risk_review.parts import NONE, plain
from reporting.studies.risk_review.window import Row
from reporting.units import BPS

REJECTED = 0.05
"""A test rejects below this p-value, as the tests of the backtest do."""
LIQUIDATION = "liquidation period"

Enough = Mapping[str, tuple[int | None, int | None]]
"""By portfolio the least multiples of margin, in hundredths, that would have covered the level and
every loss of the window; None where a book without margin would have to be covered."""


def verdict_of(row: Row) -> str:
    """A group's result in words: ``not enough``, ``covered``, ``below, may be chance``, ``below``.

    Not enough where not even one breach is to be expected. Below the level it may be chance where
    the exact test does not reject, or the interval with one resolution as one draw reaches it.
    """
    if row["zone"] is None:
        return "not enough"
    if row["breaches"] * BPS <= row["observations"] * (BPS - row["required_coverage_bps"]):
        return "covered"
    highest = row["clustered_highest_coverage"]
    reaches = highest is None or highest * BPS >= row["required_coverage_bps"]
    p_value = row["binomial_p_value"]
    chance = reaches or p_value is None or p_value >= REJECTED
    return "below, may be chance" if chance else "below"


def name_of(row: Row) -> str:
    bucket = "" if row["bucket"] == "all" else f", {row['bucket']}"
    return plain(f"{row['portfolio']} at the {row['horizon']}{bucket}")


def share(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.2f}%"
