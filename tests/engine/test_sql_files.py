"""The SELECTs keep their form, those in files and those that the contract makes: one SELECT each,
a header, no floating point, portable; and the rulebook and its SQL agree both ways."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

from reporting.contract import STREAMS
from reporting.contract.casts import typed_select
from reporting.engine.rewrite import localise
from reporting.engine.tables import all_tables, tables_read
from reporting.lake import open_lake
from reporting.lake.connection import STAGES
from reporting.rulebook.contract_rules import SELECTS
from reporting.settings import ROOT

pytestmark = pytest.mark.xdist_group("venue-0")

TABLES = sorted(path for stage in STAGES for path in (ROOT / "sql" / stage).glob("*.sql"))
READS = sorted(
    [
        *(ROOT / "sql").glob("*/reads/*.sql"),
        *(ROOT / "sql" / "studies").glob("*/*.sql"),
        *(ROOT / "sql" / "engine").glob("*.sql"),
    ]
)
PLOTS = sorted((ROOT / "sql" / "plots").glob("*.sql"))
RULES = sorted((ROOT / "data_checks" / "sql").glob("*.sql"))
MEASURES = sorted((ROOT / "data_checks" / "measures").glob("*.sql"))
LANDING = re.compile(r"(LAND|ROW)-")
# Streams whose typed table needs more than the contract says.
BY_FILE = {"trades", "benchmarks"}
# Not a stream of its own: what of the trades is not counted.
NOT_COUNTED = {"resent_trades"}
FINDING = ["subject", "detail", "file_sha256", "line"]


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


TABLE_TEXTS = {_name(path): path.read_text() for path in TABLES} | {
    f"validate/{name}": typed_select(stream)
    for name, stream in STREAMS.items()
    if name not in BY_FILE
}
RULE_TEXTS = {path.stem: path.read_text() for path in RULES} | SELECTS
TEXTS = (
    TABLE_TEXTS
    | RULE_TEXTS
    | {_name(path): path.read_text() for path in [*READS, *PLOTS, *MEASURES]}
)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_file_is_one_select_without_floating_point(text):
    """One statement, a SELECT, no cast to a binary fraction, no literal with an exponent, no
    AVG; Spark's dialect can say it too.

    Fails on a second statement, on anything that writes, on a type that rounds, and on SQL
    that sqlglot cannot carry over.
    """
    statements = sqlglot.parse(text, dialect="duckdb")
    assert len(statements) == 1
    tree = statements[0]
    assert isinstance(tree, exp.Query)
    floating = {exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT}
    assert not [cast for cast in tree.find_all(exp.Cast) if cast.to.this in floating]
    assert not list(tree.find_all(exp.Avg))
    assert not [n for n in tree.find_all(exp.Literal) if not n.is_string and "e" in n.name.lower()]
    spark = sqlglot.transpile(
        text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert len(spark) == 1
    sqlglot.parse_one(spark[0], dialect="spark")


@pytest.mark.parametrize("text", TABLE_TEXTS.values(), ids=TABLE_TEXTS.keys())
def test_a_table_names_its_columns(text):
    """An older lake learns from the names alone which columns it lacks: no star, no column
    without a name."""
    names = sqlglot.parse_one(text, dialect="duckdb").named_selects
    assert names and not {"", "*"} & set(names)


@pytest.mark.parametrize(("name", "text"), TABLE_TEXTS.items(), ids=TABLE_TEXTS.keys())
def test_a_table_says_what_it_is(name, text):
    """The text begins with grain, meaning and owner, each once and with words; what it reads
    has a stage; its folder is a stage."""
    lines = text.splitlines()
    heads = [line.split(":")[0] for line in lines[:3]]
    assert heads == ["-- grain", "-- meaning", "-- owner"]
    assert all(len(line.split(":", 1)[1].strip()) >= 4 for line in lines[:3])
    assert name.partition("/")[0] in STAGES
    tree = sqlglot.parse_one(text, dialect="duckdb")
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        assert table.db in STAGES or (not table.db and table.name in ctes), table.sql()


@pytest.mark.parametrize("path", READS, ids=_name)
def test_a_read_says_what_it_is_and_some_module_reads_it(path):
    """The file begins with grain and meaning; the package names it."""
    lines = path.read_text().splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["-- grain", "-- meaning"]
    assert all(len(line.split(":", 1)[1].strip()) >= 4 for line in lines[:2])
    assert f'"{path.relative_to(ROOT / "sql").with_suffix("")}"' in _package()


# Modules that say SELECT, and why: none of these is a question about data of the lake.
SELECTS_IN_PYTHON = {
    "reporting/contract/casts.py": "made from the declaration of a stream, and tested as its text",
    "reporting/rulebook/contract_rules.py": "made from the declaration of the streams, as above",
    "reporting/feeds/loading.py": "asks the temporary tables of loading; feeds knows no lake",
    "reporting/feeds/progress.py": "asks the temporary tables of loading, as above",
    "reporting/rulebook/gx.py": "a constant, for a suite that has a query of its own for each rule",
    "reporting/engine/checks.py": "wraps the SELECT of a rule; asks whether the transaction lives",
    "reporting/engine/day.py": "moves the rows of a date between memory and any table of the lake",
    "reporting/engine/lake_copies.py": "copies any table of the lake into memory",
    "reporting/engine/stage.py": "reads the errors of any stage: the table is a parameter",
    "reporting/lake/connection.py": "asks DuckLake for snapshots, commits and columns",
    "reporting/lake/recovery.py": "opens the catalog, so that SQLite undoes a killed commit",
    "reporting/lake/statistics.py": "writes what DuckLake must know of tables without rows",
}


def test_no_module_holds_a_select():
    """A SELECT is a file of its own: in Python it would escape the tests of this module.

    The simulator, which is the venue, has no lake.
    """
    modules = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "reporting").rglob("*.py")
        if any(_IS_SELECT.search(text) for text in _strings(path))
    }
    simulator = {name for name in modules if name.startswith("reporting/simulator/")}
    assert sorted(modules - simulator) == sorted(SELECTS_IN_PYTHON)


_IS_SELECT = re.compile(r"\bSELECT\b")


def _strings(path: Path) -> Iterator[str]:
    """All strings of a module but the docstrings and the words of errors."""
    tree = ast.parse(path.read_text())
    prose: set[ast.AST] = set()
    for node in ast.walk(tree):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or isinstance(node, ast.Raise):
            prose.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            yield node.value


@cache
def _package() -> str:
    """The text of all modules."""
    return "\n".join(path.read_text() for path in (ROOT / "reporting").rglob("*.py"))


def test_every_stream_is_cast_and_every_file_is_a_table():
    """Each stream has one typed table, from a file where it needs one and else from the contract;
    each SELECT is that of the table of its name."""
    files = {path.stem for path in TABLES if path.parent.name == "validate"}
    assert files == BY_FILE | NOT_COUNTED
    selects = {name.replace("/", "."): text for name, text in TABLE_TEXTS.items()}
    assert selects == {name: table.sql for name, table in all_tables().items() if table.sql}


def test_every_file_is_known():
    """No SQL file lies where nothing reads it."""
    known = {*TABLES, *READS, *PLOTS, *RULES, *MEASURES}
    assert {*(ROOT / "sql").rglob("*.sql"), *(ROOT / "data_checks").rglob("*.sql")} == known


@pytest.mark.parametrize("path", PLOTS, ids=_name)
def test_plots_are_of_a_table_and_read_today_of_its_stage(path):
    """Plots are made when the stage is, from memory: no other date, no later stage."""
    table = all_tables()[path.stem]
    used = localise(path.read_text()).today
    assert table.name in used
    assert used == tables_read(path.read_text())
    assert {name.partition(".")[0] for name in used} == {table.stage}


@pytest.mark.parametrize("path", MEASURES, ids=_name)
def test_a_measure_is_of_a_rule_and_reads_today(path):
    """From memory, and nothing that its rule's stage has not at hand."""
    rule = _rulebook()[path.stem]
    used = localise(path.read_text()).today
    assert used == tables_read(path.read_text())
    stages = STAGES[: STAGES.index(rule["stage"]) + 1]
    assert {name.partition(".")[0] for name in used} <= set(stages)


def _rulebook() -> dict[str, dict]:
    """Rules by id, read without the product's reader."""
    rules = {}
    for path in (ROOT / "data_checks" / "rulebook").glob("*.yaml"):
        for record in yaml.safe_load(path.read_text()):
            assert record["id"] not in rules
            rules[record["id"]] = {**record, "stage": path.stem}
    return rules


def test_rulebook_and_rule_files_agree_both_ways():
    """Each rule that is not checked while landing or making has a SELECT, each SELECT a rule."""
    in_making = ("-NOT-MADE", "STRESS-SCENARIO-UNKNOWN")
    by_sql = {n for n in _rulebook() if not LANDING.match(n) and not n.endswith(in_making)}
    assert by_sql == RULE_TEXTS.keys()


def test_every_rule_is_complete():
    """A rule names its stage in its id, a table of the lake, an owner, a citation, a meaning
    and a remediation in words."""
    stages = {
        "LAND": "land",
        "ROW": "land",
        "VALIDATE": "validate",
        "RECOMPUTE": "recompute",
        "STRESS": "stress",
        "DISCLOSE": "disclose",
    }
    for name, rule in _rulebook().items():
        assert stages[name.partition("-")[0]] == rule["stage"]
        assert rule["table"] in all_tables()
        assert rule["severity"] in ("ERROR", "WARN", "INFO")
        assert isinstance(rule["effective_from"], date)
        assert rule["owner"].strip()
        assert len(rule["citation"]) >= 8
        assert len(rule["meaning"].split()) >= 4
        # What is only for the record may need nothing done.
        assert len(rule["remediation"].split()) >= 3 or rule["severity"] == "INFO"


def test_every_rule_gives_the_columns_of_a_finding(finished):
    """Described by the engine on the real tables, each rule gives subject, detail, file_sha256
    and line, text and a whole number. The columns of a finding are those of findings.

    Fails when a rule cannot be bound, lacks a column or gives one of another type.
    """
    with open_lake(finished, read_only=True) as lake:
        for name, text in RULE_TEXTS.items():
            described = lake.connection.execute(
                "DESCRIBE " + text, {"business_date": date(2026, 5, 4)}
            ).fetchall()
            assert [row[0] for row in described] == FINDING, name
            assert [row[1] for row in described[:3]] == ["VARCHAR"] * 3, name
            assert described[3][1] in ("BIGINT", "INTEGER"), name


# What localise does to a SELECT: each case is SQL in, and the tables read from memory.
