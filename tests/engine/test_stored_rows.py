"""Rows are read back in the order of the SELECT that made them."""

import pytest

from reporting.engine.stored_rows import stored_select
from reporting.engine.tables import stage_tables

FIGURES = [table for table in stage_tables("disclose") if table.sql is not None]


def _order(sql: str) -> str:
    return stored_select("disclose.it", sql).partition(" ORDER BY ")[2]


@pytest.mark.parametrize(
    ("sql", "order"),
    [
        ("SELECT a, b FROM t ORDER BY b DESC, a", "b DESC, a"),
        # By a column of a table: by the name under which it was stored, not by its own.
        ("SELECT x.a AS business_date, y.a AS other FROM x, y ORDER BY y.a", "other"),
        ("SELECT t.a, t.b FROM t ORDER BY ABS(t.b - t.a) DESC", "ABS(b - a) DESC"),
        (
            "SELECT a FROM t ORDER BY CASE a WHEN 'x' THEN 0 ELSE 1 END",
            "CASE a WHEN 'x' THEN 0 ELSE 1 END",
        ),
        ("SELECT a FROM t ORDER BY a NULLS FIRST", "a NULLS FIRST"),
    ],
)
def test_the_order_is_by_stored_columns(sql, order):
    assert _order(sql) == order


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT a FROM t", "in no order"),
        ("SELECT a FROM t ORDER BY b", "order is by b, which is not stored"),
        # Its own name is taken by another column.
        ("SELECT x.a AS b, y.c FROM x, y ORDER BY y.b", "order is by y.b, which is not stored"),
    ],
)
def test_an_order_that_was_not_stored_is_refused(sql, words):
    with pytest.raises(ValueError, match=words):
        _order(sql)


@pytest.mark.parametrize("table", FIGURES, ids=lambda table: table.short)
def test_every_figure_can_be_read_back(table):
    """Fails when a SELECT of sql/disclose has no order, or one by something it does not store."""
    read = stored_select(table.name, table.sql)
    assert read.startswith("SELECT business_date, ")
    assert f" FROM {table.name} WHERE business_date = $business_date ORDER BY " in read
