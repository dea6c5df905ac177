"""``reporting sql``: one SELECT on the lake; nothing can be changed."""

import csv
import sys
from pathlib import Path

import click
import duckdb

from reporting.cli.options import home_option
from reporting.errors import UserError
from reporting.lake import open_lake
from reporting.settings import from_environment


@click.command()
@click.argument("query")
@click.option("--as-of", type=int, help="Read the state of this snapshot (`status --snapshots`).")
@click.option("--limit", type=int, default=1000, show_default=True, help="Maximum rows printed.")
@home_option
def sql(query: str, as_of: int | None, limit: int, home: Path | None) -> None:
    """Query the lake with SQL, as it is now or as of an earlier snapshot.

    Nothing can be changed. Tables are named stage.table, for example recompute.positions. The
    answer is CSV.

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
        click.echo(f"only the first {limit} rows are shown; give a larger --limit", err=True)


def _one_select(query: str) -> duckdb.Statement:
    """The query, if it is a single SELECT: COPY writes files even when the lake is read only.

    Raises UserError for anything else.
    """
    statements = duckdb.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UserError("give one SELECT; no other statement is run here")
    return statements[0]


def write_csv(names: list[str], rows: list[tuple]) -> None:
    """Print rows as CSV; a text that a spreadsheet would run as a formula is quoted."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])


def _harmless(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value
