"""Broader risk series beside a tape: real closes, untouched, each when it is known."""

import csv
import gzip
import json

import pytest
from support.command import answer

from reporting.simulator.api import SimulationError, simulate_on_tape

from . import drop_reader

VIX = """DATE,OPEN,HIGH,LOW,CLOSE
2022-12-29,9,9,9,9.000000
2022-12-30,21,22,20,21.670000
2023-12-29,12,13,12,12.450000
2024-01-02,13,14,13,13.200000
2024-01-03,13,14,13,14.040000
2024-01-04,14,14,14,14.130000
"""
WTI = "\ufeffDate,Price\n2024-01-02,70.62\n2024-01-03,-37.63\n2024-01-04,\n"


@pytest.fixture
def tape(tmp_path):
    """Three trades of one market: 31 December, 2 and 3 January in New York."""
    folder = tmp_path / "tape"
    folder.mkdir()
    market = {"event_ticker": "K", "market_ticker": "K-A", "title": "K", "status": "active"}
    with gzip.open(folder / "markets.json.gz", "wt") as file:
        json.dump([market], file)
    with gzip.open(folder / "trades.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["trade_id", "ticker", "count", "created_time", "yes_price", "no_price", "taker_side"]
        )
        for day in ("2023-12-31", "2024-01-02", "2024-01-03"):
            writer.writerow([day, "K-A", "4", f"{day} 17:00:00+00", "60", "40", "yes"])
    return folder


@pytest.fixture
def risk(tmp_path):
    folder = tmp_path / "risk"
    folder.mkdir()
    (folder / "VIX_daily.csv").write_text(VIX)
    (folder / "wti-daily.csv").write_text(WTI, encoding="utf-8")
    return folder


def test_each_date_gets_what_is_known_by_then(tape, risk, tmp_path):
    """The first date, a Sunday, gets the year before it: 366 days back is 30 December 2022, the
    29th is too old. A holiday gets no file, the last date not the close of the day after."""
    simulate_on_tape(tape, tmp_path / "in", accounts=10, errors=False, risk=risk)
    found = {}
    for path, manifest in drop_reader.manifests(tmp_path / "in"):
        if manifest["stream"] == "benchmarks":
            with path.open(newline="") as file:
                rows = list(csv.DictReader(file))
            found[manifest["business_date"]] = [tuple(row.values()) for row in rows]
            assert manifest["synthetic"] is False and manifest["rows"] == len(rows)
            assert list(rows[0]) == ["series_id", "date", "value", "unit"]
    assert found == {
        "2023-12-31": [
            ("VIX", "2022-12-30", "21.670000", "close"),
            ("VIX", "2023-12-29", "12.450000", "close"),
        ],
        "2024-01-02": [
            ("VIX", "2024-01-02", "13.200000", "close"),
            ("WTI", "2024-01-02", "70.62", "close"),
        ],
        "2024-01-03": [
            ("VIX", "2024-01-03", "14.040000", "close"),
            ("WTI", "2024-01-03", "-37.63", "close"),
        ],
    }


def test_without_them_the_drop_folder_is_as_before(tape, risk, tmp_path):
    for name, series in (("with", risk), ("without", None)):
        simulate_on_tape(tape, tmp_path / name, accounts=10, errors=False, risk=series)
    with_, without = (drop_reader.digest(tmp_path / name) for name in ("with", "without"))
    assert {name for name in with_.keys() - without.keys() if "benchmarks" not in name} == set()
    assert without.items() <= with_.items() and len(with_) == len(without) + 6


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("VIX_1.csv", "DATE,HIGH\n2024-01-02,1\n", "the header says date, high"),
        ("VIX_1.csv", "", "the header says nothing"),
        ("VIX_1.csv", "DATE,CLOSE\n2024-13-02,1\n", "line 2: '2024-13-02' is not a date"),
        ("VIX_1.csv", "DATE,CLOSE\n2024-01-02,1e3\n", "line 2: '1e3' is not a number"),
        ("VIX_1.csv", "DATE,CLOSE\n2024-01-02,1\n2024-01-02,1\n", "line 3: 2024-01-02 comes twice"),
        ("vix.csv", "DATE,CLOSE\n2024-01-02,1\n", "VIX_daily.csv holds the series VIX already"),
    ],
)
def test_a_faulty_series_is_one_line(tape, risk, tmp_path, name, text, words):
    if name == "VIX_1.csv":
        (risk / "VIX_daily.csv").unlink()
    (risk / name).write_text(text)
    with pytest.raises(SimulationError) as caught:
        simulate_on_tape(tape, tmp_path / "in", accounts=10, risk=risk)
    assert words in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "in").exists()


def test_mistakes_at_the_command_are_one_line(tape, risk, tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()
    out = ("--out", tmp_path / "in")
    for arguments, words in (
        (("--risk", risk), "--risk goes with --tape only"),
        (("--tape", tape, "--risk", empty), "no risk series here"),
        (("--tape", tape, "--risk", risk, "--one-drop", "--market-only"), "risk: one_drop"),
    ):
        said = answer(("simulate", *arguments, *out), capsys)
        assert said.code == 2 and words in said.err and len(said.err.splitlines()) == 1
