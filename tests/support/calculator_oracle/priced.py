"""What the scenario prices of an event follow from, read from its fields in a margin document.

Interpretation where the specification is open:

- ``ordered`` may be set for exclusive_exhaustive and matrix; binary and ladder are ordered.
- Loadings have a squared length within 0.001 of 1 and are scaled to 1.
- ``happens`` lists states from 0 and comes with ``happens_probability``, which is not above the
  probability of these states, and without ``jump_probability``.
"""

import math
from collections.abc import Mapping

from reporting.replica.prices import PricedEvent
from support.calculator_oracle.fields import (
    DocumentError,
    list_of,
    number,
    numbers,
    truth_of,
    whole_number_of,
)

PROBABILITY_TOLERANCE = 1e-9
LENGTH_TOLERANCE = 0.001


def read_priced_event(
    raw: Mapping, payoffs: list[list[float]], probabilities: list[float], field: str
) -> PricedEvent:
    """The event as its scenario prices follow from it. Raises DocumentError."""
    ordered = _is_ordered(raw, field)
    signals = [] if ordered else _signals(raw["structure"], payoffs)
    lumps = raw.get("lumps")
    if lumps is not None and whole_number_of(lumps, f"{field}.lumps") < 1:
        raise DocumentError(f"{field}.lumps: at least one is needed")
    happens = _happens(raw, probabilities, field)
    return PricedEvent(
        payoffs=payoffs,
        probabilities=probabilities,
        ordered=ordered,
        information=number(raw["information"], f"{field}.information", 0, 1),
        rho=number(raw["rho"], f"{field}.rho", 0, 1),
        lumps=lumps,
        jump_probability=number(raw.get("jump_probability", 0), f"{field}.jump_probability", 0, 1),
        happens=happens,
        happens_probability=number(
            raw.get("happens_probability", 0), f"{field}.happens_probability", 0, 1
        ),
        signals=signals,
        loadings=_loadings(raw, len(signals), field),
    )


def _is_ordered(raw: Mapping, field: str) -> bool:
    structure = raw["structure"]
    always = structure in ("binary", "ladder")
    if "ordered" not in raw:
        return always
    ordered = truth_of(raw["ordered"], f"{field}.ordered")
    if ordered != always and structure not in ("exclusive_exhaustive", "matrix"):
        raise DocumentError(f"{field}.ordered: not for the structure {structure}")
    return ordered


def _signals(structure: str, payoffs: list[list[float]]) -> list[list[int]]:
    """Exactly k of n: the contracts; elsewhere one a state."""
    if structure == "k_of_n":
        return [[int(y > 0) for y in row] for row in payoffs]
    states = len(payoffs[0])
    return [[int(state == number) for state in range(states)] for number in range(states)]


def _happens(raw: Mapping, probabilities: list[float], field: str) -> tuple[int, ...]:
    if ("happens" in raw) != ("happens_probability" in raw):
        raise DocumentError(f"{field}.happens: comes with happens_probability, and only so")
    if "happens" not in raw:
        return ()
    if "jump_probability" in raw:
        raise DocumentError(f"{field}.jump_probability: not where something happens by a date")
    states = [
        whole_number_of(state, f"{field}.happens[{place}]")
        for place, state in enumerate(list_of(raw["happens"], f"{field}.happens"))
    ]
    if not states or len(set(states)) != len(states) or max(states) >= len(probabilities):
        raise DocumentError(f"{field}.happens: each state once, and at least one")
    happened = math.fsum(probabilities[state] for state in states)
    probability = number(raw["happens_probability"], f"{field}.happens_probability", 0, 1)
    if probability > happened + PROBABILITY_TOLERANCE:
        raise DocumentError(f"{field}.happens_probability: above that of its states, {happened:g}")
    return tuple(states)


def _loadings(raw: Mapping, signals: int, field: str) -> list[float] | None:
    if "loadings" not in raw:
        return None
    vector = numbers(raw["loadings"], f"{field}.loadings", -1, 1)
    if len(vector) != signals:
        raise DocumentError(f"{field}.loadings: {len(vector)} numbers for {signals} signals")
    square = math.fsum(b * b for b in vector)
    if abs(square - 1) > LENGTH_TOLERANCE:
        raise DocumentError(f"{field}.loadings: their squares sum to {square:g}, not to 1")
    return [b / math.sqrt(square) for b in vector]
