"""``reporting run``, ``intraday`` and ``backfill``: business dates through the stages."""

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

    Earlier days of the drop folder that were never run are run first, without packs:
    positions are carried from day to day. Running a date again gives the same tables
    and the same bytes.

    \b
    Example:
      reporting run --date 2026-05-06 --input build/in --home build/home
    """
    # Imported here: without the pipeline the other commands start in a quarter of the time.
    from reporting.cli.running import run_one

    run_one(from_environment(home, input_), day)


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
    Examples:
      reporting simulate --intraday --days 2 --out build/intraday-in
      reporting intraday --date 2026-05-05 --input build/intraday-in --home build/intraday
    """
    from reporting.cli.running import run_cycles

    run_cycles(from_environment(home, input_), day)


@click.command()
@click.option("--from", "first", type=BusinessDate(), help="First date [oldest in the input].")
@click.option(
    "--to", "last", type=BusinessDate(), help="Last date, included [newest in the input]."
)
@click.option("--packs/--no-packs", default=False, help="Render the packs of every day.")
@input_option
@home_option
def backfill(
    first: date | None, last: date | None, packs: bool, input_: Path | None, home: Path | None
) -> None:
    """Run many business dates in order, without packs unless asked for.

    Without --from and --to all dates of the drop folder. Dates that the stage disclose was run
    for before get figures and packs again in any case, so that none of earlier figures stay.

    \b
    Example:
      reporting backfill --from 2026-05-04 --to 2026-05-05 --input build/in --home build/home
    """
    from reporting.cli.running import run_many

    run_many(from_environment(home, input_), first, last, packs)
