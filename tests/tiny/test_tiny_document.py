"""The document of the tiny day is consistent in itself: losses, worst cases, conservation."""

import pytest
from expected import Losses, read_document, read_losses

from reporting.lake.connection import STAGES

LOSSES = read_losses()


def test_every_day_speaks_of_every_stage():
    found = read_document()
    for day in ("2026-06-01", "2026-06-02", "2026-06-03"):
        stages = {table.partition(".")[0] for e in found if e.day == day for table in e.tables}
        assert stages == set(STAGES)
    assert len([e for e in found if e.before_correction]) >= 4


def test_every_worst_case_has_its_table_of_losses():
    assert {(losses.event, losses.day, *book) for losses in LOSSES for book in losses.books} == set(
        _worst_cases()
    )


@pytest.mark.parametrize("losses", LOSSES, ids=lambda losses: f"{losses.event}-{losses.day}")
def test_the_worst_case_is_the_largest_loss(losses: Losses):
    for book, by_state in losses.books.items():
        assert losses.worst[book] == max(by_state)
        assert _worst_cases()[losses.event, losses.day, *book] == max(by_state)


@pytest.mark.parametrize("losses", LOSSES, ids=lambda losses: f"{losses.event}-{losses.day}")
def test_losses_sum_to_zero_in_every_state(losses: Losses):
    assert [sum(column) for column in zip(*losses.books.values(), strict=True)] == [0] * len(
        next(iter(losses.books.values()))
    )
    assert set(losses.totals) == {0}


def test_positions_and_variation_sum_to_zero_in_every_market():
    conserved = {"closing_qty", "variation_micros = variation_at_venue_marks_micros"}
    for expected in read_document():
        if expected.tables != ("recompute.variation",):
            continue
        for place, header in enumerate(expected.headers):
            if header in conserved:
                totals: dict[str, int] = {}
                for row in expected.rows:
                    totals[row[0]] = totals.get(row[0], 0) + int(row[place])
                assert set(totals.values()) == {0}


def _worst_cases() -> dict[tuple[str, str, str, str], int]:
    """W in micros by event, day, account and kind of collateralisation."""
    found = {}
    for expected in read_document():
        if expected.tables == ("recompute.event_margin",):
            names = expected.headers
            for row in expected.rows:
                cell = dict(zip(names, row, strict=True))
                key = cell["event_ticker"], expected.day
                book = cell["account_id"], cell["collateralisation"]
                found[*key, *book] = int(cell["worst_case_micros"])
    return found
