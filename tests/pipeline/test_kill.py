"""Kill -9 in the middle of any stage, run again: the same lake as if nothing had happened.

A child process is killed at a fraction of the time that the stage takes, so that the kills
fall while tables are made, while they are checked and while they are committed.
"""

import multiprocessing
import signal
import time
from pathlib import Path

import pytest

from pipeline import venues
from pipeline.venues import DAY_1, DAY_2, STAGES, contents, run_days, settings_of
from reporting.errors import UserError
from reporting.lake import open_lake

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pipeline-kill")]

# Its children are forked from a process that has imported everything and holds nothing open.
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(
    ["reporting.pipeline.run", "reporting.rulebook.gx", "pipeline.venues"]
)


def run_and_tell(home: Path, drop: Path, day, pipe) -> None:
    """Run all stages of a date in this process, saying when each begins and ends."""
    settings = settings_of(home, drop)
    with venues.workbench(settings) as bench:
        for stage in STAGES:
            pipe.send(stage)
            venues.run_stage_of(bench, settings, stage, day, False)
            pipe.send("done")


def _child(settings: venues.Settings, day):
    here, there = _server.Pipe()
    process = _server.Process(
        target=run_and_tell, args=(settings.home, settings.input, day, there), daemon=True
    )
    process.start()
    there.close()
    return process, here


@pytest.fixture(scope="module")
def seconds(finished, empty_home, tmp_path_factory) -> dict[str, float]:
    """How long each stage of a date takes in such a child."""
    home = venues.copy_home(empty_home, tmp_path_factory.mktemp("timed") / "home")
    process, pipe = _child(settings_of(home, finished.input), DAY_1)
    found = {}
    for _ in STAGES:
        stage, began = pipe.recv(), time.monotonic()
        assert pipe.recv() == "done"
        found[stage] = time.monotonic() - began
    process.join(60)
    assert process.exitcode == 0
    return found


def _kill_in(settings: venues.Settings, day, stage: str, after_seconds: float) -> bool:
    """Start a run and kill it so long after the stage has begun; whether it was still alive."""
    process, pipe = _child(settings, day)
    while (said := pipe.recv()) != stage:
        assert said in (*STAGES, "done")
    time.sleep(after_seconds)
    process.kill()
    process.join(60)
    assert process.exitcode in (-signal.SIGKILL, 0)
    return process.exitcode != 0


def _whole_or_empty(found: venues.Contents, wanted: venues.Contents, settings) -> list[str]:
    """The stages that the lake holds; each must hold all of its tables as wanted, or no row."""
    with open_lake(settings, read_only=True) as lake:
        written = lake.stages_written(DAY_1)
    for name, rows in found.items():
        expected = wanted[name] if name.partition(".")[0] in written else []
        assert rows == expected, f"{name} holds a part of its stage"
    return [stage for stage in STAGES if stage in written]


def test_kills_in_every_stage_and_a_last_run(
    finished, finished_contents, empty_home, seconds, tmp_path
):
    """Killed once in each stage at different fractions of it, always on the same home; after
    each kill every stage is there in full or not at all, the stages before the killed one
    equal the uninterrupted run, and the last, undisturbed run gives equal rows everywhere.

    Fails when a stage is visible in part, when a kill leaves a lock, a catalog or a staging
    file that the next run stumbles over, or when anything is lost or doubled.
    """
    wanted = {n: [r for r in rows if r[0] == DAY_1] for n, rows in finished_contents.items()}
    settings = settings_of(venues.copy_home(empty_home, tmp_path / "home"), finished.input)
    hits = 0
    for stage, fraction in (
        ("land", 0.6),
        ("validate", 0.3),
        ("validate", 0.9),
        ("recompute", 0.8),
        ("stress", 0.7),
        ("disclose", 0.5),
    ):
        hits += _kill_in(settings, DAY_1, stage, fraction * seconds[stage])
        held = _whole_or_empty(contents(settings, [DAY_1]), wanted, settings)
        assert held[: STAGES.index(stage)] == list(STAGES[: STAGES.index(stage)])
    assert hits >= 4, "most runs were over before they could be killed"

    run_days(settings, [DAY_1])
    assert venues.differing(wanted, contents(settings, [DAY_1])) == []
    assert not [path for path in settings.staging.iterdir() if path.is_file()]


def test_kills_in_a_second_run_change_nothing(own_home, finished_contents, seconds):
    """A re-run deletes and inserts the rows of a date in one transaction: killed anywhere in
    it, a reader finds the rows of before, complete.

    Fails when the old rows are gone before the new ones are there.
    """
    hits = 0
    for stage, fraction in (("land", 0.9), ("validate", 0.9), ("recompute", 0.9)):
        hits += _kill_in(own_home, DAY_2, stage, fraction * seconds[stage])
        assert venues.differing(finished_contents, contents(own_home)) == []
    assert hits >= 2


def test_a_second_run_at_the_same_time_is_refused(own_home):
    """While one process writes to a home another is refused with a line that says why, and a
    killed writer leaves no lock behind."""
    process, pipe = _child(own_home, DAY_2)
    assert pipe.recv() == "land"
    with pytest.raises(UserError, match="another run is writing to"):
        run_days(own_home, [DAY_2], ["land"])
    process.kill()
    process.join(60)
    run_days(own_home, [DAY_2], ["land"])
