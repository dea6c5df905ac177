"""``reporting run``, ``intraday`` and ``backfill``: business dates through the stages."""

import time
from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option, input_option
from reporting.cli.summary import print_cycles, print_day, print_line
from reporting.errors import UserError
from reporting.lake import open_lake
from reporting.lake.connection import STAGES
from reporting.pipeline.engine import StageResult
from reporting.pipeline.run import days_to_run, later_days, run_stage_of, workbench
from reporting.settings import Settings, from_environment


@click.command()
@click.option("--date", "day", type=BusinessDate(), help="Business date [newest in the input].")
@input_option
@home_option
def run(day: date | None, input_: Path | None, home: Path | None) -> None:
    """Run one business date through all stages and render its packs.

    Earlier days of the drop folder that were never run are run first, without packs:
    positions are carried from day to day. Running a date again gives the same tables
    and the same bytes.

    \b
    Example:
      reporting run --date 2026-05-06 --input build/in --home build/home
    """
    settings = from_environment(home, input_)
    started = time.perf_counter()
    day = _after_earlier_days(settings, day)
    # Imported here: Dagster takes a second to import, and the other commands do without.
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


@click.command()
@click.option("--date", "day", type=BusinessDate(), help="Business date [newest in the input].")
@input_option
@home_option
def intraday(day: date | None, input_: Path | None, home: Path | None) -> None:
    """Run a business date while it still runs, and show the alerts of its cycles.

    Takes what has arrived so far through the stages land, validate and recompute: margin,
    losses and shortfalls at each cycle (12:00 and 16:00 New York) of which the venue has sent
    prices. What belongs to the end of the day waits for `reporting run`.

    \b
    Example:
      reporting intraday --date 2026-05-06 --input build/in --home build/home
    """
    settings = from_environment(home, input_)
    day = _after_earlier_days(settings, day)
    # Imported here: Dagster takes a second to import, and the other commands do without.
    from reporting.desk.run import run_intraday

    click.echo(f"{day}: land, validate, recompute ...")
    run_intraday(settings, day)
    with open_lake(settings, read_only=True) as lake:
        print_cycles(lake, day)


@click.command()
@click.option("--from", "first", type=BusinessDate(), required=True, help="First date.")
@click.option("--to", "last", type=BusinessDate(), required=True, help="Last date, included.")
@click.option("--packs/--no-packs", default=False, help="Render the packs of every day.")
@input_option
@home_option
def backfill(first: date, last: date, packs: bool, input_: Path | None, home: Path | None) -> None:
    """Run many business dates in order, without packs unless asked for.

    Dates that the stage disclose was run for before get figures and packs again in any
    case, so that none of earlier figures stay.

    \b
    Example:
      reporting backfill --from 2026-05-04 --to 2026-05-06 --input build/in --home build/home
    """
    settings = from_environment(home, input_)
    with workbench(settings) as bench:
        days = days_to_run(bench.lake, settings, first, last)
    before = [day for day in days if day < first]
    if before:
        click.echo(f"{len(before)} earlier days were never run; they come first")
    run_days(settings, days, packs)
    click.echo(f"{len(days)} days are in {settings.home}; `reporting status` shows them")


def run_days(settings: Settings, days: list[date], packs: bool = False) -> None:
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
    """The date to run, the newest if None, once the days before it have been run."""
    with workbench(settings) as bench:
        day = day or _newest(settings)
        earlier = days_to_run(bench.lake, settings, day, day)[:-1]
    if earlier:
        click.echo(f"{len(earlier)} earlier days were never run; they come first")
        run_days(settings, earlier)
    return day


def _newest(settings: Settings) -> date:
    from reporting.feeds.api import list_days

    days = list_days(settings.input) if settings.input.is_dir() else []
    if not days:
        raise UserError(
            f"there is no business date in {settings.input}; make one with"
            " `reporting simulate --out ...` or give another --input"
        )
    return days[-1]
