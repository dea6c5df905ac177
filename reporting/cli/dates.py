"""Business dates run in this process, earlier ones first: for ``run``, ``intraday``, ``backfill``.

Imported only where dates are run: the stages take a second to import.
"""

import time
from datetime import date

import click

from reporting.cli.summary import print_line
from reporting.engine.stage import StageResult
from reporting.errors import UserError
from reporting.feeds.api import list_days
from reporting.lake.connection import STAGES
from reporting.settings import Settings
from reporting.stages.run import days_to_run, run_stage_of, workbench


def run_dates(settings: Settings, first: date | None, last: date | None, packs: bool) -> None:
    """Run the dates from ``first`` to ``last``, by default the whole drop folder, after earlier
    dates that were never run."""
    with workbench(settings) as bench:
        first = first or _input_dates(settings)[0]
        last = last or _input_dates(settings)[-1]
        days = days_to_run(bench.lake, settings, first, last)
    _announce([day for day in days if day < first])
    _run(settings, days, packs)
    click.echo(f"{len(days)} days are in {settings.home}; `reporting status` shows them")


def run_earlier_dates(settings: Settings, day: date | None) -> date:
    """Run the dates before ``day`` that were never run; returns the day, by default the newest."""
    with workbench(settings) as bench:
        day = day or _input_dates(settings)[-1]
        earlier = days_to_run(bench.lake, settings, day, day)[:-1]
    if earlier:
        _announce(earlier)
        _run(settings, earlier)
    return day


def _announce(earlier: list[date]) -> None:
    if earlier:
        click.echo(f"{len(earlier)} earlier days were never run; they come first")


def _run(settings: Settings, days: list[date], packs: bool = False) -> None:
    """Run dates in this process, print a line for each, and report them to the desk.

    Packs are rendered for all dates, or for those that were disclosed before.
    """
    results: list[StageResult] = []
    with workbench(settings) as bench:
        for number, day in enumerate(days, 1):
            started = time.perf_counter()
            # Not from pack_files: it is empty after a run that blocked the packs.
            disclosed = "disclose" in bench.day(day).stages_written
            if disclosed and not packs:
                click.echo(f"{day} was disclosed before: its packs are rendered again")
            # The stage disclose makes only what the packs show.
            stages = STAGES if packs or disclosed else STAGES[:-1]
            results_of_day = [run_stage_of(bench, settings, stage, day) for stage in stages]
            results += results_of_day
            print_line(number, len(days), day, results_of_day, time.perf_counter() - started)
    from reporting.desk.host import desk
    from reporting.desk.report import report

    with desk(settings) as instance:
        report(instance, results)


def _input_dates(settings: Settings) -> list[date]:
    """The dates of the drop folder, at least one, in order."""
    days = list_days(settings.input) if settings.input.is_dir() else []
    if not days:
        raise UserError(
            f"there is no business date in {settings.input}; make one with"
            " `reporting simulate --out ...` or give another --input"
        )
    return days
