"""Scenario prices of a date: taken from the published file, or drawn by the published rule.

Belongs here: model price and both sets of S prices of every contract, in dollars. The streams
are in `draws`, what they do to a price in `prices` and `combination_prices`.

Interpretation where the specification is open:

- A combination that is not in the published file has no scenario price: its legs do not explain it.
  Any other contract that should be there and is not is a missing input.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.replica.combination_prices import LegPrices, combination_prices, selected
from reporting.replica.draws import normals, uniforms
from reporting.replica.listed import COMBINATION, ListedEvent, MissingInput, SelectedLeg, unit_of
from reporting.replica.parameters import EventParameters, Market, may_have_prices, model_prices
from reporting.replica.prices import PricedEvent, Streams, event_prices
from reporting.replica.schedule import DOLLAR
from reporting.replica.states import signals_of, states_of


@dataclass(frozen=True)
class ContractPrices:
    """Of one contract: model price p^, and P* in every scenario of both sets; dollars."""

    model_price: float
    at_rho: list[float]
    at_zero: list[float]


class PublishedPrices:
    """Prices as a member reads them from the file, by ticker."""

    def __init__(self, by_ticker: Mapping[str, ContractPrices]) -> None:
        self._by_ticker = by_ticker

    def of(self, unit: ListedEvent, market: Market) -> list[ContractPrices] | None:
        """By contract, None where the unit has no scenario prices.

        Raises MissingInput for a contract that should be in the file and is not.
        """
        if not may_have_prices(unit, market.parameters(unit)):
            return None
        tickers = [contract.ticker for contract in unit.contracts]
        missing = [ticker for ticker in tickers if ticker not in self._by_ticker]
        if missing and unit.structure == COMBINATION:
            return None
        if missing:
            raise MissingInput(f"{missing[0]} is not in the published scenario set")
        return [self._by_ticker[ticker] for ticker in tickers]


class DrawnPrices:
    """Prices drawn from the seed of the schedule; what was drawn once is kept."""

    def __init__(self, schedule: Mapping) -> None:
        self._seed = schedule["seed"]
        self._count = schedule["scenarios"]
        self._shared: dict[tuple[str, str], list[float]] = {}
        self._prices: dict[str, list[ContractPrices] | None] = {}
        self._tickers: dict[str, list[str]] = {}

    def of(self, unit: ListedEvent, market: Market) -> list[ContractPrices] | None:
        """By contract, None where the unit has no scenario prices.

        Raises MissingInput where the event has no probabilities.
        """
        if unit.ticker not in self._prices:
            self._prices[unit.ticker] = self._drawn(unit, market)
            self._tickers[unit.ticker] = [contract.ticker for contract in unit.contracts]
        return self._prices[unit.ticker]

    @property
    def drawn(self) -> dict[str, ContractPrices]:
        """All prices drawn so far, by contract."""
        return {
            ticker: prices
            for unit, by_contract in self._prices.items()
            for ticker, prices in zip(self._tickers[unit], by_contract or (), strict=False)
        }

    def _drawn(self, unit: ListedEvent, market: Market) -> list[ContractPrices] | None:
        parameters = market.parameters(unit)
        if not may_have_prices(unit, parameters):
            return None
        if unit.structure == COMBINATION:
            return self._combination(unit, market)
        if len(unit.probabilities) != len(states_of(unit).names):
            raise MissingInput(f"{unit.ticker} has no probability for each of its states")
        sets = event_prices(priced_event(unit, parameters), self._streams(unit, parameters))
        columns = zip(model_prices(unit), sets.at_rho, sets.at_zero, strict=True)
        return [ContractPrices(*prices) for prices in columns]

    def _combination(self, unit: ListedEvent, market: Market) -> list[ContractPrices] | None:
        legs = [self._leg(leg, market) for leg in unit.legs]
        mark = unit.contracts[0].mark / DOLLAR
        if not legs or None in legs:
            return None
        sets = combination_prices(mark, legs)
        return None if sets is None else [ContractPrices(mark, *sets)]

    def _leg(self, leg: SelectedLeg, market: Market) -> LegPrices | None:
        priced_by = leg_unit(leg, market)
        if priced_by is None:
            return None
        unit, number = priced_by
        contract = unit.contracts[number]
        if contract.settled:
            value = contract.mark / DOLLAR
            return selected(LegPrices(value, *[[value] * self._count] * 2), leg.yes)
        prices = self.of(unit, market)
        if prices is None:
            return None
        of_leg = prices[number]
        mark = of_leg.model_price if contract.mark is None else contract.mark / DOLLAR
        return selected(LegPrices(mark, of_leg.at_rho, of_leg.at_zero), leg.yes)

    def _streams(self, unit: ListedEvent, parameters: EventParameters) -> Streams:
        name = unit.ticker
        draws = {
            "group_factor": self._shared_stream("F", unit.category),
            "uniforms": self._shared_stream("U", parameters.cluster),
            "info": uniforms(self._seed, "info", name, self._count),
        }
        if unit.ordered:
            draws["eps"] = normals(self._seed, "eps", name, self._count)
        else:
            draws["theta"] = uniforms(self._seed, "theta", name, self._count)
            draws["eta"] = [
                normals(self._seed, "eta", f"{name}\n{signal}", self._count)
                for signal in signals_of(unit)
            ]
        return Streams(count=self._count, **draws)

    def _shared_stream(self, kind: str, name: str) -> list[float]:
        if (kind, name) not in self._shared:
            draw = normals if kind == "F" else uniforms
            self._shared[kind, name] = draw(self._seed, kind, name, self._count)
        return self._shared[kind, name]


def leg_unit(leg: SelectedLeg, market: Market) -> tuple[ListedEvent, int] | None:
    """The unit that prices a leg, and the leg's number in it; None where nothing does."""
    event = market.events.get(leg.event)
    if event is None or event.structure == COMBINATION:
        return None
    return unit_of(event, leg.ticker)


def priced_event(unit: ListedEvent, parameters: EventParameters) -> PricedEvent:
    """What the prices of a listed event follow from."""
    return PricedEvent(
        payoffs=[[y / DOLLAR for y in row] for row in states_of(unit).payoffs],
        probabilities=list(unit.probabilities),
        ordered=unit.ordered,
        information=parameters.information,
        rho=parameters.rho,
        lumps=parameters.lumps,
        jump_probability=parameters.jump_probability,
        happens=parameters.happened,
        happens_probability=parameters.happens_probability,
        sign=parameters.sign,
        signals=[] if unit.ordered else list(signals_of(unit).values()),
        loadings=None if parameters.loadings is None else list(parameters.loadings),
    )


PriceSource = PublishedPrices | DrawnPrices
