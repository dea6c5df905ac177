"""The tiny days run through all stages, for the tests that look at what the lake then holds."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from reporting.lake.connection import STAGES
from reporting.rulebook import scenarios
from reporting.rulebook.results import Status
from reporting.settings import Settings
from reporting.stages.run import days_to_run, run_stage_of, workbench

FOLDER = Path(__file__).parent
DAYS = ("2026-06-01", "2026-06-02", "2026-06-03")
CORRECTED = "2026-06-02"
LIBRARY = FOLDER / "scenarios.yaml"
"""A library of its own: the document works out three families by hand."""


def run_all(root: Path) -> tuple[Settings, int]:
    """The settings of the finished run, and the snapshot before the correction arrived."""
    settings = Settings(home=root / "home", input=root / "in")
    shutil.copytree(FOLDER / "input", settings.input)
    with pytest.MonkeyPatch.context() as patch, workbench(settings) as bench:
        patch.setattr(scenarios, "SCENARIOS", LIBRARY)
        for day in DAYS[:2]:
            _run(bench, settings, day, with_packs=False)
        before = bench.lake.snapshot_id()
        shutil.copytree(FOLDER / "correction", settings.input, dirs_exist_ok=True)
        _run(bench, settings, CORRECTED, with_packs=True)
        _run(bench, settings, DAYS[2], with_packs=False)
    return settings, before


def _run(bench, settings: Settings, day: str, with_packs: bool) -> None:
    business_date = date.fromisoformat(day)
    assert business_date in days_to_run(bench.lake, settings, business_date, business_date)
    for stage in STAGES:
        result = run_stage_of(bench, settings, stage, business_date, with_packs)
        assert not result.blocked
        broken = [check for check in result.checks if check.status is Status.BROKEN]
        assert not broken, broken[0].message
