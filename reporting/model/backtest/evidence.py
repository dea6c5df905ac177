"""Whether observations support a verdict on margin, in one sentence.

Belongs here: the only decision on this in the house; every table and every printer asks it.
Observations on one resolution are one draw, dates are shared by all books, and losses over several
dates overlap. Sources: 17 CFR 39.13(g)(7), at least 30 days; E. Korn, B. Graubard, "Confidence
intervals for proportions with small expected number of positive counts estimated from survey
data", Survey Methodology 24, 1998 (tests and exact intervals at the effective sample size).
"""

from collections.abc import Sequence
from dataclasses import dataclass

MIN_DATES = 30
"""17 CFR 39.13(g)(7)."""

NO_VERDICT, BELOW, MET, OPEN = "no verdict", "below", "met", "open"
"""Verdicts: none; coverage is below the level; at or above it; the intervals contain it."""


@dataclass(frozen=True)
class Evidence:
    """What observations of a group rest on.

    dates: on which observations end; clusters: resolutions; periods: blocks of dates as long as
    the horizon of the losses, so that losses of two blocks but neighbours do not overlap;
    has_other_horizon: some losses are over another period than that of their margin;
    tests_model: margin of these books is what the model decides, below the worst case.
    """

    observations: int
    dates: int
    clusters: int
    periods: int
    has_other_horizon: bool = False
    tests_model: bool = True

    @property
    def draws(self) -> int:
        """The most draws that may count as independent: one a resolution, and one a period."""
        return min(self.observations, self.clusters, self.periods)

    @property
    def is_independent(self) -> bool:
        """Whether every observation is a draw of its own."""
        return self.draws == self.observations


def why_no_verdict(evidence: Evidence) -> str:
    """Why the observations allow no verdict, empty where they allow one."""
    if not evidence.tests_model:
        return "includes margin at the worst case, no verdict on the model"
    if evidence.has_other_horizon:
        return "losses over another period than that of the margin, no verdict"
    return few_dates(evidence.dates)


def few_dates(dates: int, verdict: str = "no verdict") -> str:
    """``2 of 30 dates, no verdict``; empty from 30 dates on."""
    return "" if dates >= MIN_DATES else f"{dates} of {MIN_DATES} dates, {verdict}"


def verdict_on_coverage(
    evidence: Evidence, intervals: Sequence[tuple[float, float]], level: float
) -> str:
    """BELOW where every interval (low, high) lies below the level, MET where every one begins at
    it or above, OPEN otherwise; NO_VERDICT where the observations allow none.

    intervals: of the coverage, by resolution and by date.
    """
    if why_no_verdict(evidence):
        return NO_VERDICT
    if all(high < level for _, high in intervals):
        return BELOW
    return MET if all(low >= level for low, _ in intervals) else OPEN


def basis(evidence: Evidence) -> str:
    """What the verdict rests on, as a sentence prints it: the reason for none, or the draws."""
    reason = why_no_verdict(evidence)
    if reason:
        return reason
    if evidence.is_independent:
        return f"{evidence.dates} dates, {evidence.observations:,} independent observations"
    return (
        f"{evidence.dates} dates, {evidence.observations:,} observations count as"
        f" {evidence.draws:,} draws"
    )
