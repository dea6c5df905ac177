"""The commands that README, documents and help show are run as they are printed.

Proves that nobody is shown a command that does not work.
"""

import re
from pathlib import Path

import pytest
from workplace import KALSHI, ROOT, Workplace, lay_out_tapes

COMMANDS = (
    "simulate",
    "demo",
    "fetch",
    "run",
    "intraday",
    "backfill",
    "status",
    "explain",
    "sql",
    "replicate",
    "what-if",
    "drill",
    "backtest",
    "review",
    "ui",
    "calc",
)
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

runs = pytest.mark.xdist_group("docs")


def documented(text: str) -> list[str]:
    """Every `reporting ...` command of the indented or fenced blocks of a text."""
    return re.findall(r"^ {2,4}(?:\.venv/bin/)?(reporting .+)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Where the first day of the help was run, which all other examples build on."""
    base = tmp_path_factory.mktemp("docs")
    if KALSHI.is_dir():
        lay_out_tapes(base)
    place = Workplace(base / "checkout")
    first_day = documented(place.call("reporting --help"))
    assert [command.split()[1] for command in first_day] == ["simulate", "run", "status", "ui"]
    for command in first_day:
        place.run(command)
    return place


def run_all(workplace: Workplace, commands: list[str]) -> None:
    """Run them in order, without those on tapes where the tapes are absent."""
    missing = set() if KALSHI.is_dir() else _on_tapes(commands)
    for command in commands:
        if command not in missing:
            workplace.run(command)


def _on_tapes(commands: list[str]) -> set[str]:
    """The commands that read a tape, and those that read what they make."""
    read = set(re.findall(r"--tape \.\./shared\S* .*--out build/(\w+)-in", "\n".join(commands)))
    homes = tuple(f"build/{name}" for name in read)
    return {c for c in commands if "--tape ../shared" in c or any(home in c for home in homes)}


@pytest.mark.slow
@runs
def test_the_first_day_of_the_help_makes_packs(workplace: Workplace) -> None:
    packs = sorted((workplace.folder / "build" / "home" / "packs").rglob("*.pdf"))
    assert len(packs) == 3


@pytest.mark.slow
@runs
@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_each_commands_help_run(workplace: Workplace, name: str) -> None:
    help_text = workplace.call(f"reporting {name} --help")
    commands = documented(help_text)
    if name != "status":  # it needs no example
        assert name in {command.split()[1] for command in commands}
    run_all(workplace, commands)


@pytest.mark.slow
@runs
@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_the_commands_of_each_document_run(workplace: Workplace, path: Path) -> None:
    run_all(workplace, documented(path.read_text()))


def test_every_command_of_the_help_is_tested_here() -> None:
    from reporting.cli.main import group

    assert set(group.commands) == set(COMMANDS)


def test_no_example_stands_for_a_path_of_the_reader() -> None:
    for path in [*DOCUMENTS, *sorted((ROOT / "reporting" / "cli").glob("*.py"))]:
        assert "path/to" not in path.read_text(), path.name


def test_documents_name_only_files_that_are_there() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} points to {target}"
        for place in re.findall(
            r"`((?:reporting|sql|data_checks|templates|tests)/[\w/.-]+)`", path.read_text()
        ):
            if "<" not in place:
                assert (ROOT / place).exists(), f"{path.name} names {place}"
