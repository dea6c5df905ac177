"""The one recipe from positions, market, schedule and draws to margins.

Scenario events, scenario set, worst cases by event, combination credits, margins: in this order,
each step computed when first asked for. Source: margin-model.md sections 4 and 5.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reporting.model.margin.parameters import EventParameters
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import Market, Pools
from reporting.model.portfolio.portfolio import Netting, Portfolio
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_events import scenario_events
from reporting.model.portfolio.scenario_set import Draws, MarketScenarios

Change = Callable[[EventParameters], EventParameters]


@dataclass(frozen=True)
class Valuation:
    """A portfolio under the scenarios of its market."""

    portfolio: Portfolio
    scenarios: MarketScenarios

    @cached_property
    def margins(self) -> Margins:
        """Margins of all accounts. Raises ModelError on overflow."""
        return self.portfolio.margins(self.scenarios)

    def under(
        self, schedule: Schedule, change: Change | None = None, pools: Pools | None = None
    ) -> "Valuation":
        """The same portfolio and events on the same draws, under another schedule.

        ``change`` is applied to the parameters of each event; ``pools`` replace the volatility
        pools of the market.
        """
        market = self.scenarios.market
        priced = dict.fromkeys(event.event for event in self.scenarios.events)
        with_pools = market if pools is None else replace(market, pools=pools)
        events = scenario_events(with_pools, schedule, priced)
        if change is not None:
            events = [replace(event, parameters=change(event.parameters)) for event in events]
        scenarios = MarketScenarios(market, schedule, events, self.scenarios.draws, self.scenarios)
        return Valuation(self.portfolio, scenarios)


def value(
    positions: Positions,
    market: Market,
    accounts: int,
    schedule: Schedule,
    draws: Draws,
    *,
    netting: Netting = Netting.FULL,
    held_only: bool = False,
    owners: np.ndarray | None = None,
) -> Valuation:
    """Value the positions of the accounts 0..accounts-1 under a schedule.

    held_only: price only the events that somebody holds. Prices of the others cost time and change
    no margin. owners: int64[accounts], a number per beneficial owner; each account is its own owner
    if None.
    """
    events = scenario_events(market, schedule, np.unique(positions.event) if held_only else None)
    return Valuation(
        Portfolio(positions, market, accounts, netting, owners),
        MarketScenarios(market, schedule, events, draws),
    )
