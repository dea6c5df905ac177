"""One event of a margined book: its worst case, ramp, scenario losses and add-ons.

Belongs here: what docs/model.md section 5 says of a single event; the sums over events are
in `account`. Money is whole micros (1e-6 USD), float64 only in scenario losses.

Interpretation where the page is open:

- w_e W_e and kappa W_e of separate binaries are those of the whole event, each rounded up.
- The model price that a loss starts from is that of the price source.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reporting.replica.add_ons import AddOn, add_on
from reporting.replica.listed import (
    DOLLAR,
    AccountBooks,
    EventWorstCase,
    ListedEvent,
    MissingInput,
    is_listed,
    priced_units,
    quantities_of,
    state_count,
    worst_case_of,
)
from reporting.replica.parameters import EventParameters, Pools, event_parameters
from reporting.replica.scenario_prices import PriceSource


@dataclass(frozen=True)
class HeldContract:
    """One position of the margined book; ``losses`` per scenario at weight 1 - w, micros.

    ``model_price`` in dollars; both None where the event is held in full.
    """

    ticker: str
    quantity: int
    mark: int
    model_price: float | None
    losses: list[float] | None


@dataclass(frozen=True)
class HeldEvent:
    """An event of the margined book with its parameters, W, ramp weight and positions."""

    event: ListedEvent
    parameters: EventParameters
    worst_case: EventWorstCase
    wrong_way: bool
    ramp: Fraction
    ramped_micros: int
    jump_micros: int
    contracts: list[HeldContract]


def held_events(book: Mapping[str, int], events: Mapping[str, ListedEvent]) -> list[ListedEvent]:
    """The events held by a book, by ticker. Raises MissingInput."""
    event_of = {c.ticker: name for name, event in events.items() for c in event.contracts}
    for ticker, quantity in book.items():
        if quantity and ticker not in event_of:
            raise MissingInput(f"{ticker} is held and its event was not given")
    return [events[name] for name in sorted({event_of[t] for t, q in book.items() if q})]


def states_to_draw(
    account: AccountBooks, events: Mapping[str, ListedEvent], schedule: Mapping, pools: Pools
) -> dict[str, int]:
    """By event (or contract of separate binaries): states of those that need scenario prices."""
    states = {}
    for event in held_events(account.margined, events):
        parameters = event_parameters(event, schedule, pools)
        if _ramp(event, account, parameters) < 1:
            for unit in priced_units(event):
                if any(account.margined.get(contract.ticker) for contract in unit.contracts):
                    states[unit.ticker] = state_count(unit)
    return states


def held_event(
    event: ListedEvent,
    account: AccountBooks,
    schedule: Mapping,
    pools: Pools,
    prices: PriceSource,
) -> HeldEvent:
    """All figures of one event of the margined book. Raises MissingInput."""
    quantities = quantities_of(event, account.margined)
    worst = worst_case_of(event, quantities)
    parameters = event_parameters(event, schedule, pools)
    ramp = _ramp(event, account, parameters)
    contracts = []
    for unit in priced_units(event):
        contracts += _held_contracts(unit, account.margined, ramp, schedule, pools, prices)
    return HeldEvent(
        event=event,
        parameters=parameters,
        worst_case=worst,
        wrong_way=_is_wrong_way(event, account),
        ramp=ramp,
        ramped_micros=math.ceil(ramp * worst.micros),
        jump_micros=math.ceil(parameters.kappa * worst.micros),
        contracts=contracts,
    )


def _is_wrong_way(event: ListedEvent, account: AccountBooks) -> bool:
    return event.ticker in account.linked or event.series in account.linked


def _ramp(event: ListedEvent, account: AccountBooks, parameters: EventParameters) -> Fraction:
    """Ramp weight w; also 1 for wrong-way exposure and if states cannot be listed."""
    listed = all(is_listed(unit) for unit in priced_units(event))
    return parameters.ramp if listed and not _is_wrong_way(event, account) else Fraction(1)


def _held_contracts(
    unit: ListedEvent,
    book: Mapping[str, int],
    ramp: Fraction,
    schedule: Mapping,
    pools: Pools,
    prices: PriceSource,
) -> list[HeldContract]:
    held = [(n, c) for n, c in enumerate(unit.contracts) if book.get(c.ticker)]
    if not held:
        return []
    if ramp == 1:
        return [HeldContract(c.ticker, book[c.ticker], c.mark, None, None) for _, c in held]
    by_contract = prices.of(unit, event_parameters(unit, schedule, pools))
    contracts = []
    for number, contract in held:
        quantity, priced = book[contract.ticker], by_contract[number]
        if len(priced.prices) != schedule["scenarios"]:
            raise MissingInput(f"{contract.ticker} has {len(priced.prices)} scenario prices")
        size = float(1 - ramp) * quantity * DOLLAR
        losses = [size * (priced.model_price - price) for price in priced.prices]
        contracts.append(
            HeldContract(contract.ticker, quantity, contract.mark, priced.model_price, losses)
        )
    return contracts


def event_add_ons(held: HeldEvent, schedule: Mapping, pools: Pools) -> list[AddOn]:
    """The add-on of each position in the event."""
    added = []
    quantities = {contract.ticker: contract.quantity for contract in held.contracts}
    for unit in priced_units(held.event):
        for contract in unit.contracts:
            if contract.ticker in quantities:
                parameters = event_parameters(unit, schedule, pools)
                days = parameters.liquidation_days
                quantity = quantities[contract.ticker]
                added.append(add_on(contract, quantity, parameters.sigma, days, schedule))
    return added
