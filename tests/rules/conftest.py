"""A stage of a date without data, in which some tables cannot be made."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.venues import settings_of

from reporting.engine import checks
from reporting.engine.declaration import Rows, Table, schema_of
from reporting.engine.stage import run_stage
from reporting.rulebook import load_rulebook
from reporting.stages.run import workbench
from rules.days import DAY


@pytest.fixture
def not_made(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[tuple]]:
    """(stage, faults by table) -> subject, file and line of what <STAGE>-NOT-MADE finds where
    making these tables raises those errors."""
    home = shutil.copytree(empty_home, tmp_path / "home")

    def findings(stage: str, faults: Mapping[str, Exception]) -> list[tuple]:
        rule = load_rulebook()[f"{stage.upper()}-NOT-MADE"]
        # The other rules would find nothing here and take seconds to load.
        monkeypatch.setattr(checks, "rules_of", lambda *_: [rule])
        monkeypatch.setattr(Table, "make", _maker(faults))
        with workbench(settings_of(home, home / "no-input")) as bench:
            day = bench.day(DAY)
            run_stage(day, stage)
            rows = day.query(
                f"SELECT rule_id, subject, file_sha256, line FROM {stage}.findings"
                " WHERE business_date = $business_date ORDER BY ALL"
            ).fetchall()
        assert {rule_id for rule_id, *_ in rows} <= {rule.id}
        return [tuple(where) for _, *where in rows]

    return findings


def _maker(faults: Mapping[str, Exception]) -> Callable[[Table, object], Rows]:
    def make(table: Table, _: object) -> Rows:
        if table.name in faults:
            raise faults[table.name]
        return schema_of(table.name).empty_table()

    return make
