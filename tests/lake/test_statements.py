"""Statements with names known at run time: what is quoted, and what is refused."""

import duckdb
import pytest

from reporting.engine.tables import all_tables
from reporting.lake import statements
from reporting.lake.statements import (
    column_definitions,
    identifier,
    lake_table,
    literal,
    options,
    select,
    statement,
)
from reporting.rulebook import load_rulebook


def test_a_statement_is_its_text_with_the_parts_in_the_gaps():
    made = statement(
        "INSERT INTO {today} BY NAME SELECT * FROM {table} WHERE business_date = ?",
        today=identifier("temp.today_land_files"),
        table=lake_table("land.files"),
    )
    assert made == (
        'INSERT INTO "temp"."today_land_files" BY NAME'
        ' SELECT * FROM "lake"."land"."files" WHERE business_date = ?'
    )


def test_columns_and_options_as_duckdb_takes_them():
    assert column_definitions({"line": "BIGINT", "a_utc": "TIMESTAMP"}).sql == (
        '"line" BIGINT, "a_utc" TIMESTAMP'
    )
    how = {"DATA_PATH": "it's here/", "READ_ONLY": True, "SNAPSHOT_VERSION": 12}
    assert options(how).sql == "DATA_PATH 'it''s here/', READ_ONLY true, SNAPSHOT_VERSION 12"


@pytest.mark.parametrize("text", ["", "'", "''; DROP TABLE t; --", 'a"b', "\\'", "ä\n–", "{x}"])
def test_duckdb_reads_a_literal_as_the_text_that_it_was(text):
    query = statement("SELECT {text}", text=literal(text))
    assert duckdb.connect().execute(query).fetchall() == [(text,)]


def test_names_that_are_keywords_are_quoted_and_work():
    connection = duckdb.connect()
    connection.execute(
        statement(
            "CREATE TABLE {table} ({columns})",
            table=identifier("order"),
            columns=column_definitions({"select": "BIGINT"}),
        )
    )
    connection.execute(
        statement(
            "INSERT INTO {table} BY NAME {rows}",
            table=identifier("order"),
            rows=select('SELECT 7 AS "select" -- the last line is a comment'),
        )
    )
    rows = statement("SELECT count(*) FROM ({rows})", rows=select('SELECT * FROM "order" -- all'))
    assert connection.execute(rows).fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("part", "given"),
    [
        (identifier, 'files"; DROP TABLE x; --'),
        (identifier, "Files"),
        (identifier, "land."),
        (identifier, ""),
        (lake_table, "land.files WHERE true"),
        (column_definitions, {"a": "BIGINT, b BIGINT"}),
        (column_definitions, {"a b": "BIGINT"}),
        (options, {"READ_ONLY, x": True}),
        (literal, "a\x00b"),
        (select, ""),
        (select, "-- nothing"),
        (select, "DELETE FROM t"),
        (select, "SELECT 1; DROP TABLE t"),
        (select, "SELECT 1) OR (SELECT 2"),
        (select, "SELECT (1"),
    ],
)
def test_what_is_no_name_type_option_or_select_is_refused(part, given):
    with pytest.raises(ValueError):
        part(given)


@pytest.mark.parametrize(
    ("template", "gaps"),
    [("SELECT * FROM {table}", ()), ("SELECT * FROM {}", ("table",)), ("SELECT 1", ("table",))],
)
def test_gaps_and_parts_must_be_the_same(template, gaps):
    with pytest.raises(ValueError, match="gaps"):
        statement(template, **dict.fromkeys(gaps, lake_table("land.files")))


def test_a_text_is_no_part():
    with pytest.raises(TypeError, match="is no part of a statement"):
        statement("SELECT * FROM {table}", table="land.files")


def test_brackets_semicolons_and_keywords_in_texts_and_comments_do_not_count():
    select("/* ; ( */ WITH a AS (SELECT 'ä); DROP' AS x) SELECT * FROM a -- );")


def test_every_select_of_the_project_may_stand_in_a_statement():
    for table in all_tables().values():
        if table.sql is not None:
            select(table.sql)
    for rule in load_rulebook().values():
        if rule.sql is not None:
            select(rule.sql)


def test_the_types_are_those_of_the_tables():
    """A column that could not be stored is found here and not on the first day."""
    for table in all_tables().values():
        assert set(table.columns.values()) <= statements._TYPES, table.name
