"""One event of a margined book: worst case, ramp, scenario losses, fit term, gap and add-ons.

Belongs here: what section 5 of the model says of a single event; the sums over events are in
`account`. Money is whole micros (1e-6 USD), float64 only in scenario losses, fit and gap.

Interpretation where the specification is open:

- w_e max(W_e, 0) of separate binaries is that of the whole event, rounded up; their gaps are taken
  contract by contract and added.
- A gap is rounded up to a micro (to a thousandth of one first) before it is capped by the worst
  case; kappa W is rounded up.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reporting.replica.add_ons import AddOn, add_on
from reporting.replica.gap import move_gap
from reporting.replica.listed import (
    AccountBooks,
    ListedEvent,
    MissingInput,
    priced_units,
    quantities_of,
)
from reporting.replica.parameters import EventParameters, Market, may_have_prices
from reporting.replica.scenario_prices import ContractPrices, PriceSource, leg_unit
from reporting.replica.schedule import BPS, DOLLAR
from reporting.replica.states import is_listed, state_count
from reporting.replica.worst_case import EventWorstCase, state_losses, worst_case_of


@dataclass(frozen=True)
class HeldContract:
    """One position of the margined book; losses per scenario at weight 1 - w, micros.

    ``model_price`` in dollars; it and the losses are None where the event is held in full.
    """

    ticker: str
    quantity: int
    mark: int
    model_price: float | None
    losses_at_rho: list[float] | None
    losses_at_zero: list[float] | None


@dataclass(frozen=True)
class Gap:
    """The gap of one event, micros: the larger of a move and a resolution, at most W.

    ``resolution_micros`` is None where the event cannot resolve inside the period.
    """

    move_micros: int
    resolution_micros: int | None
    micros: int


@dataclass(frozen=True)
class HeldEvent:
    """An event of the margined book with its parameters, W, ramp weight and positions.

    ``held_in_full``: why the ramp weight is 1 although the ramp is below it, else empty.
    ``fit_micros``: what raw and fitted marks disagree on, where it is a loss, times 1 - w.
    """

    event: ListedEvent
    parameters: EventParameters
    worst_case: EventWorstCase
    held_in_full: str
    ramp: Fraction
    ramped_micros: int
    fit_micros: float
    gap: Gap
    contracts: list[HeldContract]
    add_ons: list[AddOn]


def micros_up(amount: float) -> int:
    """A float64 amount in whole micros: to a thousandth of a micro, then up."""
    return math.ceil(Fraction(round(amount * 1000), 1000))


def held_events(book: Mapping[str, int], events: Mapping[str, ListedEvent]) -> list[ListedEvent]:
    """The events held by a book, by ticker. Raises MissingInput."""
    event_of = {c.ticker: name for name, event in events.items() for c in event.contracts}
    for ticker, quantity in book.items():
        if quantity and ticker not in event_of:
            raise MissingInput(f"{ticker} is held and its event was not given")
    return [events[name] for name in sorted({event_of[t] for t, q in book.items() if q})]


def states_to_draw(account: AccountBooks, market: Market) -> dict[str, int]:
    """By event (or contract of separate binaries): states of those that need scenario prices."""
    states: dict[str, int] = {}
    for event in held_events(account.margined, market.events):
        for unit in _held_units(event, account.margined):
            legs = filter(None, (leg_unit(leg, market) for leg in event.legs))
            for needed in (unit, *(leg for leg, _ in legs)):
                if may_have_prices(needed, market.parameters(needed)):
                    states[needed.ticker] = state_count(needed)
    return states


def held_event(
    event: ListedEvent, account: AccountBooks, market: Market, prices: PriceSource
) -> HeldEvent:
    """All figures of one event of the margined book. Raises MissingInput."""
    book = account.margined
    worst = worst_case_of(event, quantities_of(event, book), market.schedule)
    parameters = market.parameters(event)
    units = _held_units(event, book)
    why, by_unit = _why_in_full(event, account), {}
    if parameters.ramp < 1 and not why:
        by_unit = {unit.ticker: prices.of(unit, market) for unit in units}
        if None in by_unit.values():
            why = "its legs do not explain its mark" if event.legs else "no scenario price"
    ramp = Fraction(1) if why else parameters.ramp
    contracts, fit = [], 0.0
    for unit in units:
        priced = None if ramp == 1 else by_unit[unit.ticker]
        contracts += _held_contracts(unit, book, ramp, priced, market.schedule)
        fit += float(1 - ramp) * _fit_micros(unit, book, priced)
    gaps = [_gap(unit, quantities_of(unit, book), market) for unit in units]
    return HeldEvent(
        event=event,
        parameters=parameters,
        worst_case=worst,
        held_in_full=why,
        ramp=ramp,
        ramped_micros=math.ceil(ramp * worst.loss_micros),
        fit_micros=fit,
        gap=_sum_of(gaps, worst.loss_micros),
        contracts=contracts,
        add_ons=[
            add_on(
                contract,
                book[contract.ticker],
                account.owner_quantity(contract.ticker),
                market.parameters(unit).information,
                market.schedule,
            )
            for unit in units
            for contract in unit.contracts
            if book.get(contract.ticker)
        ],
    )


def _held_units(event: ListedEvent, book: Mapping[str, int]) -> list[ListedEvent]:
    return [
        unit
        for unit in priced_units(event)
        if any(book.get(contract.ticker) for contract in unit.contracts)
    ]


def _why_in_full(event: ListedEvent, account: AccountBooks) -> str:
    """Why the event is held in full at any ramp, in words; else empty."""
    if event.ticker in account.linked or event.series in account.linked:
        return "wrong-way exposure"
    if not all(is_listed(unit) for unit in priced_units(event)):
        return "too many states"
    return ""


def _held_contracts(
    unit: ListedEvent,
    book: Mapping[str, int],
    ramp: Fraction,
    priced: list[ContractPrices] | None,
    schedule: Mapping,
) -> list[HeldContract]:
    contracts = []
    for number, contract in enumerate(unit.contracts):
        quantity = book.get(contract.ticker, 0)
        if quantity and priced is None:
            contracts.append(
                HeldContract(contract.ticker, quantity, contract.mark, None, None, None)
            )
        elif quantity:
            of_contract = priced[number]
            size = float(1 - ramp) * quantity * DOLLAR
            losses = []
            for scenario_prices in (of_contract.at_rho, of_contract.at_zero):
                if len(scenario_prices) != schedule["scenarios"]:
                    raise MissingInput(
                        f"{contract.ticker} has {len(scenario_prices)} scenario prices"
                    )
                losses.append([size * (of_contract.model_price - p) for p in scenario_prices])
            contracts.append(
                HeldContract(
                    contract.ticker, quantity, contract.mark, of_contract.model_price, *losses
                )
            )
    return contracts


def _fit_micros(
    unit: ListedEvent, book: Mapping[str, int], priced: list[ContractPrices] | None
) -> float:
    """max(0, sum of q (p - p^)): raw marks against fitted ones."""
    if priced is None:
        return 0.0
    differences = [
        book[contract.ticker] * (contract.mark - DOLLAR * of_contract.model_price)
        for contract, of_contract in zip(unit.contracts, priced, strict=True)
        if book.get(contract.ticker)
    ]
    return max(0.0, math.fsum(differences))


def _gap(unit: ListedEvent, quantities: list[int], market: Market) -> Gap:
    """The gap of an event, or of a contract of separate binaries."""
    parameters, schedule = market.parameters(unit), market.schedule
    worst = worst_case_of(unit, quantities, schedule).loss_micros
    if not is_listed(unit):
        return Gap(worst, None, worst)
    losses = state_losses(unit, quantities)
    if len(unit.probabilities) != len(losses):
        raise MissingInput(f"{unit.ticker} has no probability for each of its states")
    move = micros_up(
        move_gap(
            losses,
            unit.probabilities,
            parameters.gap_information,
            schedule["gap_quantile_bps"] / BPS,
        )
    )
    resolution = None
    if parameters.may_resolve:
        resolution = math.ceil(parameters.kappa * worst)
    elif parameters.happened:
        happened = max(0, *(losses[state] for state in parameters.happened))
        resolution = math.ceil(parameters.kappa * happened)
    return Gap(move, resolution, min(worst, max(move, resolution or 0)))


def _sum_of(gaps: list[Gap], worst: int) -> Gap:
    resolutions = [gap.resolution_micros for gap in gaps if gap.resolution_micros is not None]
    return Gap(
        sum(gap.move_micros for gap in gaps),
        sum(resolutions) if resolutions else None,
        min(worst, sum(gap.micros for gap in gaps)),
    )
