"""The settings and the open lake of this installation, for the assets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg
from pydantic import PrivateAttr

from reporting.engine.day import Workbench
from reporting.engine.stage import StageResult
from reporting.settings import Settings, from_environment
from reporting.stages.run import run_stage_of, workbench


class Installation(dg.ConfigurableResource):
    """Settings from the environment and the lake, open for writing while a run lasts.

    ``with_packs``: whether to render the PDFs. A run that starts while another one writes fails
    with the message of the writer lock.
    """

    with_packs: bool = True
    _settings: Settings | None = PrivateAttr(default=None)
    _bench: Workbench | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, _: dg.InitResourceContext) -> Iterator["Installation"]:
        self._settings = from_environment()
        with workbench(self._settings) as bench:
            self._bench = bench
            yield self
        self._bench = None

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            raise ValueError("the installation is used outside a run")
        return self._settings

    @property
    def bench(self) -> Workbench:
        if self._bench is None:
            raise ValueError("the installation is used outside a run")
        return self._bench

    def run_stage(self, stage: str, business_date: date) -> StageResult:
        """Run one stage of one date."""
        return run_stage_of(self.bench, self.settings, stage, business_date, self.with_packs)
