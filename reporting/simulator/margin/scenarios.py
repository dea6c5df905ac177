"""Scenario prices of every contract, in both sets (docs/model.md, section 6)."""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr
from scipy.stats import binom

from reporting.simulator.margin import draws
from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.margin_events import MarginEvent, MarginEvents
from reporting.simulator.margin.moves import resolved, shifted, tilted, with_factor
from reporting.simulator.market.listing import PAYOUT, Listing
from reporting.simulator.schedules import Schedule

Sets = tuple[np.ndarray, np.ndarray]
"""Prices in dollars, markets x scenarios: at the group's correlation, and at none."""
_MISSES = 0.01
_EXCESS = 1.5
"""A combination's mark is explained while its mean misses it by at most the one, and it is
at most the other times the product of its legs' model prices."""


class ScenarioSet:
    """Price moves of one date under one schedule, worked out when an event is first asked for."""

    def __init__(
        self, listing: Listing, schedule: Schedule, state: CycleState, events: MarginEvents
    ) -> None:
        self._listing, self._schedule = listing, schedule
        self._state, self._events = state, events
        self.count: int = schedule["scenarios"]
        self._known: dict[int, Sets | None] = {}

    def prices(self, own: MarginEvent) -> Sets | None:
        """Scenario prices; None where the event has none and is charged in full."""
        if own.first_market not in self._known:
            prices = None
            if own.ramp_weight < own.weight_of and own.may_move and own.chance is not None:
                prices = self._of_legs(own) if own.event.legs else self._of_states(own)
            self._known[own.first_market] = prices
        return self._known[own.first_market]

    def model_prices(self, own: MarginEvent) -> np.ndarray:
        """The mean of the scenario prices: fitted to the marks, a combination's own mark."""
        if own.event.legs:
            return own.marks / PAYOUT
        return own.payoffs / PAYOUT @ own.chance

    def _of_states(self, own: MarginEvent) -> Sets:
        """Prices of an event that moves by itself."""
        uniform = self._uniform("theta", own.name) if not own.event.ordered else None
        if uniform is not None:
            signals, names = signals_of(own, self._listing)
            noise = np.array([self._normal("eta", f"{own.name}\n{name}") for name in names])
            plain = self._moved(own, uniform, _tilt(signals, noise, uniform))
            loadings = self._schedule.optional("factor_loadings").get(own.event.ticker)
            if not loadings or not own.rho:
                return plain, plain
            with_group = with_factor(noise, names, loadings, own.rho, self._factor(own))
            return self._moved(own, uniform, _tilt(signals, with_group, uniform)), plain
        own_part = self._normal("eps", own.name)
        alone = self._moved(own, ndtr(own_part), _shift(own_part))
        if not own.rho:
            return alone, alone
        common = np.sqrt(own.rho) * own.sign * self._factor(own)
        together = common + np.sqrt(1 - own.rho) * own_part
        return self._moved(own, ndtr(together), _shift(together)), alone

    def _moved(self, own: MarginEvent, level: np.ndarray, move: "Move") -> np.ndarray:
        """Prices from how probabilities move; a resolution is the state at ``level``."""
        base, jump_to, jump_chance = _before_news(own)
        jumps = self._uniform("U", own.cluster) < jump_chance
        most = own.lumps - own.event.happens_by
        told = np.minimum(self._lumps_told(own), most)
        prices = np.empty((len(own.chance), self.count))
        prices[:] = base[:, None]
        moves = ~jumps & (told > 0) & (told < own.lumps)
        prices[:, moves] = move(base, moves, told[moves] / own.lumps)
        ends = ~jumps & (told == own.lumps)
        prices[:, ends] = resolved(base, level[ends])
        if jumps.any():
            prices[:, jumps] = resolved(jump_to, level[jumps])
        return own.payoffs / PAYOUT @ prices

    def _lumps_told(self, own: MarginEvent) -> np.ndarray:
        """How many of the equal lumps of news come in each scenario."""
        up_to = binom.cdf(np.arange(own.lumps + 1), own.lumps, own.revealed())
        told = np.searchsorted(up_to, self._uniform("info", own.name), side="right")
        return np.minimum(told, own.lumps)

    def _of_legs(self, own: MarginEvent) -> Sets | None:
        """A combination moves with its legs; None where they do not explain its mark."""
        mark, product_of_prices = float(own.marks[0]) / PAYOUT, 1.0
        legs: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        for leg in own.event.legs:
            market = self._listing.number_of.get(leg.ticker)
            if market is None:
                return None
            leg_event = self._events[int(self._events.first_of[market])]
            place = market - leg_event.first_market
            if self._state.settled[market] >= 0:
                value = price = self._state.settled[market] / PAYOUT
                moved = (np.full(self.count, value),) * 2
            elif leg_event.event.legs or (sets := self.prices(leg_event)) is None:
                return None
            else:
                # A market without a trade has no mark.
                price = leg_event.marks[place] / PAYOUT or self.model_prices(leg_event)[place]
                moved = tuple(prices[place] for prices in sets)
            product_of_prices *= price if leg.yes else 1 - price
            for chosen, prices in zip(legs, moved, strict=True):
                chosen.append(prices if leg.yes else 1 - prices)
        if mark > _EXCESS * product_of_prices:
            return None
        both = tuple(_joint(mark, np.array(chosen)) for chosen in legs)
        if any(_misses(prices, mark) for prices in both):
            return None
        return both[0][None, :], both[1][None, :]

    def _factor(self, own: MarginEvent) -> np.ndarray:
        return self._normal("F", own.event.category)

    def _uniform(self, kind: str, name: str) -> np.ndarray:
        return draws.uniforms(self._schedule["seed"], kind, name, self.count)

    def _normal(self, kind: str, name: str) -> np.ndarray:
        return draws.normals(self._schedule["seed"], kind, name, self.count)


Move = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""(probabilities, mask of scenarios, revealed share in these) -> states x these scenarios."""


def _shift(normal: np.ndarray) -> Move:
    return lambda chance, mask, revealed: shifted(chance, normal[mask], revealed)


def _tilt(signals: np.ndarray, noise: np.ndarray, theta: np.ndarray) -> Move:
    return lambda chance, mask, revealed: tilted(
        chance, signals, noise[:, mask], theta[mask], revealed
    )


def _before_news(own: MarginEvent) -> tuple[np.ndarray, np.ndarray, float]:
    """Probabilities that news move; those of a jump, and how likely it is.

    What may happen at any time before a date happens in a jump. Where it does not, it has
    become less likely, so that the mean stays.
    """
    chance = own.chance
    if not own.event.happens_by:
        return chance, chance, own.early_chance
    happened = np.where(own.happened, chance, 0.0)
    total = float(happened.sum())
    if not 0 < total < 1:
        return chance, happened, float(total >= 1)
    base = chance * np.where(
        own.happened,
        (1 - (1 - total) ** (1 - own.time_share)) / total,
        (1 - total) ** -own.time_share,
    )
    return base, happened / total, 1 - (1 - total) ** own.time_share


def signals_of(own: MarginEvent, listing: Listing) -> tuple[np.ndarray, list[str]]:
    """The signals of an unordered event, signals x states, and the names of their draws.

    An exclusive event has one for each market and one for "none"; of exactly k winners each
    market is one; elsewhere each state. A void state has none that counts.
    """
    pays = (own.payoffs == PAYOUT).astype(float)
    ordinary = own.payoffs.shape[1] - own.voids
    pays[:, ordinary:] = 0.0
    tickers = listing.tickers[own.markets]
    if own.event.structure == "k_of_n":
        return pays, tickers
    if own.event.structure.startswith("exclusive"):
        none = (pays.sum(axis=0) == 0).astype(float)
        none[ordinary:] = 0.0
        return np.vstack([pays, none]), [*tickers, "none"]
    states = np.eye(own.payoffs.shape[1])[:ordinary]
    return states, [f"state {place}" for place in range(ordinary)]


def _misses(prices: np.ndarray, mark: float) -> bool:
    """Whether the mean is off by more than a share of the mark and four standard errors."""
    chance = 4 * prices.std() / math.sqrt(len(prices))
    return abs(prices.mean() - mark) > _MISSES * mark + chance


def _joint(mark: float, legs: np.ndarray) -> np.ndarray:
    """A combination's price in proportion to its legs' product, between Frechet's bounds."""
    product = legs.prod(axis=0)
    mean = product.mean()
    price = mark * product / mean if mean > 0 else np.zeros_like(product)
    return np.clip(price, np.maximum(legs.sum(axis=0) - len(legs) + 1, 0), legs.min(axis=0))
