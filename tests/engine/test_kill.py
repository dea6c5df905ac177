"""Kill -9 in the middle of any stage, run again: the same lake as if nothing had happened.

A child process is killed at a fraction of the time that the stage takes, so that the kills
fall while tables are made, while they are checked and while they are committed. PDFs are
written beside the lake, so the moment between them and the commit is chosen exactly.
"""

import hashlib
import multiprocessing
import signal
import time
from pathlib import Path

import pytest
from pack_stand_in import write_files
from support import venues
from support.venues import DAY_1, DAY_2, STAGES, contents, run_days, settings_of

from reporting.errors import UserError
from reporting.lake import open_lake
from reporting.packs import api
from reporting.stages.disclose import stage as disclose

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pipeline-kill")]

# Its children are forked from a process that has imported everything and holds nothing open.
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["reporting.stages.run", "reporting.rulebook.gx", "support.venues"])


def run_and_tell(home: Path, drop: Path, day, pipe) -> None:
    """Run all stages of a date in this process, saying when each begins and ends."""
    settings = settings_of(home, drop)
    with venues.workbench(settings) as bench:
        for stage in STAGES:
            pipe.send(stage)
            venues.run_stage_of(bench, settings, stage, day, False)
            pipe.send("done")


def disclose_and_wait(home: Path, drop: Path, day, pipe) -> None:
    """Run the last stage with its packs, and wait once the PDFs have their final names."""
    render = disclose.render_packs

    def render_and_wait(*arguments, **named):
        made = render(*arguments, **named)
        pipe.send("rendered")
        pipe.recv()
        return made

    disclose.render_packs, api.run_child = render_and_wait, write_files
    run_days(settings_of(home, drop), [day], ["disclose"], with_packs=True)


def _child(settings: venues.Settings, day, target=run_and_tell):
    here, there = _server.Pipe()
    process = _server.Process(
        target=target, args=(settings.home, settings.input, day, there), daemon=True
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


def _kill_once_rendered(settings: venues.Settings) -> None:
    process, pipe = _child(settings, DAY_1, disclose_and_wait)
    assert pipe.recv() == "rendered"
    process.kill()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def _packs_there(settings: venues.Settings) -> dict[str, str]:
    """Hash by name of the PDFs of the date; no file of an interrupted rendering counts."""
    folder = settings.packs / DAY_1.isoformat()
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.pdf")
    }


def _packs_listed(settings: venues.Settings) -> dict[str, str]:
    """Hash by name of the PDFs that the lake says are the packs of the date."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT file_name, sha256 FROM disclose.pack_files WHERE business_date = ?", [DAY_1]
        ).fetchall()
    return dict(rows)


def test_kills_between_the_packs_and_their_commit(
    own_home, finished_contents, tmp_path, monkeypatch
):
    """PDFs are there that no commit names: the lake is what it was, and the next run makes
    folder and lake agree, with the same packs as a run that nobody killed.

    Fails when the figures are there without the packs, when a run takes PDFs that lie in its
    way for its own, or when the packs that somebody may have read are lost.
    """
    monkeypatch.setattr(api, "run_child", write_files)
    left_alone = settings_of(
        venues.copy_home(own_home.home, tmp_path / "left-alone"), own_home.input
    )
    run_days(left_alone, [DAY_1], ["disclose"], with_packs=True)

    _kill_once_rendered(own_home)
    assert len(_packs_there(own_home)) == 3 and _packs_listed(own_home) == {}
    assert venues.differing(finished_contents, contents(own_home)) == []

    run_days(own_home, [DAY_1], ["disclose"], with_packs=True)
    assert venues.differing(contents(left_alone), contents(own_home)) == []
    first = _packs_listed(own_home)
    assert _packs_there(own_home) == first == _packs_there(left_alone)

    with open_lake(own_home) as lake, lake.commit("stress", DAY_1, "other figures"):
        lake.connection.execute(
            "DELETE FROM lake.stress.drill_positions WHERE business_date = ?", [DAY_1]
        )
    before = contents(own_home)
    _kill_once_rendered(own_home)
    assert venues.differing(before, contents(own_home)) == []
    assert _packs_listed(own_home) == first
    assert _packs_there(own_home) != first

    run_days(own_home, [DAY_1], ["disclose"], with_packs=True)
    assert _packs_there(own_home) == _packs_listed(own_home) != first
    folder = own_home.packs / DAY_1.isoformat()
    kept = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("superseded/*.pdf")
    }
    assert kept == set(first.values()) - set(_packs_listed(own_home).values())


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
