"""The tables of docs/real-window.md are what the model makes of the real window.

Two days are made again here. All of it, which takes some minutes, and the document anew:

    REPORTING_WRITE_REAL_WINDOW=1 pytest tests/realdata/test_real_window.py
"""

import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from realdata import plain, window_document
from realdata.house import House
from realdata.window_margin import SeriesDay, series_days
from realdata.window_tape import LOADED, WINDOW, calendar, macro_tape, temperature_tape
from reporting.clock import dates_between
from reporting.simulator.api import simulate_on_tape

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-window")]

REGENERATE = "REPORTING_WRITE_REAL_WINDOW"
ACCOUNTS = 200
REMADE = [WINDOW[0], WINDOW[0] + timedelta(days=1)]
"""The first days of the window: what is loaded of later ones changes nothing on them."""
ENOUGH = REMADE[-1] + timedelta(days=2)
"""Losses need the day after; trades of that day are those of events of two dates."""


def house_of(tape: Path, folder: Path, last: date) -> House:
    """A clean clearing side on a tape, run up to a day, the model's stages only."""
    simulate_on_tape(tape, folder / "in", accounts=ACCOUNTS, errors=False)
    house = House.over(folder / "in", folder / "home")
    days = [day for day in house.days if day <= last]
    return house.run(["land", "validate", "recompute"], days)


def test_the_document_is_written_from_the_whole_window(kalshi, tmp_path):
    if not os.environ.get(REGENERATE):
        pytest.skip(f"{REGENERATE}=1 writes docs/real-window.md again")
    rows: list[SeriesDay] = []
    for name, tape in (("temperature", temperature_tape), ("macro", macro_tape)):
        folder = tmp_path / name
        house = house_of(tape(kalshi, folder / "tape"), folder, LOADED[1])
        assert_nothing_is_wrong(house)
        assert losses_at_settlement(house) > 100
        rows += series_days(house, dates_between(*WINDOW), whole(name))
    window_document.write(rows)


def test_temperature_lines_of_the_document(kalshi, tmp_path):
    tape = temperature_tape(kalshi, tmp_path / "tape", last=ENOUGH)
    house = house_of(tape, tmp_path, REMADE[-1] + timedelta(days=1))
    assert losses_at_settlement(house) > 0
    assert_lines_are_in_the_document(series_days(house, REMADE, whole("temperature")))


def test_macro_lines_of_the_document(kalshi, tmp_path):
    tape = macro_tape(kalshi, tmp_path / "tape", last=ENOUGH)
    house = house_of(tape, tmp_path, REMADE[-1] + timedelta(days=1))
    assert_nothing_is_wrong(house)
    assert_lines_are_in_the_document(series_days(house, REMADE, whole("macro")))


_AT_SETTLEMENT = """
WITH lost AS (
    SELECT positions.business_date, positions.account_id, contracts.event_ticker,
        -SUM(CAST(positions.opening_qty AS HUGEINT)
            * (marks.settlement_value_centicents - marks.previous_mark_centicents)) AS micros
    FROM recompute.positions AS positions
    JOIN recompute.marks AS marks USING (business_date, ticker)
    JOIN recompute.contracts AS contracts USING (business_date, ticker)
    WHERE positions.opening_qty <> 0 AND positions.collateralisation = 'margined'
    GROUP BY ALL
    HAVING bool_and(marks.settled)
)
SELECT count(*), count(*) FILTER (lost.micros > margin.worst_case_micros)
FROM lost
JOIN recompute.days AS days ON days.business_date = lost.business_date
JOIN recompute.event_margin AS margin
    ON margin.business_date = days.previous_business_date
    AND margin.account_id = lost.account_id AND margin.event_ticker = lost.event_ticker
    AND margin.collateralisation = 'margined'
"""


def losses_at_settlement(house: House) -> int:
    """How many books of an event were settled; none of them lost more than its worst case."""
    ((settled, above),) = house.rows(_AT_SETTLEMENT)
    assert above == 0
    return settled


def whole(tape: str) -> str:
    """Name of the book of all series of a tape."""
    return f"all {tape} series"


def assert_lines_are_in_the_document(rows: Iterable[SeriesDay]) -> None:
    text, of = window_document.DOCUMENT.read_text(), {}
    for row in rows:
        of.setdefault(row.series, []).append(window_document.line(row))
    assert len(of) >= 5
    for series, lines in of.items():
        assert window_document.lines_of(text, series, REMADE) == lines, series


def assert_nothing_is_wrong(house: House) -> None:
    """Venue and system agree; what is wrong with the tape itself is known."""
    assert house.severities("land") == {}
    wrong = {
        rule
        for stage in ("validate", "recompute")
        for rule, (severity, _) in house.severities(stage).items()
        if severity != "INFO"
    }
    assert wrong <= {"VALIDATE-TRADE-NO-MARKET"}


def test_nothing_trades_after_its_time(kalshi):
    """The calendar's times agree with the tape: trading in an event ends before them."""
    times = {event: row["resolves_utc"] for event, row in calendar().items()}
    with plain.macro(kalshi) as tape:
        last = dict(
            tape.execute(
                "SELECT event_ticker, strftime(max(traded), '%Y-%m-%dT%H:%M:%SZ')"
                " FROM trades JOIN markets ON market_ticker = ticker GROUP BY 1"
            ).fetchall()
        )
        traded = tape.execute(
            "SELECT DISTINCT event_ticker FROM trades JOIN markets ON market_ticker = ticker"
            " WHERE CAST(timezone('America/New_York', traded) AS DATE) BETWEEN ? AND ?",
            LOADED,
        ).fetchall()
    assert {event for (event,) in traded} <= times.keys()
    assert [event for event in times if last[event] > times[event]] == []
