"""Breaches of one series in time: counts, first breach, and what follows what.

Belongs here: reading them from a series of flags, and that given counts fit together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Transitions:
    """How often a covered (0) or breached (1) observation was followed by which."""

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
    """The counts that tests of coverage need.

    observations: at least 1; breaches among them; transitions: of consecutive
    observations, or None; first_breach: place of the first breach, the first observation
    being 1, or None where it is not known or there is none. Raises ModelError where they
    cannot be of one series.
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

    def _check_transitions(self, found: Transitions) -> None:
        if found.n00 + found.n01 + found.n10 + found.n11 != self.observations - 1:
            raise ModelError("transitions", f"must add up to {self.observations - 1}")
        starts = self.breaches - (found.n01 + found.n11)
        ends = self.breaches - (found.n10 + found.n11)
        if starts not in (0, 1) or ends not in (0, 1):
            raise ModelError("transitions", f"are not those of {self.breaches} breaches")
        # A series that changes must do so in turns; one that does not has one kind only.
        if not found.n01 and not found.n10 and 0 < self.breaches < self.observations:
            raise ModelError("transitions", "never pass between covered and breached")
        first = self.first_breach
        if first is not None and ((first == 1) != bool(starts) or first - 2 > found.n00):
            raise ModelError("first_breach", "contradicts the transitions")


def breach_counts(breached: np.ndarray) -> BreachCounts:
    """Counts of one series. breached: bool[observations], in the order of time."""
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
    """How often an observation was followed by which ``lag`` places later, lag at least 1.

    With losses over several days the next observation overlaps the one before; the one that
    is as many days later as the loss is long does not.
    """
    counted = Counter(zip(breached[:-lag], breached[lag:], strict=True))
    return Transitions(*(counted[pair] for pair in product((False, True), repeat=2)))


def flags(breached: np.ndarray) -> np.ndarray:
    """The series itself, checked. Raises ModelError."""
    breached = np.asarray(breached)
    if breached.ndim != 1 or breached.dtype != np.bool_:
        raise ModelError("breached", "must be bool[observations]")
    return breached
