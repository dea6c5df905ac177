"""Runs stages of the product in process and reads its lake; used by the tests beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from reporting.lake import Lake, open_lake
from reporting.settings import Settings, from_environment
from reporting.stages.run import run_stage_of, workbench


@dataclass(frozen=True)
class House:
    """A drop folder with the lake that is made of it."""

    settings: Settings

    @classmethod
    def over(cls, drop: Path, home: Path) -> "House":
        return cls(from_environment(home, drop))

    @property
    def days(self) -> list[date]:
        folders = (path for path in self.settings.input.iterdir() if path.is_dir())
        return sorted(date.fromisoformat(path.name) for path in folders)

    def run(self, stages: Iterable[str], days: Iterable[date] = ()) -> "House":
        """Run stages for each date in order (all dates of the drop folder if none is given)."""
        with workbench(self.settings) as bench:
            for day in days or self.days:
                for stage in stages:
                    run_stage_of(bench, self.settings, stage, day, with_packs=False)
        return self

    @cached_property
    def _lake(self) -> Lake:
        """Attached once: that takes as long as many queries."""
        return open_lake(self.settings, read_only=True)

    def rows(self, sql: str, *parameters: object) -> list[tuple]:
        return self._lake.connection.execute(sql, parameters).fetchall()

    def subjects(self, stage: str, rule: str) -> list[str]:
        """Subjects of the findings of a rule, sorted."""
        sql = f"SELECT subject FROM {stage}.findings WHERE rule_id = ? ORDER BY 1"
        return [subject for (subject,) in self.rows(sql, rule)]

    def severities(self, stage: str) -> dict[str, tuple[str, int]]:
        """Severity and number of findings by rule."""
        sql = f"SELECT rule_id, MIN(severity), COUNT(*) FROM {stage}.findings GROUP BY 1"
        return {rule: (severity, count) for rule, severity, count in self.rows(sql)}
