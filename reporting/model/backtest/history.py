"""Breaches of one time series: counts, first breach and transitions.

Belongs here: computing them from a series of flags, and checking that given counts agree.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Transitions:
    """Number of transitions between covered (0) and breached (1) observations."""

    n00: int
    n01: int
    n10: int
    n11: int

    def __post_init__(self):
        for name in ("n00", "n01", "n10", "n11"):
            if getattr(self, name) < 0:
                raise ModelError(f"transitions.{name}", "must not be below 0")


@dataclass(frozen=True)
class BreachCounts:
    """Input counts of the coverage tests.

    observations: at least 1; transitions: between consecutive observations, or None;
    first_breach: position of the first breach, counted from 1, None if unknown or without a
    breach. Raises ModelError if the counts cannot belong to one series.
    """

    observations: int
    breaches: int
    transitions: Transitions | None = None
    first_breach: int | None = None

    def __post_init__(self):
        if self.observations < 1:
            raise ModelError("observations", "must be at least 1")
        if not 0 <= self.breaches <= self.observations:
            raise ModelError("breaches", f"must lie between 0 and {self.observations}")
        if self.first_breach is not None:
            self._check_first_breach()
        if self.transitions is not None:
            self._check_transitions(self.transitions)

    def _check_first_breach(self) -> None:
        if not self.breaches:
            raise ModelError("first_breach", "must not be given without a breach")
        last = self.observations - self.breaches + 1
        if not 1 <= self.first_breach <= last:
            raise ModelError("first_breach", f"must lie between 1 and {last}")

    def _check_transitions(self, t: Transitions) -> None:
        if t.n00 + t.n01 + t.n10 + t.n11 != self.observations - 1:
            raise ModelError("transitions", f"must add up to {self.observations - 1}")
        starts = self.breaches - (t.n01 + t.n11)
        ends = self.breaches - (t.n10 + t.n11)
        if starts not in (0, 1) or ends not in (0, 1):
            raise ModelError("transitions", f"are not those of {self.breaches} breaches")
        # A series with both kinds of observation must have a transition between them.
        if not t.n01 and not t.n10 and 0 < self.breaches < self.observations:
            raise ModelError("transitions", "never pass between covered and breached")
        first = self.first_breach
        if first is not None and ((first == 1) != bool(starts) or first - 2 > t.n00):
            raise ModelError("first_breach", "contradicts the transitions")


def breach_counts(breached: np.ndarray) -> BreachCounts:
    """Counts of one series. breached: bool[observations], in time order."""
    breached = flags(breached)
    before, after = breached[:-1], breached[1:]
    places = np.flatnonzero(breached)
    return BreachCounts(
        observations=len(breached),
        breaches=len(places),
        transitions=Transitions(
            n00=int((~before & ~after).sum()),
            n01=int((~before & after).sum()),
            n10=int((before & ~after).sum()),
            n11=int((before & after).sum()),
        ),
        first_breach=int(places[0]) + 1 if len(places) else None,
    )


def transitions_after(breached: Sequence[bool], lag: int) -> Transitions:
    """Transitions between observations ``lag`` positions apart, lag at least 1.

    Losses over several days overlap with those of the next observation, but not with those of
    the observation as many days later as the loss horizon.
    """
    counted = Counter(zip(breached[:-lag], breached[lag:], strict=True))
    return Transitions(*(counted[pair] for pair in product((False, True), repeat=2)))


def flags(breached: np.ndarray) -> np.ndarray:
    """The series as a checked bool[observations]. Raises ModelError."""
    breached = np.asarray(breached)
    if breached.ndim != 1 or breached.dtype != np.bool_:
        raise ModelError("breached", "must be bool[observations]")
    return breached
