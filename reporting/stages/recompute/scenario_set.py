"""The scenario set of a date: P* of every contract, and the file in which it is published.

Belongs here: from scenario events to one matrix of prices, the same for every account, and
its Parquet file, from which a member rebuilds its margin. The prices themselves are in
``model/scenarios``.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet

from reporting.engine.declaration import table
from reporting.model.margin.draws import DrawPlan, DrawTable
from reporting.model.margin.scenarios import EventRisk, scenario_prices
from reporting.model.margin.schedule import Schedule
from reporting.stages.recompute.books import Market
from reporting.stages.recompute.event_risk import ScenarioEvent


@dataclass(frozen=True)
class ScenarioSet:
    """Prices of contracts in dollars, row by row.

    tickers and event_tickers: of the rows; row: int64[contracts of the market], where a
    contract's prices stand, -1 for none; model_price: float64[n], p-hat; prices:
    float64[n, S], P*.
    """

    tickers: Sequence[str]
    event_tickers: Sequence[str]
    row: np.ndarray
    model_price: np.ndarray
    prices: np.ndarray


class Draws:
    """The draws of a date by plan; variants of a schedule share them."""

    def __init__(self) -> None:
        self._tables: dict[DrawPlan, DrawTable] = {}

    def of(self, schedule: Schedule) -> DrawTable:
        plan = DrawPlan.of(schedule)
        return self._tables.setdefault(plan, DrawTable(plan))


def scenario_set(market: Market, events: Sequence[ScenarioEvent], draws: DrawTable) -> ScenarioSet:
    """P* of the events that are in the set; each event's prices hang on itself alone."""
    chosen = [event for event in events if event.in_set]
    contracts = sum(len(event.legs) for event in chosen)
    row = np.full(market.first_contract[-1], -1, dtype=np.int64)
    model_price = np.zeros(contracts)
    prices = np.zeros((contracts, draws.plan.scenarios))
    stressed = np.arange(draws.plan.scenarios) < draws.plan.stress_scenarios
    tickers, event_tickers, first = [], [], 0
    for event in chosen:
        parameters = event.parameters
        risk = EventRisk(
            event_ticker=event.name,
            payoffs=event.payoffs,
            probabilities=event.probabilities,
            sigma=parameters.sigma,
            rho=parameters.rho,
            jump_probability=np.where(
                stressed, parameters.stress_jump_probability, parameters.jump_probability
            ),
        )
        drawn = draws.of_event(
            event.name,
            market.categories[event.event],
            parameters.cluster,
            len(event.probabilities),
        )
        last = first + len(event.legs)
        model_price[first:last] = risk.marks
        prices[first:last] = scenario_prices(risk, drawn, parameters.liquidation_days)
        row[market.first_contract[event.event] + event.legs] = np.arange(first, last)
        tickers += [market.terms[event.event].legs[leg] for leg in event.legs]
        event_tickers += [market.events[event.event]] * len(event.legs)
        first = last
    return ScenarioSet(tickers, event_tickers, row, model_price, prices)


@dataclass(frozen=True)
class Published:
    """A written scenario file: its name inside the folder of the date, hash and size."""

    file_name: str
    sha256: str
    bytes: int


def publish(found: ScenarioSet, schedule: Schedule, folder: Path) -> Published:
    """Write the set as Parquet; a reader sees the whole file or the one before, never a part.

    One row per contract: ``event_ticker``, ``ticker``, ``model_price`` and the list
    ``prices``, dollars. Uncompressed, since draws do not compress; same set, same bytes.
    """
    scenarios = found.prices.shape[1]
    flat = pyarrow.array(found.prices.ravel())
    table = pyarrow.table(
        {
            "event_ticker": pyarrow.array(found.event_tickers, pyarrow.string()),
            "ticker": pyarrow.array(found.tickers, pyarrow.string()),
            "model_price": found.model_price,
            "prices": pyarrow.FixedSizeListArray.from_arrays(flat, scenarios),
        }
    ).replace_schema_metadata({"schedule_version": schedule.version, "seed": str(schedule.seed)})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_file_stem(schedule.version)}.parquet"
    part = path.with_name(f".{path.name}.part")
    pyarrow.parquet.write_table(
        table, part, compression="NONE", use_dictionary=False, write_statistics=False
    )
    with open(part, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    part.replace(path)
    return Published(path.name, digest, path.stat().st_size)


@table(
    "recompute.scenario_sets",
    grain="one row per date",
    meaning=(
        "the published scenario set: prices of every contract that is not in full collateral,"
        " in every scenario, with the hash of its Parquet file; from it a member rebuilds its"
        " margin"
    ),
    owner="risk",
    reads=("recompute.event_parameters",),
    columns=(
        "schedule_version",
        "file_name",
        "sha256",
        "bytes",
        "seed",
        "scenarios",
        "stress_scenarios",
        "events",
        "contracts",
    ),
)
def scenario_set_rows(
    schedule: Schedule, prices: ScenarioSet, published: Published, draw_table: DrawTable
) -> pyarrow.Table:
    """The one row of the date: what was published, and from which draws."""
    return pyarrow.table(
        {
            "schedule_version": [schedule.version],
            "file_name": [published.file_name],
            "sha256": [published.sha256],
            "bytes": [published.bytes],
            "seed": [draw_table.plan.seed],
            "scenarios": [draw_table.plan.scenarios],
            "stress_scenarios": [draw_table.plan.stress_scenarios],
            "events": [len(set(prices.event_tickers))],
            "contracts": [len(prices.tickers)],
        }
    )


def _file_stem(version: str) -> str:
    """A version as a file name: what is not a letter, digit, dot or dash becomes a dash."""
    kept = "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in version)
    return kept.lstrip(".") or "schedule"
