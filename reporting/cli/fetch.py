"""``reporting fetch``: a business date from the venue's public API."""

from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate


@click.command()
@click.option("--base-url", required=True, help="Root URL of the public API.")
@click.option("--date", "day", type=BusinessDate(), required=True, help="Business date.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Drop folder.")
def fetch(base_url: str, day: date, out: Path) -> None:
    """Fetch a business date from the venue's public API into the drop folder.

    To resume a fetch that was interrupted, run the same command again.

    \b
    Example:
      reporting fetch --base-url http://127.0.0.1:8080 --date 2026-01-12 --out build/fetched
    """
    from reporting.feeds.api import fetch_day

    click.echo(str(fetch_day(base_url, day, out)))
