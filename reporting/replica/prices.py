"""The price of every contract in every scenario: ECM-1 section 4.

Belongs here: diffusion of state probabilities, jump to resolution, and the price that
follows. It is the same for every account; what an account loses is in `account`.

Interpretation where the specification leaves something open:

- An event with a single state has d = 1; its price never moves.
- Rounding can leave the sum of the probabilities at or below 1 - V, so that no cumulative
  probability exceeds it. The event then resolves to its last state of positive
  probability: never to one that the marks call impossible.
- The resolved state is chosen by the marks' probabilities, not by the shocked ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

STANDARD_NORMAL = NormalDist()

Label = int | str
"""A row of the scenarios: its number from 0, or its name."""


@dataclass(frozen=True)
class PricedEvent:
    """What the prices of an event follow from; payoffs are contracts x states.

    sigma is per square root of a day, in logits; rho and jump_probabilities, one per scenario,
    are between 0 and 1; liquidation_days is the event's own.
    """

    id: str
    payoffs: list[list[float]]
    probabilities: list[float]
    sigma: float
    rho: float
    group: Label
    jump_probabilities: list[float]
    liquidation_days: float
    cluster: Label


@dataclass(frozen=True)
class Scenarios:
    """The draws, ``count`` per row; ``state_shocks`` is states x scenarios per event."""

    count: int
    group_factors: dict[Label, list[float]]
    jump_factors: dict[Label, list[float]]
    uniforms: dict[Label, list[float]]
    state_shocks: dict[str, list[list[float]]]
    own_jump_factors: dict[str, list[float]]


def directions(states: int) -> list[float]:
    """d: evenly from 1 at the first state to -1 at the last."""
    if states == 1:
        return [1.0]
    return [1 - 2 * state / (states - 1) for state in range(states)]


def shocked_probabilities(
    event: PricedEvent, group_factor: float, own_shocks: Sequence[float]
) -> list[float]:
    """State probabilities pi' of one scenario: pi x exp(u), scaled to sum to 1.

    u[state] = sigma sqrt(days) (sqrt(rho) d[state] F + sqrt(1 - rho) eps[state]). The
    largest u is taken out before exp, which changes no ratio and cannot overflow.
    """
    size = event.sigma * math.sqrt(event.liquidation_days)
    shared = math.sqrt(event.rho) * group_factor
    own = math.sqrt(1 - event.rho)
    u = [
        size * (shared * d + own * eps)
        for d, eps in zip(directions(len(event.probabilities)), own_shocks, strict=True)
    ]
    top = max(shock for shock, p in zip(u, event.probabilities, strict=True) if p > 0)
    weights = [
        p * math.exp(shock - top) if p > 0 else 0.0
        for shock, p in zip(u, event.probabilities, strict=True)
    ]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def resolved_state(event: PricedEvent, group_factor: float, own_factor: float) -> int:
    """The state, from 0, that the event resolves to in a scenario where it jumps.

    The first state whose cumulative probability exceeds 1 - V, with
    V = Phi(sqrt(rho) FJ + sqrt(1 - rho) xi): a high draw resolves to an early state.
    """
    z = math.sqrt(event.rho) * group_factor + math.sqrt(1 - event.rho) * own_factor
    threshold = 1 - STANDARD_NORMAL.cdf(z)
    last_possible = 0
    for state, probability in enumerate(event.probabilities):
        if math.fsum(event.probabilities[: state + 1]) > threshold:
            return state
        if probability > 0:
            last_possible = state
    return last_possible


def jumps(event: PricedEvent, scenarios: Scenarios, scenario: int) -> bool:
    """Whether the event resolves within the liquidation period of this scenario: U < h."""
    h = event.jump_probabilities[scenario]
    return h > 0 and scenarios.uniforms[event.cluster][scenario] < h


def scenario_prices(event: PricedEvent, scenarios: Scenarios, scenario: int) -> list[float]:
    """P* of each contract in one scenario: payoff of the resolved state, or Y pi'."""
    if jumps(event, scenarios, scenario):
        state = resolved_state(
            event,
            scenarios.jump_factors[event.group][scenario],
            scenarios.own_jump_factors[event.id][scenario],
        )
        return [row[state] for row in event.payoffs]
    shocked = shocked_probabilities(
        event,
        scenarios.group_factors[event.group][scenario],
        [row[scenario] for row in scenarios.state_shocks[event.id]],
    )
    return [math.fsum(y * p for y, p in zip(row, shocked, strict=True)) for row in event.payoffs]


def event_prices(event: PricedEvent, scenarios: Scenarios) -> list[list[float]]:
    """P* of one event, scenarios x contracts, in the money of the payoffs."""
    return [scenario_prices(event, scenarios, s) for s in range(scenarios.count)]
