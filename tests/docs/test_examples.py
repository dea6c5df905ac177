"""The commands that README, documents and help show are run, in the order of a first day.

Proves that nobody is shown a command that does not work.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORTING = Path(sys.executable).with_name("reporting")
# Long-running by nature; tests/desk starts the servers.
_NOT_RUN_HERE = ("ui", "fetch", "backfill")


def documented(text: str) -> list[str]:
    """Every `reporting ...` command of the indented or fenced blocks of a text."""
    return re.findall(r"^ {2,4}(?:\.venv/bin/)?(reporting .+)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workplace")


def call(folder: Path, command: str) -> subprocess.CompletedProcess:
    """A command line as a reader would type it, with its pipes and files."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("REPORTING_")}
    env["PATH"] = f"{REPORTING.parent}{os.pathsep}{env['PATH']}"
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True
    )


@pytest.mark.slow
def test_the_first_day_of_the_help_and_the_documents_commands_run(workplace: Path) -> None:
    shown = call(workplace, "reporting --help")
    assert shown.returncode == 0
    first_day = documented(shown.stdout)
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    others = [command for path in documents for command in documented(path.read_text())]
    commands = [c for c in first_day + others if c.split()[1] not in _NOT_RUN_HERE]
    assert len(first_day) >= 4
    assert {"simulate", "run", "status", "sql"} <= {command.split()[1] for command in commands}
    for number, command in enumerate(commands):
        if "path/to" in command:
            continue
        if command.startswith("reporting simulate") and (workplace / "build" / "in").exists():
            command = command.replace("build/in", f"build/in-{number}")
        outcome = call(workplace, command)
        assert outcome.returncode == 0, f"{command}\n{outcome.stderr}"
    packs = sorted((workplace / "build" / "home" / "packs").rglob("*.pdf"))
    assert len(packs) == 3


def test_documents_name_only_files_that_are_there() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} points to {target}"
        for place in re.findall(
            r"`((?:reporting|sql|data_checks|templates|tests)/[\w/.-]+)`", path.read_text()
        ):
            if "<" not in place:
                assert (ROOT / place).exists(), f"{path.name} names {place}"
