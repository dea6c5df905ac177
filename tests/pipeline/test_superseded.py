"""Packs of earlier figures do not stay beside new figures."""

import hashlib
import json
import shutil

import pytest

from pipeline import venues
from pipeline.venues import DAY_1, contents, run_days, settings_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]


@pytest.fixture
def own_packs(day_with_packs, tmp_path) -> venues.Settings:
    """A copy of the home with packs and of its drop folder."""
    home = venues.copy_home(day_with_packs.home, tmp_path / "home")
    drop = tmp_path / "in"
    drop.mkdir()
    shutil.copytree(day_with_packs.input / DAY_1.isoformat(), drop / DAY_1.isoformat())
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
