"""The scenario inputs of one event: states, probabilities, and how news about it arrives.

Belongs here: the record that pricing, gaps and calculators share, and its checks. Source:
margin-model.md sections 1 to 4.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms

LATENT = "latent"
STATES = "states"
CONTRACTS = "contracts"
"""What news is about: one latent normal (ordered events), each state, or each contract."""
_SUM_TOLERANCE = 1e-9


class Resolution(NamedTuple):
    """Scenarios in which an event resolves in the liquidation period.

    happened: bool[S], by a state in which it has happened; early: bool[S], by any state.
    """

    happened: np.ndarray
    early: np.ndarray


@dataclass(frozen=True)
class EventRisk:
    """The scenario inputs of one event.

    name: of the event, or of a contract of ``binaries``; payoffs: float64[n, m] of each contract in
    each state, as a share of the payout, states of an ordered event from low to high;
    probabilities: float64[m], pi. news: ``LATENT``, ``STATES`` or ``CONTRACTS``; the last for
    exactly k of n. information: f, the share of the remaining information that the liquidation
    period reveals; lumps: J, None if it arrives smoothly. rho: correlation with the group.
    loadings: float64[signals] of length 1, or None; sign: of the group factor, for ordered events.
    early_probability: h_info. happens_probability: h_by, and happens: bool[m], the states in which
    it has happened, both for events that happen by a date.
    """

    name: str
    payoffs: np.ndarray
    probabilities: np.ndarray
    information: float
    rho: float
    news: str = LATENT
    lumps: int | None = None
    loadings: np.ndarray | None = None
    sign: int = 1
    early_probability: float = 0.0
    happens_probability: float = 0.0
    happens: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self):
        states = self.payoffs.shape[1]
        if self.probabilities.shape != (states,):
            raise self._fault("probabilities", f"needs {states}, one per state")
        if not ((self.probabilities >= 0).all() and (self.probabilities <= 1).all()):
            raise self._fault("probabilities", "must lie between 0 and 1")
        if abs(float(self.probabilities.sum()) - 1) > _SUM_TOLERANCE:
            total = float(self.probabilities.sum())
            raise self._fault("probabilities", f"must sum to 1, not {total:.12g}")
        for name in ("information", "rho", "early_probability", "happens_probability"):
            if not 0 <= getattr(self, name) <= 1:
                raise self._fault(name, "must lie between 0 and 1")
        if self.lumps is not None and self.lumps < 1:
            raise self._fault("lumps", "must be at least 1")
        if self.happens.shape not in ((0,), (states,)):
            raise self._fault("happens", f"needs {states}, one per state")
        if self.happens_probability and not self.happens.any():
            raise self._fault("happens", "names no state, but it has a probability")
        if self.happens_probability > self.probabilities[self.happens].sum() + _SUM_TOLERANCE:
            raise self._fault("happens_probability", "is above that of the states it leads to")

    def _fault(self, name: str, words: str) -> ModelError:
        return ModelError(name, f"event {self.name}: {words}")

    @property
    def is_ordered(self) -> bool:
        """Whether one latent normal drives all states."""
        return self.news == LATENT

    @property
    def is_by_date(self) -> bool:
        """Whether the event happens by a date: it can come true on any day, but not fail before."""
        return bool(len(self.happens))

    @cached_property
    def model_prices(self) -> np.ndarray:
        """p-hat: float64[n], the contract prices implied by the probabilities."""
        return self.payoffs @ self.probabilities

    @cached_property
    def base(self) -> np.ndarray:
        """float64[m], pi°: the probabilities where the event has not happened in the period.

        1 - p_H° = (1 - p_H) / (1 - h_by), both parts scaled: the mean over scenarios stays pi.
        """
        if not self.happens_probability:
            return self.probabilities
        happened = float(self.probabilities[self.happens].sum())
        open_after = 1.0 - self.happens_probability
        rest = min(1.0, (1.0 - happened) / open_after) if open_after > 0 else 0.0
        base = np.where(self.happens, 0.0, self.probabilities)
        if happened < 1:
            base = base * (rest / (1.0 - happened))
        if happened > 0:
            base = base + self.happened * (1.0 - rest)
        return base

    @cached_property
    def happened(self) -> np.ndarray:
        """float64[m]: probabilities of the states in which it has happened, given that."""
        inside = np.where(self.happens, self.probabilities, 0.0)
        total = inside.sum()
        return inside / total if total > 0 else self.happens / self.happens.sum()


def news_of(terms: EventTerms) -> str:
    """What news about an event is about."""
    if terms.ordered:
        return LATENT
    # One winner: the contracts are the states.
    return CONTRACTS if terms.structure == t.K_OF_N and terms.k > 1 else STATES


def signal_names(terms: EventTerms) -> tuple[str, ...] | None:
    """Names of the signals of an unordered event, None for an ordered one.

    Exclusive: the contracts and "none"; exactly k of n: the contracts; otherwise one per state.
    """
    if terms.ordered:
        return None
    if terms.structure in (t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE, t.K_OF_N):
        with_none = terms.structure == t.EXCLUSIVE
        return (*terms.legs, "none") if with_none else terms.legs
    return tuple(f"state {state}" for state in range(t.outcome_count(terms)))
