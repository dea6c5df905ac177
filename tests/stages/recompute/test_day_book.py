"""What the book of a date holds for legs that never traded and legs that are settled."""

from datetime import date

import pytest
from model.schedules import schedule
from support.hand_rows import HandDay, Tables

from reporting.model.events.terms import EventTerms
from reporting.stages.recompute.day_book import read_day_book, with_fair_bands
from reporting.stages.recompute.margin.margin_tables import probability_rows

MON, TUE = date(2026, 5, 4), date(2026, 5, 5)

pytestmark = pytest.mark.xdist_group("venue-0")


def _event(tables: Tables, name: str, marks: dict[str, int | None]) -> EventTerms:
    for index, (ticker, mark) in enumerate(marks.items()):
        tables.put(
            "recompute.contracts",
            TUE,
            event_ticker=name,
            ticker=ticker,
            leg_index=index,
            tau_seconds=86_400,
            category="",
            series_ticker=name,
        )
        if mark is not None:
            tables.put("recompute.marks", TUE, ticker=ticker, mark_centicents=mark)
    return EventTerms(name, "exclusive_exhaustive", "", tuple(marks))


def test_only_what_is_known_is_fitted(tables):
    """A leg that never traded takes what the others leave: 1 - 0.60 - 0.30. A leg settled the
    day before at nothing is out: 0.60 of 0.80, whatever its last price was. An event that
    is wholly settled has no probabilities left."""
    never = _event(tables, "E1", {"E1-A": 6_000, "E1-B": 3_000, "E1-C": None})
    early = _event(tables, "E2", {"E2-A": 6_000, "E2-B": 2_000, "E2-C": None})
    done = _event(tables, "E3", {"E3-A": 9_000, "E3-B": 500})
    tables.put("recompute.settlements", MON, ticker="E2-C", settlement_value_centicents=10_000)
    for ticker, value in (("E2-C", 0), ("E3-A", 10_000), ("E3-B", 0)):
        tables.put("recompute.settlements", TUE, ticker=ticker, settlement_value_centicents=value)
    book = read_day_book(HandDay(tables, TUE), {"E1": never, "E2": early, "E3": done})
    assert [marks.tolist() for marks in book.market.marks] == [
        [6_000, 3_000, 0],
        [6_000, 2_000, 0],
        [10_000, 0],
    ]
    rows = probability_rows(book).to_pylist()
    found = {(row["event_ticker"], row["state_index"]): row["probability"] for row in rows}
    assert found == pytest.approx(
        {
            ("E1", 0): 0.6,
            ("E1", 1): 0.3,
            ("E1", 2): 0.1,
            ("E2", 0): 0.75,
            ("E2", 1): 0.25,
            ("E2", 2): 0,
        }
    )
    gaps = {row["event_ticker"]: row["largest_gap_centicents"] for row in rows}
    assert gaps == pytest.approx({"E1": 0, "E2": 1_500}, abs=1e-9)  # 0.75 - 0.60


def test_the_schedule_in_force_says_how_fair_a_fair_price_is():
    """Only where the rules allow one; without a schedule it may be any."""
    terms = [
        EventTerms("E1", "binary", "", ("E1",), voids=("fair",)),
        EventTerms("E2", "binary", "", ("E2",), voids=("fair",)),
        EventTerms("E3", "binary", "", ("E3",)),
    ]
    bands = schedule(fair_price_band_centicents={"default": 1_000, "Sports": 500})

    def found(on: date) -> list[int | None]:
        categories = ["", "Sports", "Sports"]
        return [event.fair_band for event in with_fair_bands(terms, categories, [bands], on)]

    assert found(MON) == [1_000, 500, None]
    assert found(date(2025, 12, 31)) == [None, None, None]
