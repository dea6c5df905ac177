"""Packs of earlier figures do not stay beside new figures."""

import hashlib
import json
import re
import shutil

import pytest
from pack_stand_in import write_files
from support import venues
from support.venues import DAY_1, DAY_2, contents, run_days, settings_of

from reporting.packs import api

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]


@pytest.fixture
def own_packs(day_with_packs, tmp_path) -> venues.Settings:
    """A copy of the home with packs and of its drop folder."""
    home = venues.copy_home(day_with_packs.home, tmp_path / "home")
    drop = shutil.copytree(day_with_packs.input, tmp_path / "in")
    return settings_of(home, drop)


def test_a_blocked_run_leaves_no_pack_of_the_run_before(own_packs):
    """A file that is damaged now blocks the packs; those of before are kept apart."""
    folder = own_packs.packs / DAY_1.isoformat()
    before = {path.name: path.read_bytes() for path in folder.glob("*.pdf")}
    assert len(before) == 3
    file = venues.file_of(own_packs.input, DAY_1, "resources")
    said = json.loads(venues.manifest_path(file).read_text())
    venues.manifest_path(file).write_text(json.dumps({**said, "sha256": "0" * 64}))
    results = run_days(own_packs, [DAY_1], with_packs=True)
    assert "disclose.pack_files" in results["disclose"].blocked
    assert contents(own_packs, [DAY_1])["disclose.pack_files"] == []
    assert list(folder.glob("*.pdf")) == []
    kept = {path.name: path.read_bytes() for path in (folder / "superseded").iterdir()}
    assert kept == {
        f"{hashlib.sha256(content).hexdigest()[:12]}-{name}": content
        for name, content in before.items()
    }


def test_a_backfill_makes_the_packs_of_disclosed_dates_again(own_packs, reporting, monkeypatch):
    """Nobody asked for packs, but the date has some: they must not outlive its figures. A date
    that was never disclosed gets none."""
    monkeypatch.setenv("REPORTING_THREADS", "1")
    monkeypatch.setattr(api, "run_child", write_files)
    later = DAY_2.isoformat()
    folder = own_packs.packs / DAY_1.isoformat()
    shutil.rmtree(folder)
    run_days(own_packs, [DAY_1], ["disclose"], with_packs=True)
    name = min(path.name for path in folder.glob("*.pdf"))
    right = (folder / name).read_bytes()
    (folder / name).write_bytes(b"of earlier figures")
    places = ("--input", own_packs.input, "--home", own_packs.home)
    # Without dates: those of the drop folder, which has two.
    back = reporting("backfill", *places)
    assert back.code == 0
    said = f"{DAY_1} was disclosed before: its packs are rendered again"
    assert [line for line in back.out.splitlines() if "disclosed" in line] == [said]
    for number, day in enumerate((DAY_1, DAY_2), 1):
        assert re.search(rf"^\[{number}/2\] {day} +400 trades ", back.out, re.MULTILINE)
    assert "Traceback" not in back.err
    assert (folder / name).read_bytes() == right
    (kept,) = (folder / "superseded").iterdir()
    assert kept.read_bytes() == b"of earlier figures"
    assert not (own_packs.packs / later).exists()
    assert all(row[0] == DAY_1 for row in contents(own_packs)["disclose.pack_files"])
