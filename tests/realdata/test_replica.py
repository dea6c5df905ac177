"""Fast and plain implementation agree on the real ladders, on the days of the April shock.

The plain one starts from the day's positions, terms and marks, draws every scenario itself
and shares no code with the model.
"""

from datetime import date

import numpy as np
import pytest

from realdata.house import House
from realdata.replicate import PlainDay
from realdata.window_tape import macro_tape
from reporting.engine.day import Workbench
from reporting.lake import open_lake
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.simulator.api import simulate_on_tape
from reporting.stages.recompute.day_book import DayBook, read_day_book

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-replica")]

LOADED = date(2025, 4, 7), date(2025, 4, 9)
SHOCK = date(2025, 4, 8)
SAMPLE = 12


@pytest.fixture(scope="module")
def house(kalshi, tmp_path_factory) -> House:
    folder = tmp_path_factory.mktemp("replica")
    tape = macro_tape(kalshi, folder / "tape", *LOADED)
    simulate_on_tape(tape, folder / "in", accounts=60, errors=False)
    return House.over(folder / "in", folder / "home").run(["land", "validate", "recompute"])


@pytest.fixture(scope="module")
def fast(house) -> tuple[DayBook, Margins]:
    """The day's book and its margins, before they are rounded up to a centicent."""
    with open_lake(house.settings, read_only=True) as lake:
        book = read_day_book(Workbench(lake).day(SHOCK))
    accounts, within = len(book.account_ids), Netting.WITHIN_EVENTS
    valuation = value(book.positions, book.market, accounts, book.schedule, Draws(), netting=within)
    return book, valuation.margins


@pytest.fixture(scope="module")
def plain_day(house) -> PlainDay:
    return PlainDay(house, SHOCK)


def test_the_plain_implementation_finds_the_same_margin(plain_day, fast):
    book, found = fast
    held = np.bincount(book.positions.account[book.positions.margined])
    sample = np.argsort(-held, kind="stable")[:SAMPLE].tolist()
    assert held[sample].min() >= 5
    decided_by_scenarios = 0
    for account in sample:
        plain, fast_book = plain_day.account(book.account_ids[account]).margined, found.margined
        for name in ("worst_case", "jump_to_resolution"):
            assert getattr(fast_book, name)[account] == getattr(plain, name)
        for name in ("expected_shortfall", "value_at_risk", "core", "add_ons", "initial"):
            # Whole micros, rounded up: one more than 1e-9 of the amount.
            expected = pytest.approx(getattr(plain, name), rel=1e-9, abs=1)
            assert getattr(fast_book, name)[account] == expected, name
        decided_by_scenarios += plain.core == plain.expected_shortfall > plain.held_in_full
    # Elsewhere the comparison would be one of worst cases only.
    assert decided_by_scenarios >= 3


def test_the_plain_implementation_finds_the_tables_of_the_day(house, plain_day):
    """What is booked for every account is what it makes of the same positions."""
    rows = house.rows(
        "SELECT account_id, worst_case_centicents, core_centicents, initial_margin_centicents"
        " FROM recompute.account_margin WHERE business_date = ? ORDER BY 1",
        SHOCK,
    )
    for account, worst, core, initial in rows:
        plain = plain_day.account(account)
        assert worst == plain.worst_case
        # A centicent may lie between two sums of floats that are rounded up.
        assert abs(core - plain.core) <= 1
        assert abs(initial - plain.initial_margin) <= 1
    assert len(rows) > SAMPLE
