"""What ``reporting run``, ``intraday`` and ``backfill`` do, and say meanwhile."""

import time
from datetime import date

import click

from reporting.cli.summary import print_cycles, print_day, print_line
from reporting.engine.stage import StageResult
from reporting.errors import UserError
from reporting.feeds.api import list_days
from reporting.lake import open_lake
from reporting.lake.connection import STAGES
from reporting.settings import Settings
from reporting.stages.run import days_to_run, later_days, run_stage_of, workbench


def run_one(settings: Settings, day: date | None) -> None:
    """Run a date, the newest if none is given, in Dagster; earlier ones first if need be."""
    started = time.perf_counter()
    day = _after_earlier_days(settings, day)
    # Imported here: a mistake in the options is said without waiting for Dagster.
    from reporting.desk.run import run_day

    click.echo(f"{day}: land, validate, recompute, stress, disclose ...")
    run_day(settings, day)
    seconds = time.perf_counter() - started
    with open_lake(settings, read_only=True) as lake:
        print_day(lake, settings, day, seconds)
        after = later_days(lake, day)
    if after:
        click.echo(
            f"\n{len(after)} later days carry positions of {day}; if its input has changed,"
            f" run them again:\n  reporting backfill --from {after[0]} --to {after[-1]}"
            f" --input {settings.input} --home {settings.home}"
        )


def run_cycles(settings: Settings, day: date | None) -> None:
    """Run a date so far, the newest if none is given, in Dagster, and show its cycles."""
    day = _after_earlier_days(settings, day)
    from reporting.desk.run import run_intraday

    click.echo(f"{day}: land, validate, recompute ...")
    run_intraday(settings, day)
    with open_lake(settings, read_only=True) as lake:
        print_cycles(lake, day)


def run_many(settings: Settings, first: date | None, last: date | None, packs: bool) -> None:
    """Run the dates from ``first`` to ``last``, those of the drop folder if none are given, and
    earlier ones that were never run."""
    with workbench(settings) as bench:
        first = first or _days_of(settings)[0]
        last = last or _days_of(settings)[-1]
        days = days_to_run(bench.lake, settings, first, last)
    before = [day for day in days if day < first]
    if before:
        click.echo(f"{len(before)} earlier days were never run; they come first")
    _run_days(settings, days, packs)
    click.echo(f"{len(days)} days are in {settings.home}; `reporting status` shows them")


def _run_days(settings: Settings, days: list[date], packs: bool = False) -> None:
    """Run dates in this process, a line each, and report them to the desk.

    Packs are made for all dates or for those that were disclosed before.
    """
    results: list[StageResult] = []
    with workbench(settings) as bench:
        for number, day in enumerate(days, 1):
            started = time.perf_counter()
            # Not asked of pack_files: it is empty after a run that blocked the packs.
            again = "disclose" in bench.day(day).stages_written
            if again and not packs:
                click.echo(f"{day} was disclosed before: its packs are made again")
            # The stage disclose only makes what the packs show.
            wanted = STAGES if packs or again else STAGES[:-1]
            stages = [run_stage_of(bench, settings, stage, day) for stage in wanted]
            results += stages
            print_line(number, len(days), day, stages, time.perf_counter() - started)
        columns = bench.lake.columns()
    from reporting.desk.host import desk
    from reporting.desk.report import report

    with desk(settings) as instance:
        report(instance, results, columns)


def _after_earlier_days(settings: Settings, day: date | None) -> date:
    """The date to run, the newest if none is given, once the days before it have been run."""
    with workbench(settings) as bench:
        day = day or _days_of(settings)[-1]
        earlier = days_to_run(bench.lake, settings, day, day)[:-1]
    if earlier:
        click.echo(f"{len(earlier)} earlier days were never run; they come first")
        _run_days(settings, earlier)
    return day


def _days_of(settings: Settings) -> list[date]:
    """The dates of the drop folder, at least one, in order."""
    days = list_days(settings.input) if settings.input.is_dir() else []
    if not days:
        raise UserError(
            f"there is no business date in {settings.input}; make one with"
            " `reporting simulate --out ...` or give another --input"
        )
    return days
