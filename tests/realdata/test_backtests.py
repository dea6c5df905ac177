"""The backtest of the first days of the real window, a second time: dictionaries and sums.

Positions, marks, settlements and margins are those of the lake, which other tests hold
against the tape; from them each observation is made here without SQL and without arrays.
"""

from collections import defaultdict
from datetime import date

import pytest

from realdata.house import House
from realdata.window_tape import temperature_tape
from reporting.simulator.api import simulate_on_tape

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-window")]

LAST = date(2025, 3, 6)
STAGES = ("land", "validate", "recompute", "stress")


@pytest.fixture(scope="module")
def house(kalshi, tmp_path_factory) -> House:
    folder = tmp_path_factory.mktemp("backtest")
    tape = temperature_tape(kalshi, folder / "tape", last=LAST)
    simulate_on_tape(tape, folder / "in", accounts=60, errors=False)
    house = House.over(folder / "in", folder / "home")
    return house.run(STAGES, [day for day in house.days if day <= LAST])


def table(house: House, sql: str) -> dict:
    """Rows by all columns but the last."""
    return {row[:-1]: row[-1] for row in house.rows(sql)}


def margins(house: House) -> dict:
    """Market-risk part of the margined book in centicents, by date and account."""
    found = {}
    for day, account, core, margined, full in house.rows(
        "SELECT business_date, account_id, core_centicents, margined_worst_case_micros,"
        " fully_collateralised_worst_case_micros FROM recompute.account_margin"
    ):
        found[day, account] = min(core - -(-full // 100), -(-margined // 100))
    return found


def plain_observations(house: House) -> dict:
    """(margin, diffusion, jump) by date, account and horizon."""
    days = [day for (day,) in house.rows("SELECT business_date FROM recompute.days ORDER BY 1")]
    marks = table(house, "SELECT ticker, business_date, mark_centicents FROM recompute.marks")
    period = table(
        house,
        "SELECT event_ticker, business_date, liquidation_days FROM recompute.event_parameters",
    )
    settled = defaultdict(dict)
    for ticker, day, value in house.rows(
        "SELECT ticker, business_date, settlement_value_centicents FROM recompute.settlements"
    ):
        settled[ticker][day] = value
    books = defaultdict(list)
    for day, account, event, ticker, qty in house.rows(
        "SELECT business_date, account_id, event_ticker, ticker, closing_qty"
        " FROM recompute.positions WHERE closing_qty <> 0 AND collateralisation = 'margined'"
    ):
        books[day, account].append((event, ticker, qty))
    held = margins(house)

    def lost(book, day: date, today: date, ends: dict) -> tuple[int, int]:
        diffusion = jump = 0
        for event, ticker, qty in book:
            known = {at: value for at, value in settled[ticker].items() if day < at <= today}
            start, end = marks[ticker, day], ends[event]
            if known and min(known) <= end:
                jump -= qty * (known[max(known)] - start)
            else:
                diffusion -= qty * (marks[ticker, end] - start)
        return diffusion, jump

    found = {}
    for (day, account), book in books.items():
        longest = max(period[event, day] for event, _, _ in book)
        for horizon in {1, longest}:
            place = days.index(day)
            if place + horizon >= len(days):
                continue
            today = days[place + horizon]
            ends = {
                event: days[place + (1 if horizon == 1 else period[event, day])]
                for event, _, _ in book
            }
            loss = lost(book, day, today, ends)
            found[today, account, horizon] = (held[day, account], *loss)
    return found


def test_every_observation_of_an_account(house: House) -> None:
    ours = {
        (day, account, days): (margin, diffusion, jump)
        for day, account, days, margin, diffusion, jump in house.rows(
            "SELECT business_date, book_id, horizon_days, margin_centicents,"
            " diffusion_loss_micros, jump_loss_micros FROM stress.backtest_observations"
            " WHERE portfolio = 'accounts'"
        )
    }
    plain = plain_observations(house)
    assert ours == plain
    by_horizon = {days: len([key for key in plain if key[2] == days]) for days in (1, 5)}
    assert by_horizon[1] > 100 and by_horizon[5] > 50
    assert sum(1 for _, _, jump in plain.values() if jump) > 50


def test_the_counts_of_the_last_day_are_those_of_all_observations(house: House) -> None:
    plain = plain_observations(house)
    ((observations, breaches, days),) = house.rows(
        "SELECT observations, breaches, days FROM stress.backtest_results WHERE business_date = ?"
        " AND portfolio = 'accounts' AND horizon = 'next close' AND bucket = 'all'"
        " AND books = 'all'",
        LAST,
    )
    nights = [value for (_, _, horizon), value in plain.items() if horizon == 1]
    assert observations == len(nights)
    assert breaches == sum(diffusion + jump > 100 * margin for margin, diffusion, jump in nights)
    assert days == len({day for day, _, horizon in plain if horizon == 1})


def test_books_that_are_made_up_lose_what_their_contracts_lose(house: House) -> None:
    """Five dates: all contracts of the tape are swaps."""
    marks = table(house, "SELECT ticker, business_date, mark_centicents FROM recompute.marks")
    values = table(
        house,
        "SELECT ticker, business_date, settlement_value_centicents FROM recompute.settlements",
    )
    days = [day for (day,) in house.rows("SELECT business_date FROM recompute.days ORDER BY 1")]
    lost: dict[tuple, int] = defaultdict(int)
    for day, kind, name, ticker, qty in house.rows(
        "SELECT business_date, portfolio, book_id, ticker, qty FROM stress.backtest_contracts"
        " WHERE portfolio <> 'accounts'"
    ):
        place = days.index(day) + 5
        if place < len(days):
            later = [
                values[ticker, at] for at in days[place - 4 : place + 1] if (ticker, at) in values
            ]
            end = later[-1] if later else marks[ticker, days[place]]
            lost[days[place], kind, name] -= qty * (end - marks[ticker, day])
    ours = table(
        house,
        "SELECT business_date, portfolio, book_id, loss_micros FROM stress.backtest_observations"
        " WHERE portfolio <> 'accounts'",
    )
    assert ours == lost and len(lost) > 3
