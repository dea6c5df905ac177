"""Rows of a date in the order of the SELECT that made them, read back where they are stored.

The lake keeps rows in no order, and memory is another process's; the order is therefore taken from
the SELECT itself, each key by the column in which it was stored.
"""

from functools import cache

from sqlglot import exp

from reporting.engine.day import Day
from reporting.engine.declaration import Table
from reporting.engine.tables import parse


def read_stored(day: Day, table: Table) -> list[dict]:
    """Today's rows of a table that has a SELECT, as records."""
    rows = day.query(stored_select(table.name, table.sql))
    columns = [column[0] for column in rows.description]
    return [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]


@cache
def stored_select(name: str, sql: str) -> str:
    """The SELECT that reads the rows of ``$business_date`` from the table ``name``, in the order
    of the SELECT ``sql`` that made them.

    Raises ValueError when that has no order, or one by something that is not stored.
    """
    tree = parse(sql)
    order = tree.args.get("order")
    if order is None:
        raise ValueError(f"{name}: its rows are in no order")
    stored = {selected.unalias().sql(): selected.alias_or_name for selected in tree.selects}
    keys = []
    for key in order.copy().expressions:
        for column in list(key.find_all(exp.Column)):
            if column.table or column.name not in tree.named_selects:
                if column.sql() not in stored:
                    raise ValueError(f"{name}: its order is by {column.sql()}, which is not stored")
                column.replace(exp.column(stored[column.sql()]))
        keys.append(key)
    date_of_rows = exp.column("business_date").eq(
        exp.Parameter(this=exp.to_identifier("business_date"))
    )
    read = exp.select(*map(exp.column, tree.named_selects)).from_(exp.to_table(name))
    return read.where(date_of_rows).order_by(*keys).sql(dialect="duckdb")
