"""Events that settle at values which no outcome pays, and who lost by it, from rows by hand."""

from datetime import date

import pytest
from support.hand_rows import HandDay

from reporting.model.events.terms import CombinationLeg, EventTerms
from reporting.stages.recompute.settlement.possible_values import (
    SettlementBreaks,
    break_rows,
    loss_rows,
)

FRI, MON = date(2026, 5, 1), date(2026, 5, 4)


def _settled(tables, ticker, value, day=MON, line=1):
    row = {"ticker": ticker, "settlement_value_centicents": value, "revision": 0}
    tables.put("recompute.settlements", day, **row)
    tables.put("validate.settlement_periods", day, file_sha256="settled", line=line, **row)


def _held(tables, account, ticker, qty, day=MON, book="margined"):
    row = {"account_id": account, "ticker": ticker, "collateralisation": book}
    tables.put("recompute.positions", day, settled_qty=-qty, closing_qty=0, **row)


def _rows(tables, *events):
    for event in events:
        for ticker in event.legs:
            row = {"event_ticker": event.event_ticker, "ticker": ticker}
            tables.put("recompute.contracts", MON, **row)
    breaks = SettlementBreaks(HandDay(tables, MON), {event.event_ticker: event for event in events})
    return break_rows(breaks).to_pylist(), loss_rows(breaks).to_pylist()


RACE = EventTerms("RACE", "exclusive", "", ("RACE-A", "RACE-B", "RACE-C"))


def test_an_exclusive_event_that_pays_twice(tables):
    """Short 2 of A and 3 of B: the worst outcome costs 3 dollars, both 5. The market maker is long
    both, and A-3 is short A only. A-4's books do not net: 1 dollar each, within its worst case."""
    _settled(tables, "RACE-A", 10_000, day=FRI)
    _settled(tables, "RACE-B", 10_000, line=7)
    _settled(tables, "RACE-C", 0, line=8)
    for account, a, b in (("A-1", -200, -300), ("A-2", 500, 300), ("A-3", -300, 0)):
        _held(tables, account, "RACE-A", a, day=FRI)
        _held(tables, account, "RACE-B", b)
    _held(tables, "A-4", "RACE-A", -100, day=FRI)
    _held(tables, "A-4", "RACE-B", -100, book="fully_collateralised")
    breaks, losses = _rows(tables, RACE)
    assert breaks == [
        {
            "kind": "EVENT",
            "event_ticker": "RACE",
            "structure": "exclusive",
            "words": "settled at RACE-A $1.00, RACE-B $1.00, RACE-C $0.00: $2.00 in all, which no"
            " outcome of its structure (exclusive) pays; lost more than their worst case: A-1"
            " $2.00",
            "paid_centicents": 20_000,
            "miss_centicents": 5_000,
            "accounts": 1,
            "excess_loss_centicents": 20_000,
            "file_sha256": "settled",
            "line": 7,
        }
    ]
    assert losses == [
        {
            "kind": "EVENT",
            "event_ticker": "RACE",
            "account_id": "A-1",
            "collateralisation": "margined",
            "excess_loss_centicents": 20_000,
        }
    ]


@pytest.mark.parametrize("values", [(5_000, 5_000, 0), (3_300, 3_300, 3_300), (0, 0, 0)])
def test_a_dead_heat_and_no_winner_are_clean(tables, values):
    for ticker, value in zip(RACE.legs, values, strict=True):
        _settled(tables, ticker, value)
    assert _rows(tables, RACE) == ([], [])


def test_a_ladder_that_pays_above_a_strike_that_it_missed(tables):
    """T1 is still open. Nobody holds it."""
    _settled(tables, "CPI-T2", 0)
    _settled(tables, "CPI-T3", 10_000, line=2)
    breaks, losses = _rows(tables, EventTerms("CPI", "ladder", "", ("CPI-T1", "CPI-T2", "CPI-T3")))
    assert [(row["event_ticker"], row["line"], row["accounts"]) for row in breaks] == [
        ("CPI", 1, 0)
    ]
    assert breaks[0]["words"].endswith("pays; no account lost more than its worst case")
    assert losses == []


def test_a_break_is_found_on_the_date_of_its_last_settlement_only(tables):
    for ticker in ("RACE-A", "RACE-B"):
        _settled(tables, ticker, 10_000, day=FRI)
    assert _rows(tables, RACE) == ([], [])


def test_an_amendment_can_resolve_a_break(tables):
    for ticker in ("RACE-A", "RACE-B"):
        _settled(tables, ticker, 10_000, day=FRI)
    _settled(tables, "RACE-B", 0)
    assert _rows(tables, RACE) == ([], [])


def test_a_combination_that_paid_though_a_leg_lost(tables):
    """A-1 is short the combination and long the leg: no outcome costs it the one without paying
    the other. The other leg is open."""
    combined = EventTerms(
        "COMBO",
        "combination",
        "",
        ("COMBO",),
        combination_legs=(
            CombinationLeg("RAIN", "RAIN", "yes"),
            CombinationLeg("RACE", "RACE-C", "no"),
        ),
    )
    _settled(tables, "RAIN", 0, day=FRI)
    _settled(tables, "COMBO", 10_000, line=3)
    _held(tables, "A-1", "RAIN", 100, day=FRI)
    _held(tables, "A-1", "COMBO", -100)
    _held(tables, "A-2", "COMBO", -100)
    breaks, losses = _rows(tables, combined, EventTerms("RAIN", "binary", "", ("RAIN",)), RACE)
    assert [(row["kind"], row["event_ticker"], row["line"]) for row in breaks] == [
        ("COMBINATION", "COMBO", 3)
    ]
    assert "RAIN $0.00, COMBO $1.00" in breaks[0]["words"]
    assert [(row["account_id"], row["excess_loss_centicents"]) for row in losses] == [
        ("A-1", 10_000)
    ]


def test_the_largest_losses_are_named(tables):
    for ticker in ("RACE-A", "RACE-B"):
        _settled(tables, ticker, 10_000)
        for number in range(1, 6):
            _held(tables, f"A-{number}", ticker, -100 * number)
    breaks, losses = _rows(tables, RACE)
    assert breaks[0]["words"].endswith("worst case: A-5 $5.00, A-4 $4.00, A-3 $3.00 and 2 more")
    assert breaks[0]["accounts"] == 5
    assert breaks[0]["excess_loss_centicents"] == 150_000
    assert [row["account_id"] for row in losses] == ["A-5", "A-4", "A-3", "A-2", "A-1"]
