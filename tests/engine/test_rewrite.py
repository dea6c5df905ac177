"""A SELECT is pointed at memory only where it reads the rows of the date alone."""

from datetime import date

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from reporting.engine.rewrite import localise

CASES = {
    "bound by WHERE": (
        "SELECT * FROM land.trades WHERE business_date = $business_date",
        {"land.trades"},
    ),
    "bound the other way round": (
        "SELECT * FROM land.trades AS t WHERE $business_date = t.business_date",
        {"land.trades"},
    ),
    "not bound at all": ("SELECT * FROM land.trades", set()),
    "up to the date": ("SELECT * FROM land.trades WHERE business_date <= $business_date", set()),
    "other dates": ("SELECT * FROM land.trades WHERE business_date <> $business_date", set()),
    "another column": ("SELECT * FROM land.trades WHERE line = $business_date", set()),
    "another parameter": ("SELECT * FROM land.trades WHERE business_date = $other", set()),
    "either or": (
        "SELECT * FROM land.trades WHERE business_date = $business_date OR line = 1",
        set(),
    ),
    "not": ("SELECT * FROM land.trades WHERE NOT (business_date = $business_date)", set()),
    "inner join carries the date": (
        "SELECT * FROM land.trades AS t JOIN land.files AS f"
        " ON f.business_date = t.business_date WHERE t.business_date = $business_date",
        {"land.trades", "land.files"},
    ),
    "inner join carries it back": (
        "SELECT * FROM land.trades AS t JOIN land.files AS f"
        " ON f.business_date = t.business_date AND f.business_date = $business_date",
        {"land.trades", "land.files"},
    ),
    "inner join on something else": (
        "SELECT * FROM land.trades AS t JOIN land.files AS f ON f.line = t.line"
        " WHERE t.business_date = $business_date",
        {"land.trades"},
    ),
    "left join binds the joined side": (
        "SELECT * FROM land.trades AS t LEFT JOIN land.files AS f"
        " ON f.business_date = t.business_date WHERE t.business_date = $business_date",
        {"land.trades", "land.files"},
    ),
    "left join never binds the kept side": (
        "SELECT * FROM land.trades AS t LEFT JOIN land.files AS f"
        " ON f.business_date = t.business_date AND f.business_date = $business_date",
        {"land.files"},
    ),
    "left join, kept side bound in ON": (
        "SELECT * FROM land.trades AS t LEFT JOIN land.files AS f"
        " ON t.business_date = $business_date",
        set(),
    ),
    "right join": (
        "SELECT * FROM land.trades AS t RIGHT JOIN land.files AS f"
        " ON f.business_date = t.business_date AND t.business_date = $business_date",
        set(),
    ),
    "full outer join": (
        "SELECT * FROM land.trades AS t FULL OUTER JOIN land.files AS f"
        " ON f.business_date = t.business_date AND t.business_date = $business_date",
        set(),
    ),
    "yesterday through the days": (
        "SELECT * FROM recompute.marks AS m JOIN recompute.days AS d"
        " ON d.previous_business_date = m.business_date"
        " WHERE d.business_date = $business_date",
        {"recompute.days"},
    ),
    "each scope by itself": (
        "WITH a AS (SELECT * FROM land.trades WHERE business_date = $business_date),"
        " b AS (SELECT * FROM land.trades) SELECT * FROM a JOIN b ON a.line = b.line",
        {"land.trades"},
    ),
    "column without a prefix, two sources": (
        "SELECT * FROM land.trades AS t, land.files AS f WHERE business_date = $business_date",
        set(),
    ),
    "subquery": (
        "SELECT (SELECT count(*) FROM land.files WHERE business_date = $business_date)"
        " FROM land.trades",
        {"land.files"},
    ),
    "not a table of the lake": (
        "SELECT * FROM other.trades WHERE business_date = $business_date",
        set(),
    ),
}


@pytest.mark.parametrize(("sql", "tables"), CASES.values(), ids=CASES.keys())
def test_only_reads_of_the_date_alone_come_from_memory(sql, tables):
    """Exactly the tables whose business date is bound to the parameter in every row are read
    from memory; the rest stays in the lake."""
    found = localise(sql)
    rewritten = found.sql
    assert found.today == tables
    read = list(sqlglot.parse_one(rewritten, dialect="duckdb").find_all(exp.Table))
    assert {t.name for t in read if not t.db and t.name.startswith("today_")} == {
        "today_" + name.replace(".", "_") for name in tables
    }
    before = sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Table)
    still = {f"{t.db}.{t.name}" for t in before if t.db}
    assert {f"{t.db}.{t.name}" for t in read if t.db} >= still - tables


def test_each_copy_that_there_is_stands_for_its_table_wherever_it_is_read():
    """One after the other with no copy, both, one and the other: none is left over from before."""
    sql = (
        "WITH marks AS (SELECT * FROM recompute.marks WHERE business_date = $business_date)"
        " SELECT m.ticker FROM marks AS m JOIN recompute.days ON TRUE"
        " JOIN recompute.marks AS before ON before.business_date = days.previous_business_date"
    )
    both = frozenset({"recompute.days", "recompute.marks"})
    for copied in (frozenset(), both, *(both - {name} for name in sorted(both))):
        found = localise(sql, copied)
        assert (found.today, found.others) == ({"recompute.marks"}, both)
        read = sqlglot.parse_one(found.sql, dialect="duckdb").find_all(exp.Table)
        assert {(f"{t.db}.{t.name}" if t.db else t.name, t.alias) for t in read} == {
            ("marks", "m"),
            ("today_recompute_marks", "marks"),
            *(
                ("every_" + name.replace(".", "_") if name in copied else name, alias)
                for name, alias in (("recompute.days", "days"), ("recompute.marks", "before"))
            ),
        }


def test_the_rewritten_select_gives_the_same_rows():
    """On a small database with rows of three dates, each case gives the same rows from memory
    as from the lake.

    Fails when a read is moved to memory that also needs other dates, or when an alias or a
    column is lost on the way.
    """
    day = date(2026, 5, 4)
    connection = duckdb.connect()
    for schema in ("land", "recompute", "other"):
        connection.execute(f"CREATE SCHEMA {schema}")
    for name in ("land.trades", "land.files", "recompute.marks", "other.trades"):
        connection.execute(f"CREATE TABLE {name} (business_date DATE, line BIGINT)")
        connection.execute(
            f"INSERT INTO {name} VALUES ('2026-05-03', 1), ('2026-05-04', 1), ('2026-05-04', 2),"
            " ('2026-05-05', 2)"
        )
    connection.execute(
        "CREATE TABLE recompute.days AS SELECT d::DATE AS business_date,"
        " (d - INTERVAL 1 DAY)::DATE AS previous_business_date"
        " FROM generate_series(DATE '2026-05-03', DATE '2026-05-05', INTERVAL 1 DAY) AS g(d)"
    )
    for name in ("land.trades", "land.files", "recompute.marks", "recompute.days"):
        memory = "today_" + name.replace(".", "_")
        connection.execute(
            f"CREATE TABLE {memory} AS SELECT * FROM {name} WHERE business_date = '{day}'"
        )
    compared = 0
    for title, (sql, _) in CASES.items():
        if title in ("another column", "another parameter", "column without a prefix, two sources"):
            continue  # not SQL that this database can run
        rows = [
            connection.execute(
                text, {"business_date": day} if "$business_date" in text else None
            ).fetchall()
            for text in (sql, localise(sql).sql)
        ]
        assert sorted(map(repr, rows[0])) == sorted(map(repr, rows[1])), title
        compared += bool(rows[0])
    assert compared >= 15
