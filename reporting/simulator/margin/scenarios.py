"""Scenario prices of every contract (docs/model.md, section 6)."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr, ndtri

from reporting.simulator.margin.draws import GroupFactors, normals, uniforms
from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.parameters import EventParameters, jump_chances, sigmas
from reporting.simulator.margin.probabilities import state_probabilities
from reporting.simulator.margin.schedules import Schedule
from reporting.simulator.market.listing import PAYOUT, Event, Listing


class ScenarioSet:
    """Price moves of one date under one schedule, worked out when an event is first asked for."""

    def __init__(self, listing: Listing, schedule: Schedule, state: CycleState) -> None:
        self._listing = listing
        self._state = state
        self._factors = GroupFactors(schedule.parameters)
        self._multiple = schedule["stress_jump_multiple_bps"] / 10_000
        self._losses: dict[str, np.ndarray] = {}

    @property
    def scenarios(self) -> int:
        """Number of scenarios."""
        return self._factors.scenarios

    def losses(self, own: EventParameters) -> np.ndarray:
        """What one YES of each market loses in each scenario: markets x scenarios, centicents."""
        ticker = own.event.ticker
        if ticker not in self._losses:
            sigma = sigmas(own, self._state)
            pieces = [
                self._fall(own, name, float(sigma[part.start]), part, table)
                for name, part, table in self._pieces(own.event)
            ]
            self._losses[ticker] = np.concatenate(pieces)
        return self._losses[ticker]

    def _pieces(self, event: Event) -> Iterator[tuple[str, slice, np.ndarray]]:
        """What resolves together: its name, its places in the event, payoffs of all states."""
        table = event.payoffs
        if event.void_at_mark:
            markets = slice(event.markets.start, event.markets.stop)
            table = np.column_stack([table, np.maximum(self._state.marks[markets], 0)])
        if not event.separate:
            yield event.ticker, slice(0, event.market_count), table
            return
        for place, market in enumerate(event.markets):
            part = slice(place, place + 1)
            yield self._listing.tickers[market], part, table[part]

    def _fall(
        self, own: EventParameters, name: str, sigma: float, part: slice, table: np.ndarray
    ) -> np.ndarray:
        """Model price less scenario price of the markets of one piece, centicents."""
        event = own.event
        markets = slice(event.first_market + part.start, event.first_market + part.stop)
        voids = event.void_in_payoffs + event.void_at_mark
        states = table.shape[1]
        chance = state_probabilities(
            event.structure,
            table[:, : states - voids],
            self._state.marks[markets],
            self._state.settled[markets],
        )
        # A void has no probability: its draws are skipped, but it counts among the states.
        likely = np.flatnonzero(chance)
        chance, table = chance[likely], table[:, likely]
        model_price = table @ chance
        direction = np.linspace(1, -1, states)[likely]
        prices = self._shocked(own, name, sigma, states, likely, chance, direction, table)
        jumps = jump_chances(own, float(model_price.sum()) / PAYOUT, self._multiple)
        jumping = self._jumping(own, jumps)
        prices[:, jumping] = table[:, self._resolved(own, name, chance, jumping)]
        return model_price[:, None] - prices

    def _shocked(
        self,
        own: EventParameters,
        name: str,
        sigma: float,
        states: int,
        likely: np.ndarray,
        chance: np.ndarray,
        direction: np.ndarray,
        table: np.ndarray,
    ) -> np.ndarray:
        """Prices after the diffusion of the states' probabilities, markets x scenarios."""
        drawn = uniforms(self._factors.seed, "eps", name, states * self.scenarios)
        own_part = math.sqrt(1 - own.rho) * ndtri(drawn.reshape(states, -1)[likely])
        common = math.sqrt(own.rho) * direction[:, None] * self._factors.of(own.group)[0]
        shock = sigma * math.sqrt(own.mpor_days) * (common + own_part)
        weight = chance[:, None] * np.exp(shock)
        return table @ weight / weight.sum(axis=0)

    def _jumping(self, own: EventParameters, chances: tuple[float, float]) -> np.ndarray:
        """The scenarios in which the event resolves; stress scenarios come first."""
        drawn = uniforms(self._factors.seed, "U", own.cluster, self.scenarios)
        ordinary, stress = chances
        chance = np.full(self.scenarios, ordinary)
        chance[: self._factors.stress] = stress
        return np.flatnonzero(drawn < chance)

    def _resolved(
        self, own: EventParameters, name: str, chance: np.ndarray, jumping: np.ndarray
    ) -> np.ndarray:
        """Which of the likely states each jump resolves to."""
        mine = normals(self._factors.seed, "xi", name, self.scenarios)[jumping]
        common = self._factors.of(own.group)[1][jumping]
        level = ndtr(math.sqrt(own.rho) * common + math.sqrt(1 - own.rho) * mine)
        state = np.searchsorted(np.cumsum(chance), 1 - level, side="right")
        return np.minimum(state, len(chance) - 1)
