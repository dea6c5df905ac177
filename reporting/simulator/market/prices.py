"""Latent probabilities of an event's states, and closing prices that follow from them."""

import numpy as np


class PricePath:
    """A random walk of state probabilities; every close is free of arbitrage.

    The probabilities are counted in whole parts of ``total`` of which each state has at
    least one, so that closing prices are whole cents between 1 and 99 and belong together.
    """

    def __init__(self, payoffs: np.ndarray, total: int, rng: np.random.Generator) -> None:
        self._payoffs = payoffs
        self._total = total
        self._rng = rng
        self._weight = rng.normal(0.0, 0.8, payoffs.shape[1])
        self.units = split(self._weight, total)
        self.opening = self._prices()
        self.closing = self.opening

    def step(self, days_left: int) -> None:
        """One day on; the walk is wilder close to the end."""
        spread = 0.2 + 0.6 / (1 + max(0, days_left))
        self._weight = self._weight + self._rng.normal(0.0, spread, len(self._weight))
        self.units = split(self._weight, self._total)
        self.opening, self.closing = self.closing, self._prices()

    def _prices(self) -> np.ndarray:
        return self._payoffs @ self.units // self._total


def split(weight: np.ndarray, total: int) -> np.ndarray:
    """Whole parts of ``total`` in proportion to exp(weight), each at least one."""
    share = np.exp(weight - weight.max())
    exact = share / share.sum() * (total - len(weight))
    parts = np.floor(exact).astype(np.int64)
    rest = total - len(weight) - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:rest]] += 1
    return parts + 1
