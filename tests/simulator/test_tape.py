"""Form (b): nothing of a real tape is lost or invented, and its terms are its own."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from reporting.simulator.api import SimulationError, simulate_on_tape
from reporting.simulator.real_tape.tape_structure import outcomes_of

from . import drop_reader
from .conftest import RAW_TAPE

NEW_YORK = ZoneInfo("America/New_York")
PUBLIC = ("trades", "markets", "events", "series")


def _new_york_day(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(NEW_YORK).date().isoformat()


@pytest.mark.slow
@pytest.mark.xdist_group("tape")
def test_every_record_of_the_raw_tape_arrives_once_and_untouched(raw_tape):
    left: dict[str, dict[str, dict]] = defaultdict(dict)
    for path in RAW_TAPE.glob("*/trades/*.json.gz"):
        with gzip.open(path) as file:
            for records in json.load(file).values():
                for record in records:
                    left[_new_york_day(record["created_time"])][record["trade_id"]] = record
    assert sum(map(len, left.values())) == 248_334  # shared/data: counted independently
    for day, folder in zip(raw_tape.days, drop_reader.days(raw_tape.out), strict=True):
        rows = drop_reader.rows(folder, "trades")
        assert len(rows) == day.trades
        assert {row["trade_id"]: row for row in rows} == left[folder.name]
        contracts = sum(row["count"] for row in rows)
        assert contracts * 100 == day.contracts_qty
        manifest = json.loads((folder / f"trades_{folder.name}.ndjson.manifest.json").read_text())
        assert manifest["control_totals"] == {"count": str(contracts)}
        assert manifest["synthetic"] is False and manifest["history"] is False
    assert raw_tape.trades == 248_334


@pytest.mark.slow
@pytest.mark.xdist_group("tape")
def test_markets_of_the_raw_tape_are_listed_then_settled(raw_tape):
    listed, final, settled = {}, {}, {}
    for folder in drop_reader.days(raw_tape.out):
        for row in drop_reader.rows(folder, "markets"):
            kind = listed if row["status"] == "active" else final
            assert row["ticker"] not in kind
            kind[row["ticker"]] = (folder.name, row)
        for row in drop_reader.rows(folder, "settlement_periods"):
            settled[row["ticker"]] = (folder.name, row)
    assert len(listed) == len(final) == len(settled) == 1_260
    for ticker, (day, row) in final.items():
        opened, first = listed[ticker]
        assert opened == _new_york_day(row["open_time"])
        assert day == _new_york_day(row["expected_expiration_time"]) == settled[ticker][0]
        same = ("event_ticker", "strike_type", "close_time", "rules_primary", "subtitle")
        assert all(first[name] == row[name] for name in same)
        assert (first["result"], first["volume"], first["open_interest"]) == ("", 0, 0)
        paid = Decimal(settled[ticker][1]["settlement_value"])
        assert (settled[ticker][1]["result"], paid) == (row["result"], row["result"] == "yes")


@pytest.mark.slow
@pytest.mark.xdist_group("tape")
def test_clearing_side_of_the_raw_tape_is_synthetic_and_closes(raw_tape):
    for path, manifest in drop_reader.manifests(raw_tape.out):
        assert manifest["synthetic"] is (manifest["sender"] == "clearing"), path.name
    wrong = {e.subject.split("/")[1] for e in raw_tape.errors if e.kind == "WRONG_POSITION"}
    for folder in drop_reader.days(raw_tape.out):
        total = Counter()
        for row in drop_reader.rows(folder, "position_snapshot"):
            total[row["ticker"]] += Decimal(row["long"]) - Decimal(row["short"])
        assert {ticker for ticker, net in total.items() if net} <= wrong
    assert {error.kind for error in raw_tape.errors} >= {"STALE_MARK", "LATE_CALL"}
    assert not drop_reader.rows(folder, "position_snapshot")  # all of the window has settled


@pytest.fixture
def macro_tape(tmp_path):
    """A tape of titles and status only, in the macro layout, made up here."""
    folder = tmp_path / "tape"
    folder.mkdir()
    titles = {"FED-24MAR-T5.25": "above 5.25%", "FED-24MAR-T5.5": "above 5.50%"}
    markets = [
        {"event_ticker": "FED-24MAR", "market_ticker": t, "title": w, "status": "finalized"}
        for t, w in titles.items()
    ]
    with gzip.open(folder / "markets.json.gz", "wt") as file:
        json.dump(markets, file)
    trades = [
        ("a", "FED-24MAR-T5.25", "4", "2024-01-01 04:59:59.999999+00", "60", "40", "yes"),
        ("b", "FED-24MAR-T5.5", "7", "2024-01-01 05:00:00.000001+00", "30", "70", "no"),
        ("c", "U3-24JAN-T3.7", "1", "2024-01-03 15:00:00+00", "10", "90", "no"),
    ]
    with gzip.open(folder / "trades.csv.gz", "wt", newline="") as file:
        names = ["trade_id", "ticker", "count", "created_time"]
        names += ["yes_price", "no_price", "taker_side"]
        csv.writer(file).writerows([names, *trades])
    return folder


def test_macro_tape_keeps_its_text_and_gets_no_invented_terms(macro_tape, tmp_path):
    made = simulate_on_tape(macro_tape, tmp_path / "in", accounts=10, errors=False)
    days = drop_reader.days(tmp_path / "in")
    # 05:00 UTC is midnight in New York in winter.
    names = ["2023-12-31", "2024-01-01", "2024-01-02", "2024-01-03"]
    assert [folder.name for folder in days] == names
    assert [day.trades for day in made.days] == [1, 1, 0, 1]
    assert drop_reader.rows(days[0], "trades")[0]["created_time"] == "2024-01-01 04:59:59.999999+00"
    first = drop_reader.rows(days[0], "markets")
    assert {row["status"] for row in first} == {"active"}
    assert set(first[0]) == {"ticker", "market_ticker", "event_ticker", "title", "status"}
    assert {row["status"] for row in drop_reader.rows(days[1], "markets")} == {"finalized"}
    assert drop_reader.rows(days[1], "events") == []
    # Nothing settles, and the ticker without a record is held as well.
    held = {row["ticker"] for row in drop_reader.rows(days[3], "position_snapshot")}
    assert held == {"FED-24MAR-T5.25", "FED-24MAR-T5.5", "U3-24JAN-T3.7"}


def test_one_drop_delivers_history_without_a_clearing_side(macro_tape, tmp_path):
    out = tmp_path / "in"
    made = simulate_on_tape(macro_tape, out, clearing=False, one_drop=True)
    (folder,) = drop_reader.days(out)
    assert folder.name == "2024-01-03"
    assert [row["trade_id"] for row in drop_reader.rows(folder, "trades")] == ["a", "b", "c"]
    kinds = {manifest["stream"] for _, manifest in drop_reader.manifests(out)}
    assert kinds == set(PUBLIC)
    assert all(manifest["history"] for _, manifest in drop_reader.manifests(out))
    assert (made.trades, made.contracts_qty) == (3, 1_200)
    with pytest.raises(SimulationError, match="one drop per day"):
        simulate_on_tape(macro_tape, tmp_path / "other", one_drop=True)


def test_market_side_alone(macro_tape, tmp_path):
    made = simulate_on_tape(macro_tape, tmp_path / "in", clearing=False)
    kinds = Counter(m["stream"] for _, m in drop_reader.manifests(tmp_path / "in"))
    assert kinds == {stream: 4 for stream in PUBLIC}
    assert made.files == 16


def test_a_trade_without_a_field_is_one_line(macro_tape, tmp_path):
    with gzip.open(macro_tape / "trades.csv.gz", "at") as file:
        file.write("d,FED-24MAR-T5.5,,2024-01-03 15:00:00+00,10,90,no\n")
    with pytest.raises(SimulationError, match="trade 'd': no count"):
        simulate_on_tape(macro_tape, tmp_path / "in")


def _market(kind: str, floor=None, cap=None, ticker="X-1", title="") -> dict:
    terms = {"ticker": ticker, "title": title, "strike_type": kind}
    return terms | {"floor_strike": floor, "cap_strike": cap}


@pytest.mark.parametrize(
    ("exclusive", "markets", "structure", "payoffs"),
    [
        (
            True,
            [_market("less", cap=51), _market("between", 51, 52), _market("greater", 52)],
            "exclusive_exhaustive",
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        ),
        (  # 51 is nobody's
            True,
            [_market("less", cap=51), _market("between", 52, 53), _market("greater", 53)],
            "exclusive",
            [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
        ),
        (True, [_market("", ticker="E-A"), _market("", ticker="E-B")], "exclusive", None),
        (  # higher strikes pay later: state j = the j lowest pay
            False,
            [_market("greater", 3), _market("greater", 1), _market("greater", 2)],
            "ladder",
            [[0, 0, 0, 1], [0, 1, 1, 1], [0, 0, 1, 1]],
        ),
        (
            False,
            [
                _market("", ticker="FED-T5.25", title="Will it be above 5.25%?"),
                _market("", ticker="FED-T5.0", title="Will it be above 5.00%?"),
            ],
            "ladder",
            [[0, 0, 1], [0, 1, 1]],
        ),
        (  # whole numbers: 0 or less, 1 to 2, 3 alone (in both upper ranges), 4 or more
            False,
            [_market("less", cap=1), _market("between", 1, 3), _market("greater", 2)],
            "ladder_brackets",
            [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]],
        ),
        (  # 70 or less, 71 to 72, 73 or more: no state lies between 70 and 71
            False,
            [_market("less", cap=71), _market("between", 71, 72), _market("greater", 72)],
            "ladder_brackets",
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        ),
        (  # at most 2 or from 4 on: 3 pays nothing
            False,
            [_market("less_or_equal", cap=2), _market("greater_or_equal", 4)],
            "ladder_brackets",
            [[1, 0, 0], [0, 0, 1]],
        ),
        (  # not whole: below 0.5, 0.5 itself and up to 1.5 itself, above 1.5
            False,
            [_market("less", cap=0.5), _market("between", 0.5, 1.5), _market("greater", 1.5)],
            "ladder_brackets",
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        ),
        (False, [_market("", ticker="A-1"), _market("", ticker="A-2")], "unknown", None),
        (False, [_market("", ticker="A")], "binary", [[0, 1]]),
    ],
)
def test_structure_follows_from_metadata(exclusive, markets, structure, payoffs):
    found = outcomes_of({"mutually_exclusive": exclusive}, markets)
    assert found.structure == structure
    if payoffs is not None:
        assert (found.payoffs // 10_000).tolist() == payoffs
    assert found.separate is (structure == "unknown")
