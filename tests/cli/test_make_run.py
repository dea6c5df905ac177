"""``make run`` simulates unless a complete simulation is there."""

import os
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"

REPORTING = """#!/bin/sh
echo "$1" >> called
test "$1" = simulate || exit 0
test ! -e build/in || exit 2
mkdir -p build/in && echo [] > build/in/injected_errors.json && echo {} > build/in/shock.json
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, whose command ``reporting`` only notes its name."""
    command = tmp_path / ".venv" / "bin" / "reporting"
    for path in (command, tmp_path / "deploy" / "setup.sh", tmp_path / "deploy/requirements.lock"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(REPORTING)
    command.chmod(0o755)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv" / ".ready").touch()
    # The Makefile's own date must not matter: only what was written before the stamp.
    later = (tmp_path / "pyproject.toml").stat().st_mtime + 60
    os.utime(tmp_path / ".venv" / ".ready", (later, later))
    return tmp_path


def make_run(checkout: Path) -> tuple[list[str], str]:
    """The commands that ``make run`` called, and what it printed."""
    done = subprocess.run(
        ["make", "--no-print-directory", "-f", MAKEFILE, "run"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    called = checkout / "called"
    names = called.read_text().split()
    called.unlink()
    return names, done.stdout


def test_a_complete_simulation_is_made_once(checkout):
    assert make_run(checkout) == (["simulate", "demo"], "")
    assert make_run(checkout) == (["demo"], "")


def test_an_interrupted_simulation_is_started_afresh_and_kept(checkout):
    part = checkout / "build" / "in" / "2026-05-04" / "trades.csv"
    part.parent.mkdir(parents=True)
    part.write_text("half")
    names, said = make_run(checkout)
    assert names == ["simulate", "demo"]
    (kept,) = checkout.glob("build/in.unfinished.*/in/2026-05-04/trades.csv")
    assert kept.read_text() == "half"
    assert str(kept.parents[1].relative_to(checkout)) in said
