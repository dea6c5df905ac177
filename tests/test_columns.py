"""The registry of columns: one name has one meaning, one unit and one type in every table."""

import re
from datetime import date

import duckdb
import pytest
import yaml

from reporting.columns import COLUMNS, format_of, heading_of, meaning_of, type_of, unit_of, width_of
from reporting.contract import STREAMS
from reporting.engine.tables import all_tables
from reporting.lake.connection import STAGES
from reporting.lake.statements import column_definitions, identifier, statement
from reporting.settings import ROOT

REGISTRY = yaml.safe_load(COLUMNS.read_text())
LANDED = {f"land.{stream}" for stream in STREAMS}
MADE_IN_PYTHON = [
    table
    for table in all_tables().values()
    if table.producer and not table.name.startswith("land.")
]


@pytest.mark.parametrize(
    ("column", "meaning"),
    [
        ("initial_margin_centicents", "initial margin; 1e-4 dollars"),
        # The longest term counts: not "margin", narrowed down by what is no word for it.
        ("maintenance_margin_centicents", "maintenance margin; 1e-4 dollars"),
        (
            "replica_initial_margin_centicents",
            "initial margin, by the second implementation; 1e-4 dollars",
        ),
        ("margined_initial_centicents", "initial margin, of margined positions; 1e-4 dollars"),
        ("account_id", "account"),
        # Nothing is guessed: neither an unknown term nor an unknown word before a known one.
        ("blue_sky", ""),
        ("blue_initial_margin_centicents", ""),
        ("centicents", ""),
    ],
)
def test_a_name_is_read_from_its_end(column, meaning):
    assert meaning_of(column) == meaning


def test_every_column_of_a_table_made_in_python_has_a_meaning():
    """Fails when a table is declared with a column that neither it nor the terms explain."""
    silent = {
        f"{table.name}.{column}"
        for table in MADE_IN_PYTHON
        for column in table.columns
        if not table.notes.get(column) and not meaning_of(column)
    }
    assert silent == set()


def test_amounts_and_quantities_say_their_unit():
    for table in MADE_IN_PYTHON:
        for column in table.columns:
            suffix, meaning = column.rpartition("_")[2], meaning_of(column)
            if suffix in ("centicents", "micros"):
                assert meaning.endswith("dollars"), column
            elif suffix in ("qty", "bps"):
                assert "1e-2" in meaning or "basis points" in meaning, column


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("initial_margin_centicents", "centicents"),
        ("closing_qty", "qty"),
        ("cycle_utc", "utc"),
        ("account_id", ""),
        ("probability", ""),
        # A unit alone is no column of that unit.
        ("seconds", ""),
    ],
)
def test_the_unit_is_the_end_of_the_name(column, unit):
    assert unit_of(column) == unit


@pytest.mark.parametrize(
    ("column", "table", "kind"),
    [
        ("initial_margin_centicents", "", "BIGINT"),
        # The longest ending counts: a mean of marks is no whole number of centicents.
        ("largest_gap_centicents", "", "DOUBLE"),
        ("business_date", "", "DATE"),
        ("cycle_utc", "", "TIMESTAMP"),
        ("bucket", "stress.backtest_books", "BIGINT"),
        ("bucket", "stress.backtest_results", "VARCHAR"),
        ("value", "recompute.metric_trends", "DOUBLE"),
        ("value", "recompute.sensitivity", "VARCHAR"),
        ("value", "recompute.metrics", "BIGINT"),
    ],
)
def test_the_type_follows_from_the_name(column, table, kind):
    assert type_of(column, table) == kind


def test_a_name_without_a_type_is_refused():
    with pytest.raises(KeyError, match="no type for the column blue_sky"):
        type_of("blue_sky")


def test_one_name_has_one_type_everywhere():
    """But where the registry lists the table as an exception, with a reason; streams land as text.

    Fails when a table has a column of another type than its name says, and when an exception is
    listed that none is.
    """
    exceptions = {
        (table, column): exception["type"]
        for column, listed in REGISTRY["type_exceptions"].items()
        for exception in listed
        for table in exception["tables"]
    }
    tables = {name: table.columns for name, table in all_tables().items() if name not in LANDED}
    for name, columns in tables.items():
        for column, kind in columns.items():
            assert kind == exceptions.get((name, column), type_of(column)), f"{name}.{column}"
    assert all(column in tables[name] for name, column in exceptions)
    assert all(kind != type_of(column) for (_, column), kind in exceptions.items())
    for listed in REGISTRY["type_exceptions"].values():
        assert all(len(exception["reason"].split()) >= 3 for exception in listed)


def test_the_unit_decides_the_type():
    """Money, quantities and rates are whole numbers, times are timestamps. DOUBLE is for what no
    whole number can be: a difference of a mark from a price that probabilities give back."""
    for name, table in all_tables().items():
        for column, kind in table.columns.items():
            unit = unit_of(column)
            if unit and name not in LANDED and column != "largest_gap_centicents":
                assert kind == ("TIMESTAMP" if unit == "utc" else "BIGINT"), f"{name}.{column}"


def test_every_select_gives_the_types_of_its_columns():
    """As the engine describes it on empty tables: nothing is cast on its way into the lake, but for
    sums, which are wider than what is stored.

    Fails when a SELECT gives a fraction where the registry says a whole number.
    """
    wider = {"HUGEINT": "BIGINT", "INTEGER": "BIGINT"}
    connection = duckdb.connect(":memory:")
    for stage in STAGES:
        connection.execute(f"CREATE SCHEMA {stage}")
    for name, table in all_tables().items():
        columns = column_definitions(table.columns)
        connection.execute(
            statement("CREATE TABLE {name} ({columns})", name=identifier(name), columns=columns)
        )
    for name, table in all_tables().items():
        if table.sql is not None:
            described = connection.execute(
                f"DESCRIBE {table.sql}", {"business_date": date(2026, 5, 4)}
            ).fetchall()
            types = {row[0]: wider.get(row[1], row[1]) for row in described}
            assert types == table.columns, name


def test_no_type_is_there_that_no_column_has():
    """Each listed end of a name decides the type of a column."""
    decisive = set()
    for name, table in all_tables().items():
        for column in table.columns if name not in LANDED else ():
            words = column.split("_")
            endings = ("_".join(words[start:]) for start in range(len(words)))
            listed = {ending for kind in REGISTRY["types"].values() for ending in kind}
            decisive.add(next(ending for ending in endings if ending in listed))
    assert {ending for kind in REGISTRY["types"].values() for ending in kind} - decisive == set()


def test_no_term_is_there_that_no_table_uses():
    """Each term is the meaning of a column, or part of the name of one."""
    terms = REGISTRY["terms"]
    names = {column for table in all_tables().values() for column in table.columns}
    used = {
        "_".join(name.split("_")[start:end])
        for name in names
        for start in range(name.count("_") + 1)
        for end in range(start + 1, name.count("_") + 2)
    }
    assert terms.keys() - used == set()


@pytest.mark.parametrize(
    ("column", "heading", "form", "width"),
    [
        ("initial_margin_centicents", "Initial margin", "money", 26),
        ("account_id", "Account", "", 18),
        ("jump_to_resolution_centicents", "Jump to resolution", "money", 26),
        # The name itself comes first, then the name without its unit.
        ("prefunded", "Prefunded", "", 26),
        ("prefunded_centicents", "Prefunded for it", "money", 26),
        # The longest ending decides how a value is printed.
        ("mark_centicents", "Mark", "price", 26),
        ("margined_leverage_bps", "Leverage, margined", "times", 26),
        ("history_date", "On", "day", 26),
        ("blue_sky", "Blue sky", "", 26),
    ],
)
def test_a_printed_column_has_its_heading_format_and_width(column, heading, form, width):
    assert (heading_of(column), format_of(column), width_of(column)) == (heading, form, width)


def test_no_heading_and_no_width_is_there_that_no_pack_prints():
    packs = "".join(path.read_text() for path in (ROOT / "reporting" / "packs").rglob("*.py"))
    names = set(re.findall(r"\w+", packs))
    known = {*names, *(name.rpartition("_")[0] for name in names)}
    assert {*REGISTRY["headings"], *REGISTRY["widths"]} - known == set()
