"""From the marks of an event to probabilities of its states (docs/model.md, section 3)."""

import numpy as np

from reporting.simulator.margin.nearest import nearest_probabilities
from reporting.simulator.market.listing import PAYOUT


def state_probabilities(
    structure: str,
    payoffs: np.ndarray,
    marks: np.ndarray,
    settled: np.ndarray,
) -> np.ndarray:
    """Probability of every state, in their order.

    ``payoffs``: markets x states without any void one, centicents. ``marks``: centicents,
    -1 where a market never traded; ``settled``: what it settled at, -1 while it is open.
    """
    done = settled >= 0
    possible = (payoffs[done] == settled[done, None]).all(axis=0)
    if not possible.any():
        # A settlement outside the terms (a void paid market by market) rules nothing out.
        possible[:] = True
    chosen = payoffs[:, possible]
    # Markets that pay the same in all states left say nothing about them.
    told = (marks >= 0) & ~done & (chosen.min(axis=1) < chosen.max(axis=1))
    chosen, price = chosen[told] / PAYOUT, marks[told] / PAYOUT
    probability = np.zeros(payoffs.shape[1])
    if not len(price):
        probability[possible] = 1 / possible.sum()
    elif structure in ("binary", "combination", "unknown"):
        probability[possible] = chosen[0] * price[0] + (1 - chosen[0]) * (1 - price[0])
    elif structure in ("exclusive", "exclusive_exhaustive"):
        probability[possible] = _exclusive(chosen, price)
    elif structure == "ladder":
        probability[possible] = _ladder(chosen, price)
    else:
        probability[possible] = nearest_probabilities(chosen, price)
    return probability


def _exclusive(payoffs: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Each market's mark for its state; what is left is shared by the states of no market."""
    mine = price @ payoffs
    others = payoffs.sum(axis=0) == 0
    total = price.sum()
    if total > 1 or not others.any():
        return mine / total if total > 0 else np.full(len(mine), 1 / len(mine))
    return mine + others * (1 - total) / others.sum()


def _ladder(payoffs: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Steps of the falling sequence nearest to the marks, over the strikes in order.

    States between two strikes that have a mark share their step evenly.
    """
    order = np.argsort(-payoffs.sum(axis=1), kind="stable")
    fitted = _falling(price[order])
    steps = -np.diff(np.concatenate([[1.0], fitted, [0.0]]))
    # So many of the marked markets pay in each state.
    paying = payoffs.sum(axis=0).astype(int)
    return steps[paying] / np.bincount(paying)[paying]


def _falling(values: np.ndarray) -> np.ndarray:
    """Pool adjacent violators: the nearest sequence that never rises."""
    blocks: list[tuple[float, int]] = []
    for value in values.tolist():
        total, count = value, 1
        while blocks and blocks[-1][0] * count < total * blocks[-1][1]:
            more, further = blocks.pop()
            total, count = total + more, count + further
        blocks.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in blocks])
