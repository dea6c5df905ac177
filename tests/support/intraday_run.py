"""What the tests of a date in parts share: when its parts are run, and what the lake then holds."""

from datetime import UTC, date, datetime

from reporting.engine.stage import StageResult
from reporting.lake import Lake
from reporting.settings import Settings
from reporting.stages.land.stage import land
from reporting.stages.run import run_stage_of, workbench
from support.intraday_drop import TUE

NOON, AFTERNOON = datetime(2026, 6, 2, 16, 5, tzinfo=UTC), datetime(2026, 6, 2, 20, 5, tzinfo=UTC)
NEXT_DAY = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def run(settings: Settings, day: date, now: datetime, *stages: str) -> dict[str, StageResult]:
    with workbench(settings) as bench:
        results = {"land": land(bench.day(day), settings, now)}
        for stage in stages or ("validate", "recompute"):
            results[stage] = run_stage_of(bench, settings, stage, day, with_packs=False)
    return results


def rows(lake: Lake, table: str, *columns: str, day: date = TUE, where: str = "TRUE") -> list:
    names = ", ".join(columns) or "*"
    return lake.connection.execute(
        f"SELECT {names} FROM lake.{table} WHERE business_date = ? AND {where} ORDER BY ALL", [day]
    ).fetchall()
