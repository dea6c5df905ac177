"""By which rules a review judges coverage: verdicts of groups, and how much would be enough."""

from collections.abc import Mapping

from reporting.model.backtest.evidence import BELOW, MET, NO_VERDICT, OPEN
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


VERDICTS = {
    NO_VERDICT: "no verdict",
    MET: "covered",
    OPEN: "not known",
    BELOW: "below",
}
"""As the review prints the stored verdicts of ``model/backtest/evidence``."""


def verdict_of(row: Row) -> str:
    """A group's result in words: ``no verdict``, ``covered``, ``not known`` where the intervals
    contain the level, ``below, may be chance`` where coverage is below it besides, ``below``."""
    verdict = VERDICTS[row["coverage_verdict"]]
    required = row["observations"] * (BPS - row["required_coverage_bps"])
    if verdict == "not known" and row["breaches"] * BPS > required:
        return "below, may be chance"
    return verdict


def name_of(row: Row) -> str:
    """The group as a sentence names it."""
    bucket = "" if row["bucket"] == "all" else f", {row['bucket']}"
    return plain(f"{row['portfolio']} at the {row['horizon']}{bucket}")


def share(value: float | None) -> str:
    """A coverage in per cent."""
    return NONE if value is None else f"{100 * value:.2f}%"
