"""Cover against the resources of its own scenario: who defaults pays nothing in."""

import pytest
from lake_fixture import DAY, Lake
from rendering import plain

from reporting.packs.document.parts import Figure
from reporting.packs.document.tables import Table
from reporting.packs.stress import pack as stress_tests
from reporting.wording.numbers import NONE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs-sql")]

DOLLAR = 10_000


def _cover(lake: Lake, scenario: str, one: int, two: int, prefunded: tuple[int, int], **more):
    """``prefunded``: left when one and when two groups default; dollars."""
    lake.insert(
        "stress.cover",
        business_date=DAY,
        scenario_id=scenario,
        family=scenario,
        words=scenario,
        cover_1_centicents=one * DOLLAR,
        cover_1_group="A",
        cover_1_prefunded_centicents=prefunded[0] * DOLLAR,
        cover_1_covered=one <= prefunded[0],
        cover_2_centicents=two * DOLLAR,
        cover_2_groups="A, B",
        prefunded_centicents=prefunded[1] * DOLLAR,
        covered=two <= prefunded[1],
        exhausted_by=more.get("exhausted_by", ""),
    )


def _pack(lake: Lake):
    pack = stress_tests.view(plain(lake.disclose(DAY)))
    cards = {card.label: card for card in pack.cards}
    sections = {section.title: section.items for section in pack.sections}
    return pack, cards, sections


def _rows(items, title: str) -> dict[str, tuple[str, ...]]:
    """Printed rows by their first cell."""
    (found,) = [item for item in items if isinstance(item, Table) and item.title == title]
    return {row[0]: row[1:] for row in found.rows}


def test_two_defaulters_of_three_do_not_pay_for_themselves() -> None:
    """Common 100, three funds of 50; A and B short 80 each: 160 of 100 + 50 = 150, not of the 250
    that all have paid in. A alone takes 80 of 200. A: 250 - 80 - 50 = 120; with B 120 - 130 < 0."""
    lake = Lake()
    _cover(lake, "S1", 0, 0, (250, 250))
    _cover(lake, "S2", 80, 160, (200, 150), exhausted_by="A, B")
    pack, cards, sections = _pack(lake)
    assert (cards["Cover-2 of resources"].value, cards["Cover-2 of resources"].tone) == (
        "106.7%", "bad"
    )  # fmt: skip
    assert cards["Prefunded resources"].value == "$150.00"
    assert "106.7% of prefunded resources of $150.00" in pack.summary[1]
    assert "are $150.00 in the worst scenario, S2," in sections["Resources"][0]
    figures = {row["figure"]: row for row in plain(lake.disclose(DAY))["key_figures"]}
    assert figures["prefunded"]["today"] == 250 * DOLLAR
    assert figures["prefunded"]["words"] == "Prefunded resources, scenario with the most left"


def test_the_worst_scenario_is_the_one_with_least_for_its_cover() -> None:
    """160 of 1,000 is 16 %; 120 of 100 is 120 %."""
    lake = Lake()
    _cover(lake, "S1", 80, 160, (1_050, 1_000))
    _cover(lake, "S2", 70, 120, (110, 100))
    pack, cards, sections = _pack(lake)
    assert cards["Cover-2"].value == "$160.00"
    assert cards["Cover-2 of resources"].value == "120.0%"
    assert cards["Prefunded resources"].value == "$100.00"
    assert "are $100.00 in the worst scenario, S2," in sections["Resources"][0]
    summary = " ".join(pack.summary)
    assert "16.0% of prefunded resources of $1,000." in summary
    assert "its Cover-2 of $120.00 is 120.0% of the $100.00" in summary
    (figure,) = [
        item
        for item in sections["Results against resources"]
        if isinstance(item, Figure) and item.form == "stacked_bars"
    ]
    assert figure.data["line"] == ("prefunded resources in S2", 100 * DOLLAR)


def test_nothing_at_all_against_something_is_the_worst() -> None:
    lake = Lake()
    _cover(lake, "S1", 80, 160, (1_050, 100))
    _cover(lake, "S2", 1, 1, (0, 0))
    _, cards, _ = _pack(lake)
    assert (cards["Cover-2 of resources"].value, cards["Prefunded resources"].value) == (
        "—",
        "$0.00",
    )
    assert cards["Cover-2 of resources"].tone == "bad"


def test_without_any_shortfall_nothing_is_worst() -> None:
    lake = Lake()
    _cover(lake, "S1", 0, 0, (250, 250))
    _, cards, sections = _pack(lake)
    assert cards["Cover-2 of resources"].value == "0.0%"
    assert cards["Cover-2 of resources"].tone == "good"
    assert "are $250.00; no scenario draws on them." in sections["Resources"][0]


def test_each_cover_stands_beside_what_it_is_held_against() -> None:
    """S2: 180 of one group is not covered by its 170, 200 of two is by their 210. Verdicts: Cover-1
    alone and with assessments, which the rows do not state; Cover-2 alone, with assessments, and
    under 39.33, where none counts."""
    lake = Lake()
    _cover(lake, "S1", 80, 160, (200, 150), exhausted_by="A, B")
    _cover(lake, "S2", 180, 200, (170, 210), exhausted_by="A")
    _cover(lake, "S5", 0, 0, (250, 250))
    _, _, sections = _pack(lake)
    yes, no = "covered", "NOT covered"
    rows = _rows(
        sections["Results against resources"],
        "Cover-1 and Cover-2 against the resources available for them, three ways",
    )
    assert rows == {
        "S2": ("180.00", "170.00", no, NONE, "200.00", "210.00", yes, NONE, yes, "A"),
        "S1": ("80.00", "200.00", yes, NONE, "160.00", "150.00", no, NONE, no, "A, B"),
    }


def test_the_plausible_day_holds_each_scenario_against_its_own(tables) -> None:
    """No two pairs of defaulters leave the same; the card is the worst of the printed table."""
    rows = tables["cover_by_scenario"]
    assert len({row["prefunded_centicents"] for row in rows}) > 10
    shares = [row["cover_2_centicents"] / row["prefunded_centicents"] for row in rows]
    (card,) = [
        card for card in stress_tests.view(tables).cards if card.label == "Cover-2 of resources"
    ]
    assert float(card.value.rstrip("%")) == pytest.approx(100 * max(shares), abs=0.05)
