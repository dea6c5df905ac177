"""The files keep the contract: manifests, columns, accepted text, same bytes again."""

import hashlib
import json
import re
from collections import defaultdict
from decimal import Decimal

import pytest

from reporting.contract import PATTERNS, STREAMS
from reporting.simulator.api import SimulationError, simulate_on_tape, simulate_venue

from . import drop_reader

pytestmark = pytest.mark.slow


def test_same_arguments_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        simulate_venue(tmp_path / name, days=2, accounts=20, trades=600, seed=3, compress=True)
    simulate_venue(tmp_path / "other", days=2, accounts=20, trades=600, seed=4, compress=True)
    first = drop_reader.digest(tmp_path / "one")
    assert first == drop_reader.digest(tmp_path / "two")
    assert first != drop_reader.digest(tmp_path / "other")


def test_manifests_describe_their_files(faulty_venue):
    sequences = defaultdict(list)
    for path, manifest in drop_reader.manifests(faulty_venue.out):
        data = path.read_bytes()
        assert manifest["file"] == path.name
        assert manifest["business_date"] == path.parent.name
        assert manifest["bytes"] == len(data)
        assert manifest["sha256"] == hashlib.sha256(data).hexdigest()
        assert manifest["sender"] == STREAMS[manifest["stream"]].sender
        assert manifest["synthetic"] is True
        rows = drop_reader.rows(path.parent, manifest["stream"])
        assert manifest["rows"] == len(rows)
        for column, total in manifest["control_totals"].items():
            assert Decimal(total) == sum(Decimal(str(row[column])) for row in rows)
        sequences[manifest["sender"], manifest["stream"]].append(manifest["sequence"])
    assert all(numbers == list(range(1, 6)) for numbers in sequences.values())
    daily = {(s.sender, s.name) for s in STREAMS.values() if s.daily}
    assert set(sequences) == daily | {("venue", "market_data")}


def test_every_value_is_accepted_by_the_contract(faulty_venue):
    for path, manifest in drop_reader.manifests(faulty_venue.out):
        stream = STREAMS[manifest["stream"]]
        for row in drop_reader.rows(path.parent, stream.name):
            for column in stream.columns:
                value = row.get(column.name)
                if value is None or value == "":
                    assert not column.required, (path.name, column.name)
                    continue
                text = value if isinstance(value, str) else json.dumps(value)
                assert re.fullmatch(PATTERNS[column.kind], text), (path.name, column.name, text)
                assert not column.choices or text in column.choices, (path.name, column.name)


def test_nothing_half_written_is_left(faulty_venue):
    assert not list(faulty_venue.out.rglob("*.part"))


def test_folder_with_data_is_refused(tmp_path):
    (tmp_path / "old.csv").write_text("kept")
    with pytest.raises(SimulationError, match="not an empty folder"):
        simulate_venue(tmp_path, days=1, accounts=20, trades=600, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days": 0}, "days: 0 is too few"),
        ({"accounts": 9}, "accounts: 9 is too few"),
        ({"trades": 50}, "trades: 50 a day is too few; at least"),
    ],
)
def test_impossible_arguments_are_one_line(tmp_path, change, words):
    arguments = {"days": 1, "accounts": 20, "trades": 600, "seed": 1} | change
    with pytest.raises(SimulationError, match=words) as raised:
        simulate_venue(tmp_path / "in", **arguments)
    assert "\n" not in str(raised.value)


def test_folder_without_a_tape_is_refused(tmp_path):
    with pytest.raises(SimulationError, match="no tape here"):
        simulate_on_tape(tmp_path, tmp_path / "in")
    with pytest.raises(SimulationError, match="no such folder"):
        simulate_on_tape(tmp_path / "absent", tmp_path / "in")
