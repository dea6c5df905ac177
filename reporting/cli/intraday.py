"""``reporting intraday``: a business date so far, and the alerts of its cycles."""

from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option, input_option
from reporting.settings import from_environment


@click.command()
@click.option("--date", "day", type=BusinessDate(), help="Business date [newest in the input].")
@input_option
@home_option
def intraday(day: date | None, input_: Path | None, home: Path | None) -> None:
    """Run a business date before it ends, and show the alerts of its cycles.

    Lands, validates and recomputes the files that have arrived so far: margin, losses and
    shortfalls at each cycle (12:00 and 16:00 New York) for which the venue has sent prices.
    `reporting run` does what belongs to the end of the day.

    \b
    Examples:
      reporting simulate --intraday --days 2 --out build/intraday-in
      reporting intraday --date 2026-05-05 --input build/intraday-in --home build/intraday
    """
    # Imported here: without the stages the other commands start in a quarter of the time.
    from reporting.cli.dates import run_earlier_dates
    from reporting.cli.summary import print_cycles
    from reporting.lake import open_lake

    settings = from_environment(home, input_)
    day = run_earlier_dates(settings, day)
    # Imported here: a mistake in the options is reported without waiting for Dagster.
    from reporting.desk.run import run_intraday

    click.echo(f"{day}: land, validate, recompute ...")
    run_intraday(settings, day)
    with open_lake(settings, read_only=True) as lake:
        print_cycles(lake, day)
