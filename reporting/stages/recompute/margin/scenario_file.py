"""The file that publishes the scenario set of a date, from which a member rebuilds its margin."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet

from reporting import files
from reporting.engine.declaration import schema_of, table
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.scenario_set import Draws, MarketScenarios, ScenarioSet


@dataclass(frozen=True)
class Published:
    """A written scenario file: its name inside the folder of the date, hash and size."""

    file_name: str
    sha256: str
    bytes: int


def publish(prices: ScenarioSet, schedule: Schedule, folder: Path) -> Published:
    """Write the set as Parquet; a reader sees the whole file or the one before, never a part.

    One row per contract: ``event_ticker``, ``ticker``, ``model_price`` and the lists
    ``prices_at_rho`` and ``prices_at_zero``, dollars. Uncompressed, since draws do not compress;
    same set, same bytes.
    """
    rows = pyarrow.table(
        {
            "event_ticker": pyarrow.array(prices.event_tickers, pyarrow.string()),
            "ticker": pyarrow.array(prices.tickers, pyarrow.string()),
            "model_price": prices.model_price,
            "prices_at_rho": _lists(prices.at_rho),
            "prices_at_zero": _lists(prices.at_zero),
        }
    ).replace_schema_metadata({"schedule_version": schedule.version, "seed": str(schedule.seed)})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_file_stem(schedule.version)}.parquet"
    part = path.with_name(f".{path.name}.part")
    pyarrow.parquet.write_table(
        rows, part, compression="NONE", use_dictionary=False, write_statistics=False
    )
    with open(part, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    files.put(part, path)
    return Published(path.name, digest, path.stat().st_size)


@table(
    "recompute.scenario_sets",
    grain="one row per date",
    meaning=(
        "the published scenario sets, at the groups' correlations and at none: prices of every"
        " contract that is not fully collateralised, in every scenario, with the hash of its"
        " Parquet file; a member rebuilds its margin from it"
    ),
    reads="recompute.event_parameters",
    columns="""
        schedule_version file_name sha256 bytes seed scenarios events contracts
    """,
)
def scenario_set_rows(
    scenarios: MarketScenarios, published: Published, draws: Draws
) -> pyarrow.Table:
    """The one row of the date: what was published, and from which draws."""
    schedule, prices = scenarios.schedule, scenarios.prices
    plan = draws.of(schedule).plan
    row = {
        **vars(published),
        "schedule_version": schedule.version,
        "seed": plan.seed,
        "scenarios": plan.scenarios,
        "events": len(set(prices.event_tickers)),
        "contracts": len(prices.tickers),
    }
    return pyarrow.Table.from_pylist([row], schema_of("recompute.scenario_sets"))


def _lists(prices: np.ndarray) -> pyarrow.FixedSizeListArray:
    return pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(prices.ravel()), prices.shape[1])


def _file_stem(version: str) -> str:
    """A version as a file name: what is not a letter, digit, dot or dash becomes a dash."""
    kept = "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in version)
    return kept.lstrip(".") or "schedule"
