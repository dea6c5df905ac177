"""``reporting run``: one business date through all stages, with its packs."""

import time
from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option, input_option
from reporting.settings import from_environment


@click.command()
@click.option("--date", "day", type=BusinessDate(), help="Business date [newest in the input].")
@input_option
@home_option
def run(day: date | None, input_: Path | None, home: Path | None) -> None:
    """Run one business date through all stages and render its packs.

    Positions are carried from day to day, so earlier dates of the drop folder that were never
    run come first, without packs. Running a date again gives the same tables and the same bytes.

    \b
    Example:
      reporting run --date 2026-05-06 --input build/in --home build/home
    """
    # Imported here: without the stages the other commands start in a quarter of the time.
    from reporting.cli.dates import run_earlier_dates
    from reporting.cli.summary import print_day
    from reporting.lake import open_lake
    from reporting.stages.run import later_days

    settings = from_environment(home, input_)
    started = time.perf_counter()
    day = run_earlier_dates(settings, day)
    # Imported here: a mistake in the options is reported without waiting for Dagster.
    from reporting.desk.run import run_day

    click.echo(f"{day}: land, validate, recompute, stress, disclose ...")
    run_day(settings, day)
    seconds = time.perf_counter() - started
    with open_lake(settings, read_only=True) as lake:
        print_day(lake, settings, day, seconds)
        later = later_days(lake, day)
    if later:
        click.echo(
            f"\n{len(later)} later days carry positions of {day}. If its input has changed,"
            f" run them again:\n  reporting backfill --from {later[0]} --to {later[-1]}"
            f" --input {settings.input} --home {settings.home}"
        )
