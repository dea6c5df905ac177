"""Shapes of the simulated venue's events: which markets an event has, and what each pays.

One of every event structure, in the metadata shapes of the public API.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reporting.simulator.market.listing import PAYOUT

VOID_HALF = "If the event is voided, all markets settle at 50/50."
VOID_LAST = "If the event is voided, all markets settle at the last traded price."
VOID_FAIR = "If the event is cancelled, each market settles at a fair market price."


@dataclass(frozen=True)
class Shape:
    """Terms of one event's markets.

    ``suffixes``: ends of the market tickers; ``terms``: API fields per market;
    ``payoffs``: markets x ordinary states, centicents; ``units``: into how many parts the
    probability of the states is divided, so that prices fall on whole cents.
    """

    structure: str
    suffixes: list[str]
    terms: list[dict]
    payoffs: np.ndarray
    exclusive: bool = False
    collateral_return: str = ""
    units: int = 100


ShapeMaker = Callable[[np.random.Generator], Shape]


def binary(rng: np.random.Generator) -> Shape:
    """One market, two outcomes."""
    return Shape("binary", [""], [{"yes_sub_title": "Yes"}], np.array([[0, PAYOUT]]))


def temperature(rng: np.random.Generator) -> Shape:
    """Six ranges that cover every whole degree."""
    low = int(rng.integers(50, 90))
    terms = [{"strike_type": "less", "cap_strike": low, "yes_sub_title": f"{low - 1} or below"}]
    suffixes = [f"-T{low}"]
    for floor in range(low, low + 8, 2):
        words = f"{floor} to {floor + 1}"
        terms.append(_strikes("between", floor, floor + 1, words))
        suffixes.append(f"-B{floor}.5")
    terms.append(_strikes("greater", low + 7, None, f"{low + 8} or above"))
    suffixes.append(f"-T{low + 7}")
    payoffs = PAYOUT * np.eye(6, dtype=np.int64)
    return Shape("exclusive_exhaustive", suffixes, terms, payoffs, True, "MECNET")


def candidates(rng: np.random.Generator) -> Shape:
    """Four names, or none of them."""
    names = ["ASH", "BAY", "COLE", "DUNN"]
    terms = [{"strike_type": "structured", "yes_sub_title": name.title()} for name in names]
    payoffs = np.hstack([PAYOUT * np.eye(4, dtype=np.int64), np.zeros((4, 1), np.int64)])
    suffixes = [f"-{name}" for name in names]
    return Shape("exclusive", suffixes, terms, payoffs, True, "MECNET")


def ladder(rng: np.random.Generator, count: int = 5) -> Shape:
    """Nested thresholds: above 2.0, 2.2, ... ."""
    base = int(rng.integers(10, 40))
    strikes = [f"{(base + 2 * step) / 10:.1f}" for step in range(count)]
    terms = [_strikes("greater", float(s), None, f"Above {s}") for s in strikes]
    payoffs = PAYOUT * np.triu(np.ones((count, count + 1), np.int64), 1)
    suffixes = [f"-T{s}" for s in strikes]
    return Shape("ladder", suffixes, terms, payoffs, False, "DIRECNET")


def rungs(rng: np.random.Generator) -> Shape:
    """A ladder of three thresholds."""
    return ladder(rng, 3)


def brackets(rng: np.random.Generator) -> Shape:
    """Thresholds and a range on one variable; no two share a cut point."""
    base = int(rng.integers(20, 60)) * 10
    terms = [
        _strikes("less", None, base, f"Below {base}"),
        _strikes("greater", base + 10, None, f"Above {base + 10}"),
        _strikes("between", base + 15, base + 25, f"{base + 15} to {base + 25}"),
        _strikes("greater", base + 30, None, f"Above {base + 30}"),
    ]
    suffixes = [f"-L{base}", f"-T{base + 10}", f"-B{base + 20}", f"-T{base + 30}"]
    # Columns: below base, to +10, to +15, to +25, to +30, above.
    payoffs = np.array(
        [[1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 1]]
    )
    return Shape("ladder_brackets", suffixes, terms, PAYOUT * payoffs)


def two_of_five(rng: np.random.Generator) -> Shape:
    """Exactly two of five names win."""
    terms = [
        {
            "strike_type": "custom",
            "custom_strike": {"exactly": 2},
            "yes_sub_title": f"Entrant {number + 1} among the first two",
        }
        for number in range(5)
    ]
    states = list(itertools.combinations(range(5), 2))
    payoffs = np.array([[PAYOUT * (market in state) for state in states] for market in range(5)])
    return Shape("k_of_n", [f"-E{number + 1}" for number in range(5)], terms, payoffs)


def top_two_of_four(rng: np.random.Generator) -> Shape:
    """At least two of four names win: ties do, too."""
    terms = [
        {
            "strike_type": "custom",
            "custom_strike": {"at_least": 2},
            "yes_sub_title": f"Player {number + 1} in the top two, ties included",
        }
        for number in range(4)
    ]
    states = [s for winners in (2, 3, 4) for s in itertools.combinations(range(4), winners)]
    payoffs = np.array([[PAYOUT * (market in state) for state in states] for market in range(4)])
    return Shape("at_least_k", [f"-P{number + 1}" for number in range(4)], terms, payoffs)


def payoff_matrix(rng: np.random.Generator) -> Shape:
    """Three contracts whose payoffs over four named states are part of the terms."""
    labels = ["deep cut", "cut", "hold", "hike"]
    rows = [[1, 0.5, 0, 0], [0, 0.5, 1, 0.5], [0, 0, 0.5, 1]]
    terms = [
        {
            "market_type": "scalar",
            "strike_type": "custom",
            "custom_strike": {"payoffs": row, "state_labels": labels},
            "yes_sub_title": f"Contract {number + 1}",
        }
        for number, row in enumerate(rows)
    ]
    payoffs = np.array([[round(PAYOUT * value) for value in row] for row in rows])
    return Shape("matrix", ["-C1", "-C2", "-C3"], terms, payoffs, units=50)


def _strikes(kind: str, floor: float | None, cap: float | None, words: str) -> dict:
    terms: dict = {"strike_type": kind}
    if floor is not None:
        terms["floor_strike"] = floor
    if cap is not None:
        terms["cap_strike"] = cap
    return terms | {"yes_sub_title": words}
