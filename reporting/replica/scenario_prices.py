"""Scenario prices of a date: taken from the published file, or drawn by the published rule.

Belongs here: model price and S prices of every contract, in dollars. Drawing is docs/model.md
section 6: the streams are in `draws`, what they do to a price in `prices`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reporting.replica.draws import group_factor, normals, state_shocks, stress_count, uniforms
from reporting.replica.listed import DOLLAR, ListedEvent, MissingInput, states_of
from reporting.replica.parameters import BPS, EventParameters, model_prices
from reporting.replica.prices import PricedEvent, Scenarios, event_prices


@dataclass(frozen=True)
class ContractPrices:
    """Of one contract: model price p^, and P* in every scenario; dollars."""

    model_price: float
    prices: list[float]


class PublishedPrices:
    """Prices as a member reads them from the file, by ticker."""

    def __init__(self, by_ticker: Mapping[str, ContractPrices]) -> None:
        self._by_ticker = by_ticker

    def of(self, unit: ListedEvent, parameters: EventParameters) -> list[ContractPrices]:
        """By contract. Raises MissingInput for one that is not in the file."""
        for contract in unit.contracts:
            if contract.ticker not in self._by_ticker:
                raise MissingInput(f"{contract.ticker} is not in the published scenario set")
        return [self._by_ticker[contract.ticker] for contract in unit.contracts]


class DrawnPrices:
    """Prices drawn from the seed of the schedule; what was drawn once is kept."""

    def __init__(self, schedule: Mapping) -> None:
        self._seed = schedule["seed"]
        self._count = schedule["scenarios"]
        self._share = str(Fraction(schedule["stress_share_bps"], BPS))
        self._stress_factors = [bps / BPS for bps in schedule["stress_factors_bps"]]
        self._stressed = stress_count(self._count, self._share)
        self._group_factors: dict[str, list[float]] = {}
        self._jump_factors: dict[str, list[float]] = {}
        self._uniforms: dict[str, list[float]] = {}
        self._prices: dict[str, list[ContractPrices]] = {}
        self._tickers: dict[str, list[str]] = {}

    def of(self, unit: ListedEvent, parameters: EventParameters) -> list[ContractPrices]:
        """By contract. Raises MissingInput where the event has no probabilities."""
        if unit.ticker not in self._prices:
            self._prices[unit.ticker] = self._drawn(unit, parameters)
            self._tickers[unit.ticker] = [contract.ticker for contract in unit.contracts]
        return self._prices[unit.ticker]

    @property
    def drawn(self) -> dict[str, ContractPrices]:
        """All prices drawn so far, by contract."""
        return {
            ticker: prices
            for unit, parameters in self._prices.items()
            for ticker, prices in zip(self._tickers[unit], parameters, strict=True)
        }

    def _drawn(self, unit: ListedEvent, parameters: EventParameters) -> list[ContractPrices]:
        states = states_of(unit)
        if len(unit.probabilities) != len(states.names):
            raise MissingInput(f"{unit.ticker} has no probability for each of its states")
        group, cluster = unit.category, parameters.cluster
        self._draw_shared(group, cluster)
        scenarios = Scenarios(
            count=self._count,
            group_factors=self._group_factors,
            jump_factors=self._jump_factors,
            uniforms=self._uniforms,
            state_shocks={
                unit.ticker: state_shocks(self._seed, unit.ticker, len(states.names), self._count)
            },
            own_jump_factors={unit.ticker: normals(self._seed, "xi", unit.ticker, self._count)},
        )
        stressed, plain = self._stressed, self._count - self._stressed
        marks = model_prices(unit)
        event = PricedEvent(
            id=unit.ticker,
            payoffs=[[y / DOLLAR for y in row] for row in states.payoffs],
            probabilities=list(unit.probabilities),
            sigma=parameters.sigma,
            rho=parameters.rho,
            group=group,
            jump_probabilities=(
                [parameters.stress_jump_probability] * stressed
                + [parameters.jump_probability] * plain
            ),
            liquidation_days=parameters.liquidation_days,
            cluster=cluster,
        )
        rows = event_prices(event, scenarios)
        columns = zip(*rows, strict=True)
        return [
            ContractPrices(mark, list(column)) for mark, column in zip(marks, columns, strict=True)
        ]

    def _draw_shared(self, group: str, cluster: str) -> None:
        if group not in self._group_factors:
            self._group_factors[group] = group_factor(
                self._seed, group, self._count, self._share, self._stress_factors
            )
            self._jump_factors[group] = normals(self._seed, "FJ", group, self._count)
        if cluster not in self._uniforms:
            self._uniforms[cluster] = uniforms(self._seed, "U", cluster, self._count)


PriceSource = PublishedPrices | DrawnPrices
