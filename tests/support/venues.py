"""Simulated venues, homes that a day was run in, and what the lake then holds.

What a test of the pipeline needs before it can ask its question. Nothing here knows
what the right answer is.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from reporting.engine.stage import StageResult
from reporting.engine.tables import all_tables
from reporting.lake import Lake, open_lake
from reporting.lake.connection import STAGES
from reporting.settings import Settings
from reporting.simulator.api import simulate_venue
from reporting.stages.run import run_stage_of, workbench

DAY_1, DAY_2 = date(2026, 5, 4), date(2026, 5, 5)
DAYS = (DAY_1, DAY_2)
ACCOUNTS, TRADES = 24, 400
REPLICA_DRAWS = 20_000

Contents = dict[str, list[tuple]]
"""Rows of each table, sorted."""


def seeds(count: int) -> list:
    """Seeds of venues as parameters of a test: the first is quick, and the tests of one seed
    run in one worker, so that none waits until another has made the venue."""
    return [
        pytest.param(
            seed,
            marks=[pytest.mark.xdist_group(f"venue-{seed}"), *([pytest.mark.slow] if seed else [])],
        )
        for seed in range(count)
    ]


def settings_of(home: Path, drop: Path, **changes: object) -> Settings:
    """Settings with one thread: two workers of the test run share two cores. The second
    implementation, tested by test_replica.py, draws no more than two binaries."""
    usual = {"home": home, "input": drop, "threads": 1, "replica_draws": REPLICA_DRAWS}
    return Settings(**{**usual, **changes})


def simulate(out: Path, seed: int, days: int = len(DAYS), errors: bool = True) -> None:
    """A small venue with every structure and, on its first two days, every injected error."""
    simulate_venue(out, days, ACCOUNTS, TRADES, seed, start=DAY_1, errors=errors)


def run_days(
    settings: Settings,
    days: Iterable[date] = DAYS,
    stages: Sequence[str] = STAGES,
    with_packs: bool = False,
) -> dict[str, StageResult]:
    """Run stages of dates in one process; the results of the last date by stage."""
    results: dict[str, StageResult] = {}
    with workbench(settings) as bench:
        for day in days:
            for stage in stages:
                results[stage] = run_stage_of(bench, settings, stage, day, with_packs)
    return results


@contextmanager
def locked(path: Path):
    """One process at a time; others wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def made_once(root: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``root/name``, made by whichever worker of the test run comes first."""
    folder = root / name
    with locked(root / f"{name}.lock"):
        if not (folder / ".done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            make(folder)
            (folder / ".done").touch()
    return folder


def copy_home(source: Path, target: Path) -> Path:
    """A home of its own with the same lake."""
    shutil.copytree(source, target)
    return target


def contents(
    settings: Settings,
    days: Sequence[date] = DAYS,
    as_of: int | None = None,
    stages: Sequence[str] = STAGES,
) -> Contents:
    """Every row of every table for some dates, sorted by all columns."""
    with open_lake(settings, read_only=True, as_of=as_of) as lake, lake.reading():
        return {
            name: lake.connection.execute(
                f"SELECT * FROM lake.{name} WHERE list_contains(?, business_date) ORDER BY ALL",
                [list(days)],
            ).fetchall()
            for name, table in all_tables().items()
            if table.stage in stages
        }


def differing(left: Contents, right: Contents) -> list[str]:
    """Names of the tables whose rows are not the same."""
    assert left.keys() == right.keys()
    return sorted(name for name in left if left[name] != right[name])


def findings(lake: Lake, severities: Sequence[str] = ("WARN", "ERROR")) -> list[dict]:
    """Findings of all stages, in a fixed order."""
    found = []
    for stage in STAGES:
        rows = lake.connection.execute(
            f"SELECT * FROM lake.{stage}.findings WHERE list_contains(?, severity) ORDER BY ALL",
            [list(severities)],
        )
        names = [column[0] for column in rows.description]
        found += [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return found


def injected(drop: Path) -> list[dict]:
    """The list of errors that the simulator wrote beside its data."""
    return json.loads((drop / "injected_errors.json").read_text())


def manifest_path(file: Path) -> Path:
    return file.with_name(file.name + ".manifest.json")


def file_of(drop: Path, day: date, stream: str) -> Path:
    """The one file of a stream in a day's folder."""
    found = [
        path.with_name(path.name.removesuffix(".manifest.json"))
        for path in sorted((drop / day.isoformat()).glob("*.manifest.json"))
        if json.loads(path.read_text())["stream"] == stream
    ]
    assert len(found) == 1, f"{stream}: {found}"
    return found[0]


def next_sequence(drop: Path, stream: str) -> int:
    """The next sequence number of a stream: one more than all that lies in the drop folder."""
    manifests = (json.loads(path.read_text()) for path in drop.glob("*/*.manifest.json"))
    return 1 + max((m["sequence"] for m in manifests if m["stream"] == stream), default=0)


def promise(file: Path, day: date, stream: str, sender: str, sequence: int, **changes) -> Path:
    """Write the manifest of a file as it lies there; ``changes`` make it say something else."""
    content = file.read_bytes()
    said = {
        "file": file.name,
        "stream": stream,
        "sender": sender,
        "business_date": day.isoformat(),
        "sequence": sequence,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": max(0, content.count(b"\n") - 1),
        "as_of": f"{day.isoformat()}T23:59:59Z",
        "synthetic": True,
    }
    manifest = manifest_path(file)
    manifest.write_text(json.dumps({**said, **changes}))
    return manifest
