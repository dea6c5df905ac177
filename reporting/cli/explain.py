"""``reporting explain``: from an account's margin break down to the trades behind it."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from reporting.cli.amounts import dollars
from reporting.cli.explain_queries import BEHIND, FINDINGS, MARGIN, POSITIONS
from reporting.cli.options import BusinessDate, home_option
from reporting.errors import UserError
from reporting.lake import Lake, open_lake
from reporting.settings import from_environment

END_OF_DAY = "EOD"
CYCLES = ("12:00", "16:00", END_OF_DAY)


_EFFECTS = ("positions", "marks", "netting", "schedule", "residual")


class _Entry(NamedTuple):
    """A part of our quantity in a market; quantities are hundredths of a contract."""

    ticker: str
    part: int
    words: str
    collateralisation: str
    qty: int
    price_centicents: int | None
    file: str | None
    line: int | None


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
@click.option("--limit", type=int, default=1000, show_default=True, help="Entries shown at most.")
@home_option
def explain(account: str, day: date | None, cycle: str, limit: int, home: Path | None) -> None:
    """Explain an account's margin against the venue's, down to trades, file and line.

    Shows status and cause, the effects that sum to the difference, the findings, and each
    position with our quantity, the venue's, and what ours is made of: the quantity carried
    from the date before, the trades of the date, and settlement. Positions that differ come
    first, then those whose mark differs. Quantities are contracts, YES positive.

    With --cycle, all of it as it was at a cycle within the day.

    \b
    Example:
      reporting explain --account A000178 --date 2026-05-04 --home build/home
    """
    with open_lake(from_environment(home), read_only=True) as lake:
        day = day or _newest(lake)
        asked = {"day": day, "account": account, "cycle": cycle}
        if not _known(lake, asked):
            raise UserError(
                f"{day} knows no account {account!r}; `reporting status` lists the dates,"
                " validate.accounts the accounts"
            )
        _check_cycle(lake, day, cycle)
        click.echo(f"{day}{'' if cycle == END_OF_DAY else f' {cycle}'}  account {account}")
        _margin(lake, asked)
        for severity, rule, subject, detail in lake.connection.execute(FINDINGS, asked).fetchall():
            click.echo(f"  {severity:<5}  {rule}  {subject}: {detail}")
        _positions(lake, asked, limit)


def _newest(lake: Lake) -> date:
    day = lake.connection.execute("SELECT max(business_date) FROM recompute.days").fetchone()[0]
    if day is None:
        raise UserError("no day has been run yet; start with `reporting run --help`")
    return day


def _check_cycle(lake: Lake, day: date, cycle: str) -> None:
    rows = lake.connection.execute(
        "SELECT cycle FROM recompute.cycles WHERE business_date = ? ORDER BY cycle", [day]
    ).fetchall()
    known = [*(row[0] for row in rows), END_OF_DAY]
    if cycle not in known:
        raise UserError(
            f"{day} has no cycle {cycle}: of those within a day, the venue has sent prices of"
            f" {', '.join(known[:-1]) or 'none'}; leave --cycle out for the end of the day"
        )


def _known(lake: Lake, asked: dict) -> bool:
    query = (
        "SELECT account_id FROM validate.accounts"
        " WHERE business_date = $day AND account_id = $account"
        " UNION ALL SELECT account_id FROM recompute.margin_breaks"
        " WHERE business_date = $day AND account_id = $account LIMIT 1"
    )
    wanted = {"day": asked["day"], "account": asked["account"]}
    return bool(lake.connection.execute(query, wanted).fetchall())


def _margin(lake: Lake, asked: dict) -> None:
    row = lake.connection.execute(MARGIN, asked).fetchone()
    if row is None:
        click.echo("  no margin is charged or recomputed then")
        return
    member, status, cause, venue, ours, difference, *rest = row
    effects, (worst, our_worst, core, our_core, version, our_version, file, line) = (
        rest[:5],
        rest[5:],
    )
    click.echo(f"  member {member}: {status}" + (f" by {cause}" if cause != "NONE" else ""))
    click.echo(
        f"  initial margin  charged {dollars(venue)}, recomputed {dollars(ours)},"
        f" difference {dollars(difference)}"
    )
    if status != "MATCH":
        named = zip(_EFFECTS, effects, strict=True)
        click.echo("    of it  " + ", ".join(f"{name} {dollars(value)}" for name, value in named))
    click.echo(f"  worst case      charged {dollars(worst)}, recomputed {dollars(our_worst)}")
    click.echo(f"  core            charged {dollars(core)}, recomputed {dollars(our_core)}")
    click.echo(f"  schedule        charged by {version or 'none'}, recomputed by {our_version}")
    click.echo(f"  venue's row     {_place(file, line)}")


def _positions(lake: Lake, asked: dict, limit: int) -> None:
    behind: dict[str, list[_Entry]] = {}
    for entry in map(_Entry._make, lake.connection.execute(BEHIND, asked).fetchall()):
        behind.setdefault(entry.ticker, []).append(entry)
    left = limit
    for row in lake.connection.execute(POSITIONS, asked).fetchall():
        ticker, ours, theirs, difference, mark, venue_mark, file, line = row
        verdict = f"DIFFERS by {_contracts(difference)}" if difference else "agrees"
        click.echo(
            f"\n  {ticker}  rebuilt {_contracts(ours)}, venue {_contracts(theirs)}: {verdict}"
            f"  (mark {_price(mark)}, venue's {_price(venue_mark)}; {_place(file, line)})"
        )
        entries = behind.get(ticker, [])
        for entry in entries[:left]:
            _entry(entry)
        left -= min(left, len(entries))
    hidden = sum(map(len, behind.values())) - limit
    if hidden > 0:
        click.echo(f"{hidden} more entries are not shown; give a larger --limit", err=True)


def _entry(entry: _Entry) -> None:
    at = "" if entry.price_centicents is None else f" at {_price(entry.price_centicents)}"
    where = "" if entry.line is None else f"  {_place(entry.file, entry.line)}"
    click.echo(
        f"    {_contracts(entry.qty):>14}{at}  {entry.words},"
        f" {entry.collateralisation.replace('_', ' ')}{where}"
    )


def _contracts(qty: int) -> str:
    """Hundredths of a contract, YES positive, with their sign."""
    whole, part = divmod(abs(qty), 100)
    return f"{'-' if qty < 0 else '+' if qty else ''}{whole:,}.{part:02d}"


def _price(centicents: int | None) -> str:
    return "none" if centicents is None else f"{centicents / 10_000:.4f}"


def _place(file: str | None, line: int | None) -> str:
    return f"{file} line {line}" if file else "no row of the venue"
