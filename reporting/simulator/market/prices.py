"""What the market believes of an event, day by day, and the closing prices that follow.

A price that must end at 0 or 1 is the normal distribution of a hidden normal, of which part becomes
known each day (margin-model.md, sections 3 and 4). The venue's world follows that law with a
volatility ratio of one, so that a backtest of the margin is a fair test: beliefs are martingales,
half of the news comes evenly and half in lumps.
"""

import numpy as np
from scipy.special import ndtr, ndtri

LUMPS = 10
"""A lump of news settles one tenth of what is open."""
ORDERED = ("binary", "ladder", "ladder_brackets", "exclusive_exhaustive")
"""Structures whose states lie in a row, so that one hidden normal moves them all."""
_MOST = 0.9
_LEAST = 1e-9


class PricePath:
    """Beliefs of an event's states; every close is free of arbitrage.

    ``belief``: probability of each state. Prices come from it in whole parts of ``total`` of which
    each state has at least one, so that they are whole cents between 1 and 99 and belong together.
    """

    def __init__(
        self, payoffs: np.ndarray, total: int, structure: str, rng: np.random.Generator
    ) -> None:
        self._payoffs = payoffs
        self._total = total
        self._ordered = structure in ORDERED
        self._rng = rng
        weight = np.exp(rng.normal(0.0, 0.8, payoffs.shape[1]))
        self.belief = weight / weight.sum()
        self.opening = self.closing = self._prices()

    def step(self, share: float, common: float, correlation: float) -> None:
        """One day on, in which ``share`` of what is open becomes known on average.

        ``common``: the sector's normal of the day, with which an ordered event moves.
        """
        rng = self._rng
        lumps = rng.binomial(LUMPS, min(1.0, share / 2))
        known = min(_MOST, share / 2 + lumps / LUMPS)
        own = rng.normal(size=len(self.belief))
        if self._ordered:
            move = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own[0]
            self.belief = _ordered_move(self.belief, known, move)
        else:
            truth = _drawn(self.belief, rng.random())
            self.belief = _posterior(self.belief, known, own, truth)
        self.close()

    def wait(self, share: float) -> None:
        """One day on which an event that can happen at any time did not: it gets unlikelier.

        With the chance that it happened (``chance_today``) beliefs stay martingales.
        """
        self._believe((1 - self.chance) ** (1 - min(1.0, share)))

    @property
    def chance(self) -> float:
        """The chance that the one market of the event pays."""
        return float(self.belief[self.paying])

    @property
    def paying(self) -> int:
        """The state in which the first market pays."""
        return int(self._payoffs[0].argmax())

    def chance_today(self, share: float) -> float:
        """The chance that an event that can happen at any time does so within the day."""
        return 1 - (1 - self.chance) ** min(1.0, share)

    def tilt(self, loss: np.ndarray, severity: float) -> None:
        """A surprise: odds between two states move by exp(severity x difference in ``loss``)."""
        self.belief = self.tilted(loss, severity)
        self.closing = self._prices()

    def tilted(self, loss: np.ndarray, severity: float) -> np.ndarray:
        """The beliefs after such a surprise."""
        weight = self.belief * np.exp(severity * (loss - loss.max()))
        return weight / weight.sum()

    def follow(self, chance: float) -> None:
        """One day on for a combination, which pays with this chance."""
        self._believe(1 - chance)
        self.close()

    def close(self) -> None:
        """Yesterday's close is today's opening."""
        self.opening, self.closing = self.closing, self._prices()

    def outcome(self, draw: float) -> int:
        """The state in which the event ends; ``draw`` is uniform."""
        return _drawn(self.belief, draw)

    def prices_of(self, belief: np.ndarray) -> np.ndarray:
        """Closing prices at other beliefs, centicents per market."""
        return self._payoffs @ split(belief, self._total) // self._total

    def _believe(self, against: float) -> None:
        """Beliefs of an event with one market; ``against``: the chance that it does not pay."""
        self.belief = np.full(2, against)
        self.belief[self.paying] = 1 - against

    def _prices(self) -> np.ndarray:
        return self.prices_of(self.belief)


def split(share: np.ndarray, total: int) -> np.ndarray:
    """Whole parts of ``total`` in proportion to shares of one, each at least one."""
    exact = share * (total - len(share))
    parts = np.floor(exact).astype(np.int64)
    rest = total - len(share) - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:rest]] += 1
    return parts + 1


def _drawn(belief: np.ndarray, draw: float) -> int:
    return min(int(np.searchsorted(np.cumsum(belief), draw, side="right")), len(belief) - 1)


def _ordered_move(belief: np.ndarray, known: float, move: float) -> np.ndarray:
    below = np.clip(np.cumsum(belief)[:-1], _LEAST, 1 - _LEAST)
    moved = ndtr((ndtri(below) - np.sqrt(known) * move) / np.sqrt(1 - known))
    return _positive(np.diff(moved, prepend=0.0, append=1.0))


def _posterior(belief: np.ndarray, known: float, noise: np.ndarray, truth: int) -> np.ndarray:
    """Beliefs after one noisy signal per state; that of the true state is shifted.

    The signals are so strong that the average state moves as far as a binary at its price would.
    """
    covariance = np.diag(belief) - np.outer(belief, belief)
    density = np.exp(-(ndtri(np.clip(belief, _LEAST, 1 - _LEAST)) ** 2) / 2)
    strength = density**2 / (2 * np.pi) / (covariance**2).sum(axis=1)
    signal = float(belief @ strength) * known / (1 - known)
    shift = np.zeros(len(belief))
    shift[truth] = signal
    exponent = np.sqrt(signal) * noise + shift
    return _positive(belief * np.exp(exponent - exponent.max()))


def _positive(belief: np.ndarray) -> np.ndarray:
    belief = np.maximum(belief, _LEAST)
    return belief / belief.sum()
