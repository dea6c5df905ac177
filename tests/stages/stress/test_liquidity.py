"""Liquidity of a venue's day again, account by account in plain Python; plots of the desk.

The numbers of a day small enough for pencil and paper are in docs/tiny-day.md.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import combinations
from math import ceil

import pytest
from support import venues

from reporting.lake import open_lake
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import scenario_prices
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.stages.recompute.day_book import read_day_book
from reporting.stages.run import workbench
from reporting.stages.stress.stress_book import read_groups, read_stress_book

DAY = venues.DAY_2
ENDS = datetime(2026, 5, 6, 4)  # 24:00 in New York of the date, in UTC
FIRST_CYCLE = 12
NOTICE = 2  # hours, as in the scenario library

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.fixture(scope="module")
def rows(ran_venue):
    """Rows of a query of the lake for the day."""
    with open_lake(ran_venue(0), read_only=True) as lake:
        yield lambda sql: lake.connection.execute(sql, {"day": DAY}).fetchall()


@pytest.fixture(scope="module")
def unpaid(rows):
    """(group, hour) -> micros that are due and not covered by cash, from obligations alone."""
    group_of = dict(
        rows(
            "SELECT account_id, affiliate_group FROM validate.accounts AS accounts"
            " JOIN validate.members AS members ON members.member_id = accounts.member_id"
            " AND members.business_date = accounts.business_date"
            " WHERE accounts.business_date = $day"
        )
    )
    cash = defaultdict(int)
    for account, value in rows(
        "SELECT account_id, value_centicents FROM validate.collateral"
        " WHERE business_date = $day AND asset_type = 'cash'"
    ):
        cash[account] += value
    margin = dict(
        rows(
            "SELECT account_id, initial_margin_centicents FROM recompute.account_margin"
            " WHERE business_date = $day"
        )
    )
    due = defaultdict(lambda: defaultdict(int))
    for account, moment, variation, paid in rows(
        "SELECT account_id, due_utc, variation_centicents, paid_utc FROM validate.obligations"
        " WHERE business_date = $day AND variation_centicents < 0"
    ):
        if paid is None or paid >= ENDS:
            hour = min(23, max(0, (moment - ENDS) // timedelta(hours=1)))
            due[account][hour] -= 100 * variation
    return group_of, due, {a: 100 * min(cash[a], margin.get(a, 0)) for a in group_of}


@pytest.fixture(scope="module")
def prices(ran_venue, tmp_path_factory):
    """Price by ticker of what moves in each scenario of the day's library."""
    settings = ran_venue(0)
    home = tmp_path_factory.mktemp("liquidity") / "home"
    venues.copy_home(settings.home, home)
    with workbench(venues.settings_of(home, settings.input)) as bench:
        day = bench.day(DAY)
        book = read_day_book(day)
        held = read_stress_book(day, book, read_groups(day, book))
    legs = [leg for event in held.market.events for leg in event.terms.legs]
    found = {}
    for scenario in scenario_library(scenarios_in_force(DAY), held):
        moved = scenario_prices(scenario, held.market)
        pairs = zip(moved.contract.tolist(), moved.price.tolist(), strict=True)
        found[scenario.scenario_id] = {legs[contract]: price for contract, price in pairs}
    return found


@pytest.mark.parametrize("failing", [1, 2])
def test_hours_are_those_of_a_plain_count(rows, unpaid, prices, failing):
    group_of, obligations, cash = unpaid
    (scenario,) = rows(
        f"SELECT scenario_id FROM stress.liquidity WHERE business_date = $day"
        f" AND failing_payers = {failing}"
    )
    due = defaultdict(lambda: defaultdict(int))
    for account, hours in obligations.items():
        for hour, amount in hours.items():
            due[account][hour] += amount
    for account, hour, loss in _losses(rows, prices[scenario[0]]):
        due[account][hour] += loss
    by_group = defaultdict(lambda: [0] * 24)
    for account, hours in due.items():
        for hour in range(24):
            owed = sum(amount for at, amount in hours.items() if at <= hour)
            by_group[group_of[account]][hour] += max(0, owed - cash[account])
    worst = None
    at_hand = _resources(rows)
    for groups in combinations(sorted(by_group), min(failing, len(by_group))):
        left = [
            100 * at_hand[hour] - sum(by_group[group][hour] for group in groups)
            for hour in range(24)
        ]
        worst = min(left) if worst is None else min(worst, min(left))
    (found,) = rows(
        "SELECT least_left_centicents, affiliate_groups FROM stress.liquidity"
        f" WHERE business_date = $day AND failing_payers = {failing}"
    )
    assert found[0] == worst // 100
    named = found[1].split(", ") if found[1] else []
    hours = rows(
        "SELECT outflow_centicents, resources_centicents FROM stress.liquidity_hours"
        f" WHERE business_date = $day AND failing_payers = {failing} ORDER BY hour"
    )
    assert [one for _, one in hours] == at_hand
    assert [one for one, _ in hours] == [
        ceil(sum(by_group[group][hour] for group in named) / 100) for hour in range(24)
    ]
    # Own cash may pay everything; before it something is due.
    (gross,) = rows(
        "SELECT gross_outflow_centicents, outflow_centicents, gross_covered, covered"
        f" FROM stress.liquidity WHERE business_date = $day AND failing_payers = {failing}"
    )
    assert gross[0] > 0
    assert gross[0] >= gross[1]
    assert gross[3] or not gross[2]
    assert _drawn(rows, failing) == _plain_draws(rows, hours)


def _losses(rows, prices):
    """Account, hour and loss in micros at some prices, from the positions in the lake."""
    by_book = defaultdict(int)
    tau = dict(rows("SELECT ticker, tau_seconds FROM recompute.contracts WHERE business_date=$day"))
    for account, ticker, kind, qty, mark in rows(
        "SELECT positions.account_id, positions.ticker, positions.collateralisation,"
        " positions.closing_qty, marks.mark_centicents FROM recompute.positions AS positions"
        " JOIN recompute.marks AS marks ON marks.ticker = positions.ticker"
        " AND marks.business_date = positions.business_date"
        " WHERE positions.business_date = $day AND positions.closing_qty <> 0"
    ):
        if ticker in prices:
            hour = tau[ticker] // 3600 if tau[ticker] < 86_400 else FIRST_CYCLE
            by_book[account, kind, hour] += qty * (mark - prices[ticker])
    return [(account, hour, loss) for (account, _, hour), loss in by_book.items() if loss > 0]


def _resources(rows):
    """Own capital less operating costs, deposits, and from hour 2 the facilities: centicents by
    hour."""
    (capital, facilities), = rows(
        "SELECT SUM(CASE WHEN layer_type = 'own_capital' AND prefunded THEN amount_centicents"
        " WHEN layer_type = 'operating_costs' THEN -amount_centicents END),"
        " SUM(CASE WHEN layer_type = 'facility' THEN amount_centicents END)"
        " FROM validate.resources WHERE business_date = $day"
    )  # fmt: skip
    (deposits,), = rows(
        "SELECT SUM(deposited_centicents) FROM validate.guaranty_fund WHERE business_date = $day"
    )  # fmt: skip
    return [capital + deposits + (facilities if hour >= NOTICE else 0) for hour in range(24)]


def _drawn(rows, failing):
    """(facility, hour) -> what it gave and has left, of what the stage wrote."""
    return {
        (facility, hour): (drawn, left)
        for facility, hour, drawn, left in rows(
            "SELECT facility, hour, drawn_centicents, remaining_centicents"
            " FROM stress.liquidity_facilities WHERE business_date = $day"
            f" AND failing_payers = {failing}"
        )
    }


def _plain_draws(rows, hours):
    """The same from the layers of the feed, one after another, and what falls due."""
    (deposits,), = rows(
        "SELECT SUM(deposited_centicents) FROM validate.guaranty_fund WHERE business_date = $day"
    )  # fmt: skip
    layers = rows(
        "SELECT layer_id, layer_type, amount_centicents FROM validate.resources"
        " WHERE business_date = $day AND (layer_type = 'facility'"
        " OR prefunded AND layer_type IN ('own_capital', 'survivors_fund')) ORDER BY layer_order"
    )
    left = {name: deposits if kind == "survivors_fund" else size for name, kind, size in layers}
    (costs,), = rows(
        "SELECT COALESCE(SUM(amount_centicents), 0) FROM validate.resources"
        " WHERE business_date = $day AND layer_type = 'operating_costs'"
    )  # fmt: skip
    # Operating costs stay, out of the tranche of own capital that is used last.
    for name in reversed([name for name, kind, _ in layers if kind == "own_capital"]):
        kept = min(costs, left[name])
        left[name] -= kept
        costs -= kept
    draws, before = {}, 0
    for hour, (outflow, _) in enumerate(hours):
        due, before = outflow - before, outflow
        for name, kind, _ in layers:
            given = min(due, left[name]) if kind != "facility" or hour >= NOTICE else 0
            left[name] -= given
            due -= given
            if given:
                draws[name, hour] = given, left[name]
    never = {name for name, *_ in layers} - {name for name, _ in draws}
    notice = {name: NOTICE if kind == "facility" else 0 for name, kind, _ in layers}
    return draws | {(name, notice[name]): (0, left[name]) for name in never}


def test_the_floor_is_the_average_of_all_dates(rows):
    """Of both dates: what each member's house and customers paid on balance, a member a day."""
    paid, members = 0, 0
    for day in (venues.DAY_1, venues.DAY_2):
        owed = defaultdict(int)
        for member, origin, variation in rows(
            "SELECT member_id, origin, variation_centicents FROM validate.obligations AS paid"
            " JOIN validate.accounts AS accounts ON accounts.account_id = paid.account_id"
            " AND accounts.business_date = paid.business_date"
            f" WHERE paid.business_date = DATE '{day}' AND $day IS NOT NULL"
        ):
            owed[member, origin] -= variation
        paid += sum(max(0, amount) for amount in owed.values())
        members += rows(
            f"SELECT COUNT(*) FROM validate.members WHERE business_date = DATE '{day}'"
            " AND $day IS NOT NULL"
        )[0][0]
    found = rows("SELECT floor_centicents, floor_days FROM stress.liquidity"
                 " WHERE business_date = $day")  # fmt: skip
    assert set(found) == {(-(-paid // members), 2)}


def test_reverse_stress_of_a_venue_is_held_against_its_resources(rows):
    (found,) = rows(
        "SELECT resources_centicents, proven, at_least, resolutions, nodes <= node_limit + 1"
        " FROM stress.reverse WHERE business_date = $day"
    )
    (capital,), = rows(
        "SELECT SUM(CASE WHEN layer_type = 'operating_costs' THEN -amount_centicents"
        " ELSE amount_centicents END) FROM validate.resources WHERE business_date = $day"
        " AND (prefunded AND layer_type IN ('own_capital', 'insurance')"
        " OR layer_type = 'operating_costs')"
    )  # fmt: skip
    (deposits,), = rows(
        "SELECT SUM(deposited_centicents) FROM validate.guaranty_fund WHERE business_date = $day"
    )  # fmt: skip
    assert found[0] == capital + deposits
    assert found[4]
    resolved = rows(
        "SELECT event_ticker FROM stress.reverse_resolutions WHERE business_date = $day"
    )
    assert len(resolved) == (found[3] or 0)
    assert found[2] >= 1
