"""A venue with cycles within the day: which file holds what, and that the day's end is the same."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reporting.simulator import clock
from reporting.simulator.api import SimulationError, simulate_venue

pytestmark = pytest.mark.slow

DAYS = (date(2026, 5, 4), date(2026, 5, 5))


@pytest.fixture(scope="module")
def venue(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("intraday") / "in"
    simulate_venue(out, 2, accounts=24, trades=400, seed=5, errors=False, intraday=True)
    return out


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    """The same venue without cycles."""
    out = tmp_path_factory.mktemp("plain") / "in"
    simulate_venue(out, 2, accounts=24, trades=400, seed=5, errors=False)
    return out


def _manifests(folder: Path, stream: str) -> list[dict]:
    found = [json.loads(path.read_text()) for path in folder.glob("*.manifest.json")]
    return sorted((m for m in found if m["stream"] == stream), key=lambda m: m["sequence"])


def test_a_stream_of_cycles_comes_in_three_files(venue):
    for number, day in enumerate(DAYS):
        for stream in ("trades", "trade_audit", "market_price_snapshot", "position_snapshot"):
            manifests = _manifests(venue / str(day), stream)
            assert [m.get("cycle") for m in manifests] == ["12:00", "16:00", None]
            assert [m["sequence"] for m in manifests] == [3 * number + n for n in (1, 2, 3)]
            times = [clock.utc_text(clock.new_york(day, hour)) for hour in (12, 16)]
            assert [m["as_of"] for m in manifests[:2]] == times


def test_a_file_of_trades_holds_those_up_to_its_cycle(venue):
    for day in DAYS:
        edges = [clock.new_york(day), *(clock.new_york(day, hour) for hour in (12, 16, 24))]
        for place, manifest in enumerate(_manifests(venue / str(day), "trades")):
            lines = (venue / str(day) / manifest["file"]).read_text().splitlines()
            assert lines
            for line in lines:
                at = clock.parse_utc(json.loads(line)["created_time"])
                assert edges[place] <= at and (at <= edges[place + 1])
                assert at > edges[place] or place == 0


def test_the_trades_and_the_end_of_the_day_are_those_of_the_venue_without_cycles(venue, plain):
    """What is due within the day does not move the positions, marks and margin of its end."""
    for day in DAYS:
        folders = venue / str(day), plain / str(day)
        both = [sorted(map(str, _rows(folder, "trades"))) for folder in folders]
        assert both[0] == both[1] and len(both[0]) == 400
        for stream in ("position_snapshot", "market_price_snapshot", "margin_requirements"):
            mine = [row for row in _rows(folders[0], stream) if row["cycle"] == "EOD"]
            assert mine == _rows(folders[1], stream) != []


def test_positions_of_each_cycle_sum_to_zero(venue):
    for day in DAYS:
        total: dict[tuple, Decimal] = {}
        for row in _rows(venue / str(day), "position_snapshot"):
            key = row["cycle"], row["ticker"]
            total[key] = total.get(key, 0) + Decimal(row["long"]) - Decimal(row["short"])
        assert {cycle for cycle, _ in total} == {"12:00", "16:00", "EOD"}
        assert set(total.values()) == {0}


def test_too_many_trades_for_cycles_are_refused_in_one_line(tmp_path):
    with pytest.raises(SimulationError, match="trades: 300000 a day is too many for cycles"):
        simulate_venue(tmp_path / "in", 1, 24, 300_000, 1, intraday=True)


def _rows(folder: Path, stream: str) -> list[dict]:
    """Rows of all files of a stream."""
    found = []
    for manifest in _manifests(folder, stream):
        text = (folder / manifest["file"]).read_text()
        if manifest["file"].endswith(".csv"):
            found += csv.DictReader(text.splitlines())
        else:
            found += map(json.loads, text.splitlines())
    return found
