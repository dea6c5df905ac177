"""``reporting replicate``: one account's margin, rebuilt and explained line by line."""

from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option
from reporting.lake import open_lake
from reporting.settings import from_environment
from reporting.wording import dollars

_WIDTH = 22


@click.command()
@click.option("--account", "account_id", required=True, help="Account id.")
@click.option("--date", "day", type=BusinessDate(), required=True, help="Business date.")
@click.option(
    "--redraw", is_flag=True, help="Draw new scenarios instead of reading the published ones."
)
@home_option
def replicate(account_id: str, day: date, redraw: bool, home: Path | None) -> None:
    """Rebuild an account's margin on a date and explain it line by line.

    Positions, parameters and schedule come from the lake. Prices come from the scenario file
    published for the date, or from new draws by the published rule (--redraw, slow). A second
    implementation in plain Python computes the margin (docs/model.md): both scenario sets, gaps by
    event and cluster, add-ons. Nothing is changed.

    \b
    Examples:
      reporting replicate --account A000001 --date 2026-05-06 --home build/home
      reporting replicate --account A000002 --date 2026-05-06 --redraw --home build/home
    """
    # Imported here: the model behind the terms of contracts takes a second to import.
    from reporting.replica import account_explanation
    from reporting.studies.replicate import Rebuilding

    settings = from_environment(home)
    with open_lake(settings, read_only=True) as lake:
        rebuilt = Rebuilding(lake, settings.scenarios, day).account(account_id, redraw)
    schedule = rebuilt.schedule
    click.echo(
        f"Account {account_id} on {day}, schedule {rebuilt.version}:"
        f" {schedule['scenarios']:,} scenarios, seed {schedule['seed']}"
    )
    click.echo(f"Scenario prices: {rebuilt.prices}\n")
    for line in account_explanation(rebuilt.amounts, schedule):
        click.echo(line)
    click.echo(f"\n{'':<22}{'rebuilt':>{_WIDTH}}{'recomputed':>{_WIDTH}}{'charged':>{_WIDTH}}")
    for row in rebuilt.compared:
        amounts = (row.rebuilt, row.recomputed, row.charged)
        shown = "".join(f"{'-' if a is None else dollars.exact(a):>{_WIDTH}}" for a in amounts)
        differs = "   rebuilt differs" if row.recomputed not in (None, row.rebuilt) else ""
        click.echo(f"{row.name.replace('_', ' '):<22}{shown}{differs}")
