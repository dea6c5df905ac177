"""By which rules a review judges coverage: verdicts of groups, and how much would be enough."""

from collections.abc import Mapping

from reporting.packs.document.markdown import plain
from reporting.studies.risk_review.window import Row
from reporting.units import BPS
from reporting.wording.numbers import NONE

REJECTED = 0.05
"""A test rejects below this p-value, as in the backtest itself."""
LIQUIDATION = "liquidation period"

Multiples = Mapping[str, tuple[int | None, int | None]]
"""By portfolio, the minimum multiples of margin, in hundredths, that would have covered the
promised share of the window's losses and every loss; None where a loss stands against no margin."""


def verdict_of(row: Row) -> str:
    """A group's result in words: ``no verdict``, ``covered``, ``below, may be chance``, ``below``.

    No verdict where not even one breach is expected. Coverage below the level may be chance if the
    exact test does not reject, or if the interval with each resolution as one draw reaches it.
    """
    if row["zone"] is None:
        return "no verdict"
    if row["breaches"] * BPS <= row["observations"] * (BPS - row["required_coverage_bps"]):
        return "covered"
    highest = row["clustered_highest_coverage"]
    reaches = highest is None or highest * BPS >= row["required_coverage_bps"]
    p_value = row["binomial_p_value"]
    may_be_chance = reaches or p_value is None or p_value >= REJECTED
    return "below, may be chance" if may_be_chance else "below"


def name_of(row: Row) -> str:
    """The group as a sentence names it."""
    bucket = "" if row["bucket"] == "all" else f", {row['bucket']}"
    return plain(f"{row['portfolio']} at the {row['horizon']}{bucket}")


def share(value: float | None) -> str:
    """A coverage in per cent."""
    return NONE if value is None else f"{100 * value:.2f}%"
