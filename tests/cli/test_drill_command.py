"""``reporting drill`` as a person uses it: its folder, its mistakes, and the lake after."""

import hashlib
import json

import pytest
from support import venues
from support.venues import DAY_1

from reporting.lake import open_lake

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]


def _tree(settings) -> dict[str, str]:
    """Hashes of the files that hold the lake."""
    files = [settings.lake_catalog, *sorted(settings.lake_data.rglob("*"))]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.is_file()}


def test_a_drill_makes_its_folder_and_leaves_the_lake_alone(reporting, finished, tmp_path):
    before = _tree(finished)
    with open_lake(finished, read_only=True) as lake:
        member = lake.connection.execute(
            "SELECT min(member_id) FROM validate.members WHERE business_date = ?", [DAY_1]
        ).fetchone()[0]
    arguments = ("drill", "--member", member, "--date", DAY_1, "--home", finished.home, "--no-pdf")
    answers = [reporting(*arguments, "--out", tmp_path / name) for name in ("a", "b")]
    assert [answer.code for answer in answers] == [0, 0], answers[0].err
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert set(first) == {"record.json", "notice.md", "member-notices.md"}
    record = json.loads(first["record.json"])
    said = answers[0].out
    assert "SYNTHETIC data, SIMULATED bids" in said.splitlines()[0]
    waterfall = record["waterfall"]
    used = sum(layer["used_centicents"] for layer in waterfall["layers"])
    assert waterfall["loss_centicents"] == used + waterfall["unallocated_centicents"] > 0
    assert f"loss ${waterfall['loss_centicents'] / 10_000:,.4f}"[:12] in said
    assert all(check["holds"] for check in record["checks"])
    assert _no_float(record)
    assert _tree(finished) == before


def _no_float(value) -> bool:
    if isinstance(value, dict):
        return all(map(_no_float, value.values()))
    if isinstance(value, list):
        return all(map(_no_float, value))
    return not isinstance(value, float)


@pytest.mark.parametrize(
    ("member", "day", "more", "words"),
    [
        ("NOBODY", DAY_1, (), ("--member NOBODY", "members: M")),
        (None, "2020-01-01", (), ("--date 2020-01-01 was not run", str(DAY_1))),
        (None, DAY_1, ("--scenario", "S99"), ("--scenario S99", "stress.scenarios")),
        (None, "1 May", (), ("'1 May' is not a date", "reporting drill --help")),
    ],
)
def test_a_mistake_is_one_line(reporting, finished, member, day, more, words):
    answer = reporting(
        "drill", "--member", member or "M01", "--date", day, "--home", finished.home, *more
    )
    lines = answer.err.splitlines()
    assert (answer.code, len(lines), answer.out) == (2, 1, ""), answer.err
    for word in words:
        assert word in lines[0]


def test_a_home_without_a_lake_and_a_folder_that_cannot_be_are_one_line(
    reporting, finished, tmp_path
):
    answer = reporting("drill", "--member", "M", "--date", DAY_1, "--home", tmp_path / "none")
    assert answer.code == 2 and len(answer.err.splitlines()) == 1
    (tmp_path / "file").touch()
    arguments = ("drill", "--member", "M01", "--date", venues.DAY_1, "--home", finished.home)
    answer = reporting(*arguments, "--out", tmp_path / "file" / "x", "--no-pdf")
    assert answer.code == 2 and "--out" in answer.err and len(answer.err.splitlines()) == 1
