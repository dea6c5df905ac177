"""``reporting review``: a review of a window of dates for a risk committee."""

from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option
from reporting.errors import UserError
from reporting.settings import from_environment


@click.command()
@click.option("--from", "first", type=BusinessDate(), help="First date [first in the lake].")
@click.option("--to", "last", type=BusinessDate(), help="Last date, included [last in the lake].")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Markdown file to write; an existing file is replaced.",
)
@home_option
def review(first: date | None, last: date | None, out: Path, home: Path | None) -> None:
    """Review a window of dates for a risk committee, as a Markdown document.

    Shows stress, reverse stress, liquidity, backtests, procyclicality, market metrics, broader
    markets and findings for each date. Fixed rules draw conclusions from the numbers: act,
    watch, held, unknown, and questions for the venue. Only dates that were run are read. The
    lake is not changed, and the same lake gives the same bytes.

    \b
    Examples:
      reporting review --home build/home --out build/review.md
      reporting review --from 2026-05-04 --to 2026-05-06 --home build/home --out build/review.md
    """
    # Imported here: the model behind the tables takes a second to import.
    from reporting.studies.risk_review.document import make_review

    text = make_review(from_environment(home), first, last)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--out {out}: {error.strerror}; give a file to write to") from None
    click.echo(f"written: {out}")
