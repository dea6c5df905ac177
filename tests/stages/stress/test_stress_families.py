"""The daily stage runs the whole library; its arrays say what the tables say.

A second, plain way from the tables of the lake to losses: SQL and Python sums.
"""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from support import venues
from support.hand_rows import HandDay

from reporting.lake import open_lake
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses, scenario_prices
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.stages.recompute.day_book import read_day_book
from reporting.stages.run import workbench
from reporting.stages.stress.category_moves import read_past_moves
from reporting.stages.stress.stress_book import read_groups, read_stress_book

DAY = venues.DAY_2
_NORMAL = NormalDist()

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.fixture(scope="module")
def settings(ran_venue):
    return ran_venue(0)


@pytest.fixture(scope="module")
def rows(settings):
    """Rows of a query of the lake for the day."""
    with open_lake(settings, read_only=True) as lake:
        yield lambda sql: lake.connection.execute(sql, {"day": DAY}).fetchall()


@pytest.fixture(scope="module")
def stressed(settings, tmp_path_factory):
    """The day's book as accounts know it, the stress book and its scenarios."""
    home = tmp_path_factory.mktemp("stress") / "home"
    venues.copy_home(settings.home, home)
    with workbench(venues.settings_of(home, settings.input)) as bench:
        day = bench.day(DAY)
        book = read_day_book(day)
        held = read_stress_book(day, book, read_groups(day, book))
    library = scenario_library(scenarios_in_force(DAY), held)
    return book, held, {scenario.scenario_id: scenario for scenario in library}


def test_every_family_is_run(rows):
    found = {family for (family,) in rows(
        "SELECT DISTINCT family FROM stress.scenarios WHERE business_date = $day"
    )}  # fmt: skip
    assert found == {*(f"S{n}" for n in range(1, 13)), "S2b", "R"}
    records = rows(
        "SELECT record_id, scenarios, reason FROM stress.records WHERE business_date = $day"
    )
    assert all(bool(scenarios) != bool(reason) for _, scenarios, reason in records)


def test_every_scenario_has_cover_and_its_version_and_owner(rows):
    scenarios = rows(
        "SELECT scenario_id, version, owner FROM stress.scenarios WHERE business_date = $day"
    )
    assert {(version, owner) for _, version, owner in scenarios} == {("1", "risk"), ("2", "risk")}
    cover = rows("SELECT scenario_id FROM stress.cover WHERE business_date = $day")
    assert sorted(one for (one,) in cover) == sorted(one for one, *_ in scenarios)


def test_losses_by_prices_are_those_of_the_positions_in_the_lake(rows, stressed):
    book, held, library = stressed
    positions = rows(
        "SELECT account_id, ticker, collateralisation = 'margined', closing_qty"
        " FROM recompute.positions WHERE business_date = $day AND closing_qty <> 0"
    )
    ticker_of = [leg for event in held.market.events for leg in event.terms.legs]
    marks = dict(zip(ticker_of, held.market.marks.tolist(), strict=True))
    plain = [s for s in library.values() if s.close_out is None and s.reversal is None]
    assert len({s.family for s in plain}) >= 6
    for scenario in plain:
        moved = scenario_prices(scenario, held.market)
        prices = {
            ticker_of[c]: price
            for c, price in zip(moved.contract.tolist(), moved.price.tolist(), strict=True)
        }
        expected = defaultdict(int)
        for account, ticker, margined, qty in positions:
            place = 2 * book.account_index[account] + (not margined)
            expected[place] += qty * (marks[ticker] - prices.get(ticker, marks[ticker]))
        found = account_losses(scenario, held).loss
        assert {a: v for a, v in enumerate(found.tolist()) if v} == {
            a: v for a, v in expected.items() if v
        }


def test_a_collateral_shock_counts_what_the_collateral_is_worth(rows, stressed):
    """In fractions, type by type; full collateral takes the types with the least haircut."""
    book, held, library = stressed
    schedule, falls = book.schedule, library["S8"].collateral_falls_bps
    holdings = defaultdict(lambda: defaultdict(int))
    for account, asset, value in rows(
        "SELECT account_id, asset_type, value_centicents FROM validate.collateral"
        " WHERE business_date = $day"
    ):
        if asset in schedule.haircuts_bps and value > 0:
            holdings[account][asset] += 100 * value
    lost = account_losses(library["S8"], held).margin_lost
    assert lost.any()
    for account, margined, full in rows(
        "SELECT account_id, margined_initial_centicents,"
        " initial_margin_centicents - margined_initial_centicents"
        " FROM recompute.account_margin WHERE business_date = $day"
    ):
        if any(schedule.tied_collateral.values()):
            tied_worth_nothing = book.schedule.tied_collateral.keys() & holdings[account].keys()
            if tied_worth_nothing:
                continue  # tied collateral has a test of its own in test_replica.py
        left, worth = 100 * full, 0
        for asset in sorted(holdings[account], key=schedule.haircuts_bps.__getitem__):
            free = max(0, holdings[account][asset] - left)
            left = max(0, left - holdings[account][asset])
            worth += int(Fraction(free * (10_000 - falls.get(asset, 0)), 10_000))
        place = 2 * book.account_index[account]
        assert lost[place] == max(0, 100 * margined - worth)
        assert lost[place + 1] == 0


def test_paid_events_are_the_settlements_of_the_day(rows, stressed):
    _, held, _ = stressed
    paid = rows(
        "SELECT CAST(SUM(-positions.settled_qty * settlement_value_centicents) AS BIGINT)"
        " FROM recompute.positions AS positions JOIN recompute.settlements AS settlements"
        " ON settlements.ticker = positions.ticker"
        " AND settlements.business_date = positions.business_date"
        " WHERE positions.business_date = $day"
    )[0][0]
    assert held.paid
    assert sum(int((event.quantities @ event.paid).sum()) for event in held.paid) == paid
    for event in held.paid:
        assert len(event.state_labels) == event.payoffs.shape[1]
        assert event.payoffs.shape[0] == len(event.paid) == event.quantities.shape[1]


def test_past_moves_are_those_of_the_marks_of_all_dates(rows, stressed):
    """From the whole history of marks, as the carried rows of each date stand for it."""
    sizes = defaultdict(list)
    clipped = "ROUND(GREATEST(50, LEAST(9950, {})) / 10000, 4)"
    for day, category, before, after in rows(
        "SELECT CAST(marks.business_date AS VARCHAR), contracts.category,"
        f" {clipped.format('previous_mark_centicents')}, {clipped.format('mark_centicents')}"
        " FROM recompute.marks AS marks JOIN recompute.contracts AS contracts"
        " ON contracts.ticker = marks.ticker AND contracts.business_date = marks.business_date"
        " WHERE marks.business_date <= $day AND mark_source = 'trade'"
        " AND previous_mark_centicents IS NOT NULL AND NOT marks.settled"
    ):
        sizes[day, category].append(abs(_NORMAL.inv_cdf(after) - _NORMAL.inv_cdf(before)))
    expected = {key: sorted(found)[-(-95 * len(found) // 100) - 1] for key, found in sizes.items()}
    found = {(one.date, one.category): one.move for one in stressed[1].past_moves}
    assert expected
    assert found == pytest.approx(expected, abs=1e-9)


def test_past_moves_are_read_a_year_back(tables):
    """Today's, and those of dates less than 365 days before."""
    earlier = [DAY - timedelta(n) for n in (364, 365)]
    tables.put("recompute.days", DAY, earlier_business_dates=" ".join(map(date.isoformat, earlier)))
    for day, move in ((DAY, 1.0), (DAY - timedelta(364), 2.0), (DAY - timedelta(365), 4.0)):
        tables.put("stress.category_moves", day, category="Weather", move=move)
    tables.put("stress.category_moves", DAY + timedelta(1), category="Weather", move=8.0)
    found = read_past_moves(HandDay(tables, DAY))
    assert [one.move for one in found] == [2.0, 1.0]


def test_volatility_and_depth_are_those_of_the_margin_model(rows, stressed):
    book, held, _ = stressed
    ratio = dict(rows(
        "SELECT event_ticker, MAX(volatility_ratio) FROM recompute.event_parameters"
        " WHERE business_date = $day GROUP BY event_ticker"
    ))  # fmt: skip
    for event in held.market.events:
        assert event.volatility_ratio == ratio[event.terms.event_ticker]
    volume = dict(zip(
        [leg for terms in book.market.terms for leg in terms.legs],
        book.market.daily_volume.tolist(), strict=True,
    ))  # fmt: skip
    legs = [leg for event in held.market.events for leg in event.terms.legs]
    assert held.liquidity.daily_volume.tolist() == [volume[leg] for leg in legs]


def test_fully_collateralised_books_have_no_shortfall_when_prices_move(stressed):
    _, held, library = stressed
    full = np.flatnonzero(~held.accounts.margined)
    for scenario in library.values():
        if scenario.reversal is None and scenario.family != "S5":
            found = account_losses(scenario, held)
            short = found.loss[full] - held.accounts.margin[full]
            # A void that the terms do not know, and marks that promise a sure gain, aside.
            assert (short <= np.maximum(0, -_sure_gains(held)[full])).all(), scenario.scenario_id


def _sure_gains(held):
    """Worst cases below zero, of events whose marks promise a gain; by account."""
    from reporting.model.margin.worst_case import worst_case

    accounts = len(held.accounts.group)
    total = np.zeros(accounts, dtype=np.int64)
    for number, event in enumerate(held.market.events):
        low, high = held.market.first_contract[number : number + 2]
        table = np.zeros((accounts, high - low), dtype=np.int64)
        rows = slice(held.positions.start[low], held.positions.start[high])
        np.add.at(
            table,
            (held.positions.account[rows], held.positions.contract[rows] - low),
            held.positions.qty[rows],
        )
        total += np.minimum(worst_case(event.terms, event.marks, table).loss_micros, 0)
    return total
