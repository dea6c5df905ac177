"""``reporting status`` and ``reporting sql``: look, change nothing."""

import csv
import sys
from pathlib import Path

import click
import duckdb

from reporting.cli.amounts import dollars
from reporting.cli.options import home_option
from reporting.errors import UserError
from reporting.lake import open_lake
from reporting.settings import from_environment

_DAYS = """
SELECT days.business_date,
    (SELECT count(*) FROM validate.trades AS t WHERE t.business_date = days.business_date),
    (SELECT count(*) FROM found WHERE found.business_date = days.business_date
        AND severity = 'ERROR'),
    (SELECT count(*) FROM found WHERE found.business_date = days.business_date
        AND severity = 'WARN'),
    (SELECT count(*) FROM recompute.margin_breaks AS b
        WHERE b.business_date = days.business_date AND b.status <> 'MATCH'),
    (SELECT sum(initial_margin_centicents) FROM recompute.account_margin AS m
        WHERE m.business_date = days.business_date),
    (SELECT count(*) FROM disclose.pack_files AS p WHERE p.business_date = days.business_date)
FROM recompute.days AS days
ORDER BY 1
"""

_FOUND = """
CREATE TEMP VIEW found AS
SELECT business_date, severity FROM land.findings
UNION ALL SELECT business_date, severity FROM validate.findings
UNION ALL SELECT business_date, severity FROM recompute.findings
UNION ALL SELECT business_date, severity FROM stress.findings
UNION ALL SELECT business_date, severity FROM disclose.findings
"""


@click.command()
@click.option("--snapshots", is_flag=True, help="List every commit of the lake instead.")
@home_option
def status(snapshots: bool, home: Path | None) -> None:
    """Show the days in the lake: trades, findings, breaks, margin, packs.

    \b
    Examples:
      reporting status --home build/home
      reporting status --snapshots --home build/home
    """
    settings = from_environment(home)
    with open_lake(settings, read_only=True) as lake:
        if snapshots:
            for snapshot in lake.snapshots():
                click.echo(
                    f"{snapshot.snapshot_id:>6}  {snapshot.committed_utc:%Y-%m-%d %H:%M:%S}"
                    f"  {snapshot.author or '-':<12}  read {snapshot.read_snapshot or '-':<5}"
                    f"  {snapshot.message}"
                )
            return
        lake.connection.execute(_FOUND)
        rows = lake.connection.execute(_DAYS).fetchall()
    if not rows:
        click.echo("no day has been run yet; start with `reporting run --help`")
        return
    click.echo("date            trades  ERROR   WARN  breaks  initial margin  packs")
    for day, trades, errors, warnings, breaks, margin, packs in rows:
        click.echo(
            f"{day}  {trades:>10,}  {errors:>5}  {warnings:>5}  {breaks:>6}"
            f"  {dollars(margin):>14}  {packs:>5}"
        )


@click.command()
@click.argument("query")
@click.option("--as-of", type=int, help="Read the state of this snapshot (`status --snapshots`).")
@click.option("--limit", type=int, default=1000, show_default=True, help="Rows to print at most.")
@home_option
def sql(query: str, as_of: int | None, limit: int, home: Path | None) -> None:
    """Read the lake with SQL, today's state or an earlier one; nothing can be changed.

    Tables are named stage.table, for example recompute.positions. The answer is CSV.

    \b
    Examples:
      reporting sql "SELECT * FROM recompute.margin_breaks WHERE status <> 'MATCH'"
      reporting sql --as-of 12 "SELECT count(*) FROM validate.trades"
    """
    settings = from_environment(home)
    with open_lake(settings, read_only=True, as_of=as_of, isolated=True) as lake:
        try:
            answer = lake.connection.execute(_one_select(query))
        except duckdb.Error as error:
            # DuckDB quotes the query below its first line; the user has it on screen.
            raise UserError(str(error).strip().splitlines()[0]) from None
        if answer.description is None:
            return
        names = [column[0] for column in answer.description]
        rows = answer.fetchmany(limit + 1)
    write_csv(names, rows[:limit])
    if len(rows) > limit:
        click.echo(f"only the first {limit} rows; give a larger --limit", err=True)


def _one_select(query: str) -> duckdb.Statement:
    """The query, if it is a single SELECT: COPY would write even into a lake that is read only.

    Raises UserError for anything else.
    """
    statements = duckdb.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UserError("give one SELECT; nothing else is run here")
    return statements[0]


def write_csv(names: list[str], rows: list[tuple]) -> None:
    """Print rows as CSV; a text that a spreadsheet would run as a formula is quoted off."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])


def _harmless(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value
