"""Margin documents for the tests: one by hand, and small random ones."""

from hypothesis import strategies as st
from support.calculator_oracle.draws import scenario_set

GROUPS = ["sport", "rain"]
CLUSTERS = ["final", "storm", "vote"]


def hand_document(**event_changes) -> dict:
    """One binary event at 0.60 without diffusion; four scenarios, two of which jump.

    U < 0.5 in scenarios 1 and 3. rho = 0, so V = Phi(xi): xi = 1 gives 1 - V = 0.1587,
    below 0.60: yes; xi = -1 gives 0.8413, not below 0.60: no. Prices: 1, 0.60, 0, 0.60.
    """
    event = {
        "id": "e",
        "structure": "binary",
        "probabilities": ["0.6", "0.4"],
        "sigma": 0,
        "rho": 0,
        "group": 0,
        "jump_probability": 0.5,
        "ramp": 0,
        "cluster": 0,
        "jump": True,
    }
    return {
        "alpha": "0.5",
        "liquidation_days": 1,
        "core_floor": "0.1",
        "events": [event | event_changes],
        "scenarios": {
            "F": [[0, 0, 0, 0]],
            "FJ": [[0, 0, 0, 0]],
            "U": [[0.1, 0.6, 0.2, 0.5]],
            "eps": {"e": [[0, 0, 0, 0], [0, 0, 0, 0]]},
            "xi": {"e": [1, 0, -1, 0]},
        },
        "accounts": [{"id": "A", "positions": {"e": [10]}}],
    }


def _probabilities(draw, states: int) -> list[float]:
    weights = draw(st.lists(st.integers(0, 9), min_size=states, max_size=states))
    weights[draw(st.integers(0, states - 1))] += 1
    return [weight / sum(weights) for weight in weights]


@st.composite
def events(draw, name: str) -> dict:
    """One event of up to four states with all its parameters, and its contracts."""
    structure, extra, states, contracts = draw(
        st.sampled_from(
            [
                ("binary", {}, 2, 1),
                ("exclusive", {}, 4, 3),
                ("exclusive_exhaustive", {}, 3, 3),
                ("ladder", {}, 4, 3),
                ("k_of_n", {"k": 2}, 3, 3),
                ("matrix", {"payoffs": [[1, 0, 0.5], [0.5, 1, 0]]}, 3, 2),
            ]
        )
    )
    unit = st.integers(0, 20).map(lambda n: n / 20)
    event = {
        "id": name,
        "structure": structure,
        "probabilities": _probabilities(draw, states),
        "sigma": draw(unit),
        "rho": draw(unit),
        "group": draw(st.sampled_from(GROUPS)),
        "jump_probability": draw(unit),
        "ramp": draw(st.sampled_from([0, 0, 0.25, 1])),
        "cluster": draw(st.sampled_from(CLUSTERS)),
        "jump": draw(st.booleans()),
        "kappa": draw(unit),
    }
    return {"event": event | extra, "contracts": contracts}


@st.composite
def documents(draw) -> dict:
    """One to three events, two accounts "a" and "b" without add-on, 8 scenarios."""
    drawn = [draw(events(f"e{place}")) for place in range(draw(st.integers(1, 3)))]
    states = {each["event"]["id"]: len(each["event"]["probabilities"]) for each in drawn}
    quantity = st.integers(-50, 50)
    accounts = [
        {
            "id": name,
            "positions": {
                each["event"]["id"]: [draw(quantity) for _ in range(each["contracts"])]
                for each in drawn
            },
        }
        for name in ("a", "b")
    ]
    for each in drawn:
        # One scenario in four is a stress scenario: the first two of eight.
        if draw(st.booleans()):
            plain = each["event"]["jump_probability"]
            each["event"]["jump_probability"] = [1 - plain] * 2 + [plain] * 6
        if draw(st.booleans()):
            each["event"]["liquidation_days"] = draw(st.sampled_from([1, "2.5", 5]))
    seed = draw(st.integers(0, 1000))
    return {
        "alpha": draw(st.sampled_from(["0.99", 0.75, 0.5])),
        "liquidation_days": draw(st.sampled_from([1, 5])),
        "core_floor": 0.1,
        "events": [each["event"] for each in drawn],
        "scenarios": scenario_set(seed, GROUPS, CLUSTERS, states, 8, 0.25, [-3.0, 4.0]),
        "accounts": accounts,
    }
