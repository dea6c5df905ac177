"""``reporting explain``: an account's margin difference, down to the trades behind it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option
from reporting.contract import CYCLES, END_OF_DAY
from reporting.lake import open_lake
from reporting.settings import from_environment
from reporting.studies.explain import Entry, Explanation, Margin, Position, explanation
from reporting.wording import dollars


@click.command()
@click.option("--account", required=True, help="Account, as in recompute.margin_breaks.")
@click.option("--date", "day", type=BusinessDate(), help="Business date [newest in the lake].")
@click.option(
    "--cycle",
    type=click.Choice(CYCLES),
    default=END_OF_DAY,
    show_default=True,
    help="Cycle of the date, New York time.",
)
@click.option("--limit", type=int, default=1000, show_default=True, help="Maximum entries shown.")
@home_option
def explain(account: str, day: date | None, cycle: str, limit: int, home: Path | None) -> None:
    """Explain an account's margin against the venue's, down to trades, file and line.

    Shows status and cause, the effects that sum to the difference, the findings, and each
    position: our quantity, the venue's, and the parts of ours, which are the quantity carried
    from the date before, the trades of the date, and settlement. Positions that differ come
    first, then positions whose mark differs. Quantities are contracts, YES positive.

    --cycle shows the account at an intraday cycle.

    \b
    Example:
      reporting explain --account A000178 --date 2026-05-04 --home build/home
    """
    with open_lake(from_environment(home), read_only=True) as lake:
        explained = explanation(lake, account, day, cycle)
    at_cycle = "" if cycle == END_OF_DAY else f" {cycle}"
    click.echo(f"{explained.business_date}{at_cycle}  account {account}")
    for line in _margin_lines(explained.margin):
        click.echo(line)
    for finding in explained.findings:
        click.echo(
            f"  {finding.severity:<5}  {finding.rule_id}  {finding.subject}: {finding.detail}"
        )
    _print_positions(explained, limit)


def _margin_lines(margin: Margin | None) -> Iterator[str]:
    if margin is None:
        yield "  no margin is charged or recomputed"
        return
    cause = "" if margin.cause == "NONE" else f" by {margin.cause}"
    yield f"  member {margin.member_id}: {margin.status}{cause}"
    charged, recomputed = dollars.exact(margin.charged), dollars.exact(margin.recomputed)
    yield (
        f"  initial margin  charged {charged}, recomputed {recomputed},"
        f" difference {dollars.exact(margin.difference)}"
    )
    if margin.status != "MATCH":
        effects = (f"{name} {dollars.exact(amount)}" for name, amount in margin.effects.items())
        yield f"    due to  {', '.join(effects)}"
    for name, charged, recomputed in (
        ("worst case", margin.charged_worst_case, margin.recomputed_worst_case),
        ("core", margin.charged_core, margin.recomputed_core),
    ):
        yield (
            f"  {name:<16}charged {dollars.exact(charged)}, recomputed {dollars.exact(recomputed)}"
        )
    yield (
        f"  schedule        charged by {margin.venue_schedule_version or 'none'},"
        f" recomputed by {margin.schedule_version}"
    )
    yield f"  venue's row     {_place(margin.file, margin.line)}"


def _print_positions(explained: Explanation, limit: int) -> None:
    left = limit
    for position in explained.positions:
        click.echo(_position_line(position))
        entries = explained.entries.get(position.ticker, ())
        for entry in entries[:left]:
            click.echo(_entry_line(entry))
        left -= min(left, len(entries))
    hidden = sum(map(len, explained.entries.values())) - limit
    if hidden > 0:
        click.echo(f"{hidden} more entries are not shown; give a larger --limit", err=True)


def _position_line(position: Position) -> str:
    difference = position.difference_qty
    verdict = f"DIFFERS by {_contracts(difference)}" if difference else "agrees"
    return (
        f"\n  {position.ticker}  rebuilt {_contracts(position.rebuilt_qty)},"
        f" venue {_contracts(position.venue_qty)}: {verdict}"
        f"  (mark {_price(position.mark_centicents)},"
        f" venue's {_price(position.venue_mark_centicents)};"
        f" {_place(position.file, position.line)})"
    )


def _entry_line(entry: Entry) -> str:
    price = "" if entry.price_centicents is None else f" at {_price(entry.price_centicents)}"
    place = "" if entry.line is None else f"  {_place(entry.file, entry.line)}"
    collateralisation = entry.collateralisation.replace("_", " ")
    return f"    {_contracts(entry.qty):>14}{price}  {entry.words}, {collateralisation}{place}"


def _contracts(qty: int) -> str:
    """Hundredths of a contract, YES positive, with their sign."""
    whole, part = divmod(abs(qty), 100)
    return f"{'-' if qty < 0 else '+' if qty else ''}{whole:,}.{part:02d}"


def _price(centicents: int | None) -> str:
    return "none" if centicents is None else f"{centicents / 10_000:.4f}"


def _place(file: str | None, line: int | None) -> str:
    return f"{file} line {line}" if file else "no row of the venue"
