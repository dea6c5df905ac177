"""A scenario applied to the books of a drill: prices, and its own close-out cost.

Losses by account are ``model/stress``.
"""

import numpy as np

from reporting.model.events.terms import BINARIES, has_listed_states
from reporting.model.stress.events import CloseOut, Scenario
from reporting.model.stress.losses import close_out_losses, scenario_prices
from reporting.model.stress.stress_book import StressBook


def own_close_out(close_out: CloseOut | None, held: StressBook, group: int) -> np.ndarray:
    """The scenario's own close-out cost of the defaulting group, which the drill's auction and
    liquidation replace."""
    if close_out is None:
        return np.zeros(len(held.accounts.group), dtype=np.int64)
    return np.where(held.accounts.group == group, close_out_losses(held, close_out), 0)


def prices(scenario: Scenario, held: StressBook) -> tuple[np.ndarray, np.ndarray]:
    """Price in the scenario, and whether the contract is still open, by contract.

    An outcome settles all contracts of its event. If the event has no joint states, contracts that
    keep their mark stay open.
    """
    market = held.market
    price = market.marks.copy()
    moved = scenario_prices(scenario, market)
    price[moved.contract] = moved.price
    settled = [np.zeros(0, dtype=bool)]
    outcomes = {outcome.event_ticker for outcome in scenario.outcomes}
    for event in market.events:
        now = np.zeros(len(event.terms.legs), dtype=bool)
        if event.settled is not None:
            now |= event.settled
        if event.terms.event_ticker in outcomes:
            contracts = market.contracts(event.terms.event_ticker)
            joint = event.terms.structure != BINARIES and has_listed_states(event.terms)
            now |= joint | (price[contracts] != market.marks[contracts])
        settled.append(now)
    return price, ~np.concatenate(settled)
