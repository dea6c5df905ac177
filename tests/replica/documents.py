"""Margin documents for the tests: one by hand, and small random ones."""

from math import comb

from hypothesis import strategies as st
from support.calculator_oracle.draws import scenario_set

GROUPS = ["sport", "rain"]
CLUSTERS = ["final", "storm", "vote"]
SCENARIOS = 8


def hand_document(**event_changes) -> dict:
    """One binary event at 0.60 that nothing moves; four scenarios, two of which end it.

    U < 0.5 in scenarios 1 and 3. rho = 0, so Z = eps: Phi(1) = 0.8413 is not below C(no) = 0.4:
    yes; Phi(-1) = 0.1587 is: no. Prices: 1, 0.60, 0, 0.60.
    """
    event = {
        "id": "e",
        "structure": "binary",
        "probabilities": ["0.4", "0.6"],
        "information": 0,
        "rho": 0,
        "group": 0,
        "jump_probability": 0.5,
        "ramp": 0,
        "cluster": 0,
        "gap": "resolution",
    }
    return {
        "alpha": "0.5",
        "core_floor": "0.1",
        "gap_quantile": "0.999",
        "events": [event | event_changes],
        "scenarios": {
            "F": [[0, 0, 0, 0]],
            "U": [[0.1, 0.6, 0.2, 0.5]],
            "eps": {"e": [1, 0, -1, 0]},
            "eta": {},
            "theta": {},
            "info": {},
        },
        "accounts": [{"id": "A", "positions": {"e": [10]}}],
    }


STRUCTURES = [
    # Structure and its fields, states, contracts, signals (0: ordered), states that can happen.
    ({"structure": "binary"}, 2, 1, 0, (1,)),
    ({"structure": "ladder"}, 4, 3, 0, ()),
    ({"structure": "exclusive"}, 4, 3, 4, (0, 1, 2)),
    ({"structure": "exclusive_exhaustive"}, 3, 3, 3, ()),
    ({"structure": "exclusive_exhaustive", "ordered": True}, 3, 3, 0, ()),
    ({"structure": "k_of_n", "k": 2}, comb(4, 2), 4, 4, ()),
    ({"structure": "at_least_k", "k": 2, "contracts": 3}, 4, 3, 4, ()),
    ({"structure": "matrix", "payoffs": [[1, 0, 0.5], [0.5, 1, 0]]}, 3, 2, 3, ()),
    ({"structure": "matrix", "payoffs": [[0, 0.5, 1], [0, 1, 0]], "ordered": True}, 3, 2, 0, ()),
]

unit = st.integers(0, 20).map(lambda n: n / 20)


def _probabilities(draw, states: int) -> list[float]:
    weights = draw(st.lists(st.integers(0, 9), min_size=states, max_size=states))
    weights[draw(st.integers(0, states - 1))] += 1
    return [weight / sum(weights) for weight in weights]


def _loadings(draw, signals: int) -> list[float]:
    """A vector of length 1."""
    parts = draw(st.lists(st.integers(-5, 5), min_size=signals, max_size=signals).filter(any))
    length = sum(part * part for part in parts) ** 0.5
    return [part / length for part in parts]


@st.composite
def events(draw, name: str) -> tuple[dict, int, int]:
    """One event of up to six states with all its parameters, its contracts and its signals."""
    fields, states, contracts, signals, can_happen = draw(st.sampled_from(STRUCTURES))
    probabilities = _probabilities(draw, states)
    event = fields | {
        "id": name,
        "probabilities": probabilities,
        "information": draw(unit),
        "rho": draw(unit),
        "group": draw(st.sampled_from(GROUPS)),
        "ramp": draw(st.sampled_from([0, 0, 0.25, 1])),
        "cluster": draw(st.sampled_from(CLUSTERS)),
        "gap": draw(st.sampled_from(["resolution", "move", "none"])),
        "kappa": draw(unit),
    }
    if draw(st.booleans()):
        event["lumps"] = draw(st.sampled_from([1, 3, 10]))
    if draw(st.booleans()):
        event["gap_information"] = draw(unit)
    if draw(st.booleans()):
        # Raw marks that the probabilities do not fit.
        event["marks"] = [draw(unit) for _ in range(contracts)]
    if signals and draw(st.booleans()):
        event["loadings"] = _loadings(draw, signals)
    if can_happen and draw(st.booleans()):
        happened = sum(probabilities[state] for state in can_happen)
        event["happens"] = list(can_happen)
        event["happens_probability"] = min(1.0, happened * draw(unit))
    else:
        event["jump_probability"] = draw(unit)
    return event, contracts, signals


@st.composite
def documents(draw) -> dict:
    """One to three events, two accounts "a" and "b" without add-on, 8 scenarios."""
    drawn = [draw(events(f"e{place}")) for place in range(draw(st.integers(1, 3)))]
    quantity = st.integers(-50, 50)
    accounts = [
        {
            "id": name,
            "positions": {
                event["id"]: [draw(quantity) for _ in range(contracts)]
                for event, contracts, _ in drawn
            },
        }
        for name in ("a", "b")
    ]
    ordered = [event["id"] for event, _, signals in drawn if not signals]
    free = {
        event["id"]: [str(number) for number in range(signals)]
        for event, _, signals in drawn
        if signals
    }
    seed = draw(st.integers(0, 1000))
    return {
        "alpha": draw(st.sampled_from(["0.99", 0.75, 0.5])),
        "core_floor": 0.1,
        "gap_quantile": draw(st.sampled_from(["0.999", 0.9])),
        "events": [event for event, _, _ in drawn],
        "scenarios": scenario_set(seed, GROUPS, CLUSTERS, ordered, free, SCENARIOS),
        "accounts": accounts,
    }
