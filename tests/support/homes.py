"""Venues and finished homes that several tests look at; made once for all workers.

A test that changes a home takes a copy of it (``venues.copy_home``).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reporting.lake import open_lake
from reporting.rulebook import rules
from reporting.stages.run import workbench
from support import command, venues
from support.hand_rows import Tables

RULE = """
- id: {id}
  severity: {severity}
  table: {table}
  owner: tests
  effective_from: 2020-01-01
  citation: none
  meaning: A rule of the tests.
  remediation: None.
"""


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    own = tmp_path_factory.getbasetemp()
    root = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "shared-homes"
    root.mkdir(exist_ok=True)
    return root


@pytest.fixture(scope="session")
def empty_home(shared_root: Path) -> Path:
    """A home whose lake has all tables and no row: making it takes longer than copying it."""

    def make(folder: Path) -> None:
        with workbench(venues.settings_of(folder / "home", folder / "no-input")):
            pass

    return venues.made_once(shared_root, "empty", make) / "home"


@pytest.fixture(scope="session")
def columns(empty_home: Path) -> dict[str, dict[str, str]]:
    """Columns and types of every table of the lake."""
    with open_lake(venues.settings_of(empty_home, empty_home / "none"), read_only=True) as lake:
        return {name: dict(kinds) for name, kinds in lake.columns().items()}


@pytest.fixture(scope="session")
def empty_tables(columns: dict[str, dict[str, str]]) -> Iterator[Tables]:
    """Made once: 170 tables take longer than most tests that put rows into them."""
    empty = Tables(columns)
    yield empty
    empty.connection.close()


@pytest.fixture
def tables(empty_tables: Tables) -> Iterator[Tables]:
    """The lake's tables, empty for each test: what it puts into them is rolled back."""
    empty_tables.connection.execute("BEGIN TRANSACTION")
    yield empty_tables
    empty_tables.connection.execute("ROLLBACK")


@pytest.fixture(scope="session")
def ran_venue(shared_root: Path, empty_home: Path) -> Callable[..., venues.Settings]:
    """(seed, days, errors) -> settings of a home in which that venue was run, without packs."""

    def ran(seed: int, days: int = 2, errors: bool = True) -> venues.Settings:
        def make(folder: Path) -> None:
            settings = venues.settings_of(folder / "home", folder / "in")
            venues.simulate(settings.input, seed, days, errors)
            venues.copy_home(empty_home, settings.home)
            dates = [venues.DAY_1.replace(day=venues.DAY_1.day + n) for n in range(days)]
            # Figures for the packs are only looked at in the first venue.
            stages = venues.STAGES if seed == 0 else venues.STAGES[:-1]
            venues.run_days(settings, dates, stages)

        name = f"venue-{seed}-{days}-{'errors' if errors else 'clean'}"
        folder = venues.made_once(shared_root, name, make)
        return venues.settings_of(folder / "home", folder / "in")

    return ran


@pytest.fixture(scope="session")
def finished(ran_venue: Callable[..., venues.Settings]) -> venues.Settings:
    """The first venue, both days run through all stages without packs. Look, change nothing."""
    return ran_venue(0)


@pytest.fixture(scope="session")
def finished_contents(finished: venues.Settings) -> venues.Contents:
    return venues.contents(finished)


@pytest.fixture
def own_home(finished: venues.Settings, tmp_path: Path) -> venues.Settings:
    """A copy of the finished home to do with as a test likes, on the same drop folder."""
    return venues.settings_of(venues.copy_home(finished.home, tmp_path / "home"), finished.input)


@pytest.fixture(scope="session")
def day_with_packs(
    shared_root: Path, finished: venues.Settings, empty_home: Path
) -> venues.Settings:
    """The first day of the first venue, run through all stages with its PDFs."""

    def make(folder: Path) -> None:
        settings = venues.settings_of(folder / "home", finished.input)
        venues.copy_home(empty_home, settings.home)
        venues.run_days(settings, [venues.DAY_1], with_packs=True)

    folder = venues.made_once(shared_root, "day-with-packs", make)
    return venues.settings_of(folder / "home", finished.input)


@pytest.fixture
def reporting(capsys: pytest.CaptureFixture) -> Callable[..., command.Answer]:
    """Function that runs ``reporting`` with arguments in this process."""
    return lambda *arguments: command.answer(arguments, capsys)


@pytest.fixture
def add_rules(tmp_path, monkeypatch):
    """Function that puts rules of a stage into force beside the real ones."""
    book, queries = tmp_path / "rulebook", tmp_path / "sql"
    shutil.copytree(rules.RULEBOOK, book)
    shutil.copytree(rules.RULE_SQL, queries)
    monkeypatch.setattr(rules, "RULEBOOK", book)
    monkeypatch.setattr(rules, "RULE_SQL", queries)

    def add(*new: tuple[str, str, str, str], stage: str = "validate") -> None:
        with open(book / f"{stage}.yaml", "a", encoding="utf-8") as file:
            for name, severity, table, sql in new:
                file.write(RULE.format(id=name, severity=severity, table=table))
                (queries / f"{name}.sql").write_text(sql)
        rules.load_rulebook.cache_clear()

    yield add
    rules.load_rulebook.cache_clear()
