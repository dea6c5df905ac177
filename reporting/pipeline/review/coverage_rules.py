"""By which rules a review judges coverage: verdicts of groups, and how much would be enough."""

from collections.abc import Sequence

from reporting.pipeline.review.parts import NONE, plain
from reporting.pipeline.review.window import Row
from reporting.units import BPS, MICROS_PER_CENTICENT

REJECTED = 0.05
"""A test rejects below this p-value, as the tests of the backtest do."""
LIQUIDATION = "liquidation period"

Enough = dict[str, tuple[int | None, int | None]]
"""By portfolio the multiples of margin, in hundredths, for the level and for every loss."""


def verdict_of(row: Row) -> str:
    """A group's result in words: ``not enough``, ``covered``, ``below, may be chance``, ``below``.

    Not enough where not even one breach is to be expected. Below the level it may be chance where
    the exact test does not reject, or the interval with one resolution as one draw reaches it.
    """
    if row["observations"] * (BPS - row["required_coverage_bps"]) < BPS:
        return "not enough"
    if row["breaches"] * BPS <= row["observations"] * (BPS - row["required_coverage_bps"]):
        return "covered"
    highest = row["clustered_highest_coverage"]
    reaches = highest is None or highest * BPS >= row["required_coverage_bps"]
    p_value = row["binomial_p_value"]
    chance = reaches or p_value is None or p_value >= REJECTED
    return "below, may be chance" if chance else "below"


def multiple(observations: Sequence[tuple[int, int]], covered_bps: int) -> int | None:
    """The least multiple of margin, in hundredths, that would have covered such a share of losses.

    Pairs of margin in centicents and loss in micros; the share is a nearest rank. None without an
    observation, or where a book without margin would have to be covered.
    """
    if not observations:
        return None
    place = max(1, -(-len(observations) * covered_bps // BPS))
    ratios = sorted(
        max(0, -(-loss * 100 // (margin * MICROS_PER_CENTICENT)))
        if margin
        else (10**18 if loss > 0 else 0)
        for margin, loss in observations
    )
    return None if ratios[place - 1] == 10**18 else ratios[place - 1]


def portfolios(results: Sequence[Row]) -> list[str]:
    return sorted({row["portfolio"] for row in results})


def enough_of(
    results: Sequence[Row], observations: Sequence[Row], name: str
) -> tuple[int | None, int | None]:
    """The multiples that would have covered the level, and every loss, at liquidation."""
    levels = [row["required_coverage_bps"] for row in results if row["portfolio"] == name]
    pairs = [
        (row["margin"], row["loss_micros"])
        for row in observations
        if row["portfolio"] == name and row["at_liquidation"]
    ]
    return multiple(pairs, levels[0]), multiple(pairs, BPS)


def name_of(row: Row) -> str:
    bucket = "" if row["bucket"] == "all" else f", {row['bucket']}"
    return plain(f"{row['portfolio']} at the {row['horizon']}{bucket}")


def share(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.2f}%"
