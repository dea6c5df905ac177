"""The command as a person uses it: help that teaches, mistakes as one line, and the past."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pack_stand_in import write_files
from support import venues
from support.command import Answer
from support.venues import contents

from reporting.packs import api

pytestmark = pytest.mark.xdist_group("venue-0")

COMMANDS = (
    "simulate",
    "fetch",
    "run",
    "intraday",
    "backfill",
    "status",
    "explain",
    "sql",
    "replicate",
    "drill",
    "ui",
    "calc",
)


def _assert_one_line(answer: Answer, *words: str) -> None:
    """A mistake: exit code 2, nothing on standard output, one line that says what and how."""
    assert answer.out == ""
    lines = answer.err.splitlines()
    assert len(lines) == 1, answer.err
    assert "Traceback" not in answer.err
    for word in words:
        assert word in lines[0]
    assert answer.code == 2


def test_the_help_teaches(reporting):
    """The help of the group has a first day from nothing and names every subcommand."""
    answer = reporting("--help")
    assert answer.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", answer.out, re.MULTILINE), command
    for step in ("reporting simulate", "reporting run", "reporting status", "reporting ui"):
        assert step in answer.out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example(reporting, command):
    """Each subcommand shows itself in use, on a line of its own, with its own options."""
    answer = reporting(command, "--help")
    assert answer.code == 0
    assert re.search(r"^ *Examples?:$", answer.out, re.MULTILINE)
    examples = re.findall(rf"^ +(reporting {command}.*)$", answer.out, re.MULTILINE)
    assert examples
    for example in examples:
        for option in re.findall(r"--[a-z-]+", example):
            assert re.search(rf"^ .*{option}\b", answer.out, re.MULTILINE), option


def test_the_installed_command_is_the_same(tmp_path):
    """``reporting`` beside this Python answers, and a mistake ends without a stack trace."""
    command = Path(sys.executable).with_name("reporting")
    done = subprocess.run(
        [command, "status", "--home", tmp_path / "none"],
        capture_output=True,
        text=True,
        check=False,
    )
    _assert_one_line(Answer(done.returncode, done.stdout, done.stderr), "there is no lake", "none")


def test_a_missing_drop_folder_is_one_line(reporting, tmp_path):
    """``run`` and ``backfill`` without input name the folder and how to make one."""
    home, drop = tmp_path / "home", tmp_path / "nothing"
    words = (str(drop), "reporting simulate --out")
    run = reporting("run", "--date", "2026-05-04", "--input", drop, "--home", home)
    _assert_one_line(run, *words)
    newest = reporting("run", "--input", drop, "--home", home)
    _assert_one_line(newest, *words)
    back = reporting(
        "backfill", "--from", "2026-05-04", "--to", "2026-05-05", "--input", drop, "--home", home
    )
    _assert_one_line(back, *words)
    _assert_one_line(reporting("backfill", "--input", drop, "--home", home), *words)


@pytest.mark.parametrize("text", ["2026-02-30", "04.05.2026", "today", "2026-5", ""])
def test_a_bad_date_is_one_line(reporting, tmp_path, text):
    """A date that is none is shown back, with the form that is wanted."""
    answer = reporting("run", "--date", text, "--input", tmp_path, "--home", tmp_path / "home")
    _assert_one_line(answer, repr(text), "YYYY-MM-DD")


def test_a_date_without_a_folder_is_one_line(reporting, own_home):
    """A date that did not arrive: the line says which dates there are."""
    answer = reporting(
        "run", "--date", "2026-06-01", "--input", own_home.input, "--home", own_home.home
    )
    _assert_one_line(answer, "2026-06-01", "2026-05-04", "2026-05-05")


def test_dates_the_wrong_way_round_are_one_line(reporting, own_home):
    """A backfill that ends before it begins has no date to run and says so."""
    answer = reporting(
        "backfill",
        *("--from", "2026-05-05", "--to", "2026-05-04"),
        *("--input", own_home.input, "--home", own_home.home),
    )
    _assert_one_line(answer, "2026-05-05", "2026-05-04")


def test_an_unknown_calculator_is_one_line(reporting, tmp_path):
    """The names that there are are listed."""
    file = tmp_path / "in.json"
    file.write_text("{}")
    _assert_one_line(reporting("calc", "best-case", file), "best-case", "worst-case", "waterfall")


def test_a_faulty_calculation_is_one_line(reporting, tmp_path):
    """Input that is no JSON, and input without its fields."""
    file = tmp_path / "in.json"
    file.write_text("{not json")
    _assert_one_line(reporting("calc", "worst-case", file))
    file.write_text("{}")
    _assert_one_line(reporting("calc", "worst-case", file))


def test_a_calculation_of_no_file_is_one_line(reporting, tmp_path):
    """A document that is not there, or is a folder, is named; so is where the help is."""
    missing = tmp_path / "missing.json"
    answer = reporting("calc", "worst-case", missing)
    _assert_one_line(answer, str(missing), "No such file", "reporting calc --help")
    _assert_one_line(reporting("calc", "worst-case", tmp_path), str(tmp_path), "directory")


@pytest.mark.parametrize("arguments", [["calk"], ["calc"], ["status", "--hom", "x"]])
def test_a_mistyped_command_is_one_line(reporting, arguments):
    """Click's own errors are one line like all others."""
    _assert_one_line(reporting(*arguments), "--help")


def test_a_folder_that_is_not_empty_is_not_simulated_into(reporting, finished):
    """Somebody's drop folder is never overwritten."""
    _assert_one_line(reporting("simulate", "--out", finished.input), "not an empty folder")


def test_an_environment_that_is_wrong_is_one_line(reporting, finished, monkeypatch):
    """A setting that is no number names the variable."""
    monkeypatch.setenv("REPORTING_THREADS", "many")
    answer = reporting("status", "--home", finished.home)
    _assert_one_line(answer, "REPORTING_THREADS", "'many'")


def test_status_shows_the_days_with_what_was_found(reporting, finished):
    """One line a date, with the numbers that are in the lake and in the list of errors."""
    answer = reporting("status", "--home", finished.home)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].split() == [
        "date",
        "trades",
        "ERROR",
        "WARN",
        "breaks",
        *("initial", "margin"),
        "packs",
    ]
    errors = [e["business_date"] for e in venues.injected(finished.input)]
    for line, day in zip(lines[1:], venues.DAYS, strict=True):
        shown = line.split()
        assert shown[0] == day.isoformat()
        assert shown[1] == str(venues.TRADES)
        assert shown[2] == "0"
        assert shown[3] == str(errors.count(day.isoformat()))
        assert shown[-1] == "0"


def test_sql_answers_in_csv(reporting, finished):
    """A question about the lake, answered with a header and rows."""
    answer = reporting(
        "sql",
        "SELECT business_date, count(*) AS trades FROM validate.trades GROUP BY 1 ORDER BY 1",
        *("--home", finished.home),
    )
    assert answer.code == 0
    assert answer.rows() == [
        {"business_date": day.isoformat(), "trades": str(venues.TRADES)} for day in venues.DAYS
    ]


def test_sql_says_when_rows_are_left_out(reporting, finished):
    """More rows than asked for: the first ones, and a line on standard error."""
    answer = reporting(
        "sql", "SELECT trade_id FROM validate.trades", "--limit", 3, "--home", finished.home
    )
    assert answer.code == 0
    assert len(answer.rows()) == 3
    assert "--limit" in answer.err


REFUSED = {
    "delete": "DELETE FROM validate.trades",
    "insert": "INSERT INTO recompute.days VALUES (DATE '2030-01-01', NULL, '')",
    "drop": "DROP TABLE validate.trades",
    "create": "CREATE TABLE validate.mine (a INTEGER)",
    "read a file": "SELECT * FROM read_text('/etc/passwd')",
    "read a file as CSV": "SELECT * FROM read_csv('/etc/passwd')",
    "glob": "SELECT * FROM glob('/etc/*')",
    "write a file": "COPY (SELECT 1) TO '/tmp/reporting-test-must-not-exist.csv'",
    "write over the catalog": "COPY (SELECT 1) TO '{home}/lake/catalog.sqlite' (FORMAT csv)",
    "write into the data": "COPY (SELECT 1) TO '{home}/lake/data/evil.parquet'",
    "attach in the lake": "ATTACH '{home}/lake/data/new.db' AS other",
    "two statements": "SELECT 1; SELECT 2",
    "hidden behind an explanation": "EXPLAIN ANALYZE COPY (SELECT 1) TO '{home}/lake/data/x.csv'",
    "none": "",
    "attach": "ATTACH '/tmp/reporting-test-must-not-exist.db' AS other",
    "install": "INSTALL httpfs",
    "unlock": "SET enable_external_access = true",
    "no such table": "SELECT * FROM validate.no_such_table",
    "no SQL": "SELEKT 1",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED.keys())
def test_sql_changes_nothing_and_reads_nothing_else(reporting, finished, query):
    """Writes, files, other databases and extensions are refused with one line, code 2."""
    before = sorted(finished.home.rglob("*"))
    query = query.replace("{home}", str(finished.home))
    _assert_one_line(reporting("sql", query, "--home", finished.home))
    assert sorted(finished.home.rglob("*")) == before
    assert not list(Path("/tmp").glob("reporting-test-must-not-exist*"))


def test_refused_writes_left_the_lake_alone(reporting, finished, finished_contents):
    """After attempts to delete, the rows are all still there."""
    reporting("sql", "DELETE FROM validate.trades", "--home", finished.home)
    assert (
        contents(finished, stages=["validate"])["validate.trades"]
        == (finished_contents["validate.trades"])
    )


def test_an_unknown_snapshot_is_one_line(reporting, finished):
    """A snapshot that never was: its number, and where to look them up."""
    answer = reporting("sql", "SELECT 1", "--as-of", 99_999, "--home", finished.home)
    _assert_one_line(answer, "99999", "reporting status")


def test_an_earlier_state_is_read_by_its_snapshot(reporting, finished):
    """``status --snapshots`` names the snapshot; ``sql --as-of`` reads the state of then, in
    which only the first date is there.

    Fails when as-of reads today's state, or when its numbers are not those that are listed.
    """
    listed = reporting("status", "--snapshots", "--home", finished.home)
    numbers = {
        " ".join(line.split()[-2:]): int(line.split()[0]) for line in listed.out.splitlines()
    }
    first_day = numbers[f"validate {venues.DAY_1.isoformat()}"]
    query = "SELECT count(*) AS trades FROM validate.trades"
    now = reporting("sql", query, "--home", finished.home)
    then = reporting("sql", query, "--as-of", first_day, "--home", finished.home)
    assert now.rows() == [{"trades": str(2 * venues.TRADES)}]
    assert then.rows() == [{"trades": str(venues.TRADES)}]


def test_a_formula_is_not_handed_to_a_spreadsheet(reporting, finished):
    """A text that begins like a formula is quoted off in the CSV; a number is not."""
    answer = reporting(
        "sql",
        "SELECT '=cmd|calc' AS a, '@x' AS b, '-1+1' AS c, -1 AS d, 'x=1' AS e",
        *("--home", finished.home),
    )
    assert answer.rows() == [{"a": "'=cmd|calc", "b": "'@x", "c": "'-1+1", "d": "-1", "e": "x=1"}]


@pytest.mark.slow
def test_run_prints_what_it_did(reporting, day_with_packs, tmp_path, monkeypatch):
    """The summary of the day with findings by severity, breaks, margin, stress and where the
    packs are. What ``backfill`` prints is looked at in test_superseded.py."""
    monkeypatch.setenv("REPORTING_THREADS", "1")
    monkeypatch.setattr(api, "run_child", write_files)
    # The first date is there already: the second is the only one to run.
    home = venues.copy_home(day_with_packs.home, tmp_path / "home")
    run = reporting("run", "--input", day_with_packs.input, "--home", home)
    assert run.code == 0
    for words in ("2026-05-05", "WARN", "RECOMPUTE-MARK 1", "margin", "stress", "packs", ".pdf"):
        assert words in run.out, words
    assert "Traceback" not in run.err
    assert len(list((home / "packs" / "2026-05-05").glob("*.pdf"))) == 3
