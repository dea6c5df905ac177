"""``reporting backfill``: many business dates in order."""

from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option, input_option
from reporting.settings import from_environment


@click.command()
@click.option("--from", "first", type=BusinessDate(), help="First date [oldest in the input].")
@click.option(
    "--to", "last", type=BusinessDate(), help="Last date, included [newest in the input]."
)
@click.option("--packs/--no-packs", default=False, help="Render the packs of every date.")
@input_option
@home_option
def backfill(
    first: date | None, last: date | None, packs: bool, input_: Path | None, home: Path | None
) -> None:
    """Run many business dates in order, by default without packs.

    Without --from and --to, runs all dates of the drop folder. A date that already has packs
    gets new ones in any case, so that no pack shows outdated figures.

    \b
    Example:
      reporting backfill --from 2026-05-04 --to 2026-05-05 --input build/in --home build/home
    """
    # Imported here: without the stages the other commands start in a quarter of the time.
    from reporting.cli.dates import run_dates

    run_dates(from_environment(home, input_), first, last, packs)
