"""``reporting what-if``: the margin of a hypothetical book."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from reporting.cli.options import BusinessDate, home_option
from reporting.errors import UserError
from reporting.lake import open_lake
from reporting.settings import from_environment
from reporting.wording import dollars

if TYPE_CHECKING:
    from reporting.studies.what_if import WhatIf

_PARTS = (
    ("worst case", "worst_case"),
    ("expected shortfall", "expected_shortfall"),
    ("  with correlation", "shortfall_at_rho"),
    ("  without correlation", "shortfall_at_zero"),
    ("value at risk", "value_at_risk"),
    ("jump to resolution", "jump_to_resolution"),
    ("core", "core"),
    ("add-ons", "add_ons"),
    ("initial margin", "initial"),
)


@click.command("what-if")
@click.argument("book", type=click.File(encoding="utf-8"), required=False)
@click.option("--date", "day", type=BusinessDate(), required=True, help="Business date.")
@click.option("--account", "account_id", help="Add the book to this account's margined positions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@home_option
def what_if(
    book: TextIO | None, day: date, account_id: str | None, as_json: bool, home: Path | None
) -> None:
    """Margin of a hypothetical book on a date: the number, its parts, and what drives it.

    BOOK is a JSON or CSV file, or - for JSON from standard input. Positions are margined, valued at
    the marks of the date under the schedule in force. Every margin method that the schedule allows
    is shown beside ECM-2. The marginal cost of a position is the margin of the book less that of
    the book without it. Open interest and volume are those of the date. Nothing is changed.

    \b
    JSON: {"positions": [{"ticker": "KXFED-26-T4", "contracts": 100, "side": "no"}]}
    CSV:  ticker,contracts,side
          KXFED-26-T4,100,no

    \b
    Examples:
      reporting what-if book.csv --date 2026-05-06 --home build/home
      reporting what-if book.json --account A000001 --date 2026-05-06 --home build/home
      reporting what-if --account A000001 --date 2026-05-06 --home build/home
    """
    # Imported here: the model takes a second to import.
    from reporting.studies import what_if as study

    if book is None and account_id is None:
        raise UserError("give a BOOK, an --account, or both; reporting what-if --help shows how")
    positions = study.read_book(book.name, book.read()) if book else {}
    with open_lake(from_environment(home), read_only=True) as lake:
        result = study.what_if(lake, day, positions, account_id)
    if as_json:
        click.echo(json.dumps(_document(result), indent=2))
    else:
        _print(result)


def _print(result: "WhatIf") -> None:
    schedule = result.schedule
    click.echo(
        f"{result.business_date}, schedule {schedule.version}, method {schedule.method.name}\n"
    )
    for words, name in _PARTS:
        click.echo(f"{words:<24}{dollars.exact(result.amounts[name]):>20}")
    click.echo(f"\nDecided by {result.decided_by}.")
    click.echo("\nInitial margin by method")
    for name, amount in result.by_method.items():
        click.echo(f"  {name:<22}{dollars.exact(amount):>20}")
    click.echo(
        f"\n{'event':<36}{'days':>8}{'worst case':>18}{'gap':>18}{'ramp':>7}{'v':>7}{'f':>7}"
    )
    for part in result.events:
        worst, gap = (
            dollars.amount_of_micros(micros, 4)
            for micros in (part.worst_case_micros, part.gap_micros)
        )
        click.echo(
            f"{part.event_ticker:<36}{part.days:>8.1f}{worst:>18}{gap:>18}{part.ramp:>7.2f}"
            f"{part.volatility_ratio:>7.2f}{part.information:>7.2f}"
        )
    click.echo(f"\n{'position':<36}{'contracts':>12}{'mark':>9}{'marginal cost':>20}")
    for position in result.positions:
        click.echo(
            f"{position.ticker:<36}{position.qty / 100:>12,.2f}"
            f"{position.mark_centicents / 10_000:>9.4f}"
            f"{dollars.exact(position.marginal_centicents):>20}"
        )


def _document(result: "WhatIf") -> dict:
    return {
        "business_date": result.business_date.isoformat(),
        "schedule_version": result.schedule.version,
        "method": result.schedule.method.name,
        "amounts_centicents": dict(result.amounts),
        "jump_cluster": result.jump_cluster,
        "decided_by": result.decided_by,
        "initial_margin_by_method_centicents": dict(result.by_method),
        "events": [asdict(part) for part in result.events],
        "positions": [asdict(part) for part in result.positions],
    }
