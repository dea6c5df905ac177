"""``reporting status``: the business dates of the lake at a glance."""

from pathlib import Path

import click

from reporting.cli.options import home_option
from reporting.lake import Lake, open_lake
from reporting.lake.selects import load_select
from reporting.settings import from_environment
from reporting.studies.status import NOTHING_RUN
from reporting.wording import dollars


@click.command()
@click.option("--snapshots", is_flag=True, help="List every commit of the lake instead.")
@home_option
def status(snapshots: bool, home: Path | None) -> None:
    """Show the dates in the lake: trades, findings, breaks, margin, packs.

    \b
    Examples:
      reporting status --home build/home
      reporting status --snapshots --home build/home
    """
    with open_lake(from_environment(home), read_only=True) as lake:
        if snapshots:
            _print_snapshots(lake)
        else:
            _print_dates(lake)


def _print_snapshots(lake: Lake) -> None:
    for snapshot in lake.snapshots():
        click.echo(
            f"{snapshot.snapshot_id:>6}  {snapshot.committed_utc:%Y-%m-%d %H:%M:%S}"
            f"  {snapshot.author or '-':<12}  read {snapshot.read_snapshot or '-':<5}"
            f"  {snapshot.message}"
        )


def _print_dates(lake: Lake) -> None:
    rows = lake.connection.execute(load_select("studies/status/status")).fetchall()
    if not rows:
        click.echo(NOTHING_RUN)
        return
    click.echo("date            trades  ERROR   WARN  breaks  initial margin  packs")
    for day, trades, errors, warnings, breaks, margin_centicents, packs in rows:
        click.echo(
            f"{day}  {trades:>10,}  {errors:>5}  {warnings:>5}  {breaks:>6}"
            f"  {dollars.exact(margin_centicents):>14}  {packs:>5}"
        )
