"""The stress book of a date: the input of all scenarios of the library.

Belongs here: from the tables of the date to the arrays of ``model/stress``, which applies the
scenarios to them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reporting.engine.day import Day
from reporting.model.events.terms import BINARIES, EventTerms, has_listed_states, payoffs
from reporting.model.margin.schedule import SECONDS_PER_DAY
from reporting.model.portfolio.worst_cases import event_worst_cases
from reporting.model.stress.events import StressEvent, StressMarket
from reporting.model.stress.stress_book import (
    Accounts,
    MarketLiquidity,
    PaidEvent,
    PositionsByContract,
    StressBook,
)
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.recompute.margin.collateral import tied_holders
from reporting.stages.stress.category_moves import read_past_moves
from reporting.stages.stress.resources import read_deposits
from reporting.units import MICROS_PER_CENTICENT

_MOST_STATES = 256


@dataclass(frozen=True)
class Groups:
    """Affiliate groups in order of name, with the group of each account and book.

    A book is an account's margined (2a) or fully collateralised (2a + 1) part.
    """

    names: list[str]
    of_account: np.ndarray
    is_house: np.ndarray
    own_fund: np.ndarray


def read_groups(day: Day, book: DayBook) -> Groups:
    """The groups of a date with their accounts and contributions."""
    rows = read_deposits(day)
    names = sorted({row[1] for row in rows})
    index = {name: number for number, name in enumerate(names)}
    group_of = {row[0]: index[row[1]] for row in rows}
    own_fund = np.zeros(len(names), dtype=np.int64)
    for _, group, deposited, _ in rows:
        own_fund[index[group]] += deposited * MICROS_PER_CENTICENT
    return Groups(
        names=names,
        of_account=np.array([group_of[member] for member in book.member_ids], dtype=np.int64),
        is_house=np.array([origin == "house" for origin in book.origins], dtype=bool),
        own_fund=own_fund,
    )


def read_stress_book(day: Day, book: DayBook, groups: Groups) -> StressBook:
    """The books that the scenarios are applied to, two an account."""
    market, positions = book.market, book.positions
    rows = event_worst_cases(positions, market)
    by_event = np.zeros(len(market.events), dtype=np.int64)
    np.add.at(by_event, rows.event, rows.worst_case)
    worst_case = np.zeros(2 * len(book.account_ids), dtype=np.int64)
    np.add.at(worst_case, 2 * rows.account + ~rows.margined, rows.worst_case)
    # An event that nobody holds makes nobody lose.
    held = np.unique(positions.event)
    number = np.full(len(market.events), -1, dtype=np.int64)
    number[held] = np.arange(len(held))
    # Volatility ratio, liquidation days and cluster by event; the largest of separate binaries.
    event_rows = day.read("stress/reads/event_parameters").fetchall()
    parameters = {event: more for event, *more in event_rows}
    stressed = StressMarket(
        [_stress_event(book, e, int(by_event[e]), *parameters[market.events[e]]) for e in held]
    )
    margin = _margin(day, book)
    return StressBook(
        market=stressed,
        positions=PositionsByContract.of(
            2 * positions.account + ~positions.margined,
            stressed.first_contract[number[positions.event]] + positions.leg,
            positions.qty,
            int(stressed.first_contract[-1]),
        ),
        accounts=Accounts(
            group=np.repeat(groups.of_account, 2),
            is_house=np.repeat(groups.is_house, 2),
            margined=np.tile(np.array([True, False]), len(book.account_ids)),
            margin=margin,
            worst_case=worst_case,
        ),
        groups=groups.names,
        own_fund=groups.own_fund,
        collateral=_collateral(day, book, margin),
        liquidity=_liquidity(book, stressed, held),
        paid=tuple(_paid_events(day, book)),
        past_moves=read_past_moves(day),
    )


def _margin(day: Day, book: DayBook) -> np.ndarray:
    """Margin required of each account's margined and fully collateralised book, micros."""
    margin = np.zeros(2 * len(book.account_ids), dtype=np.int64)
    rows = day.read("stress/reads/margin_by_book").fetchall()
    for account, margined, full in rows:
        number = 2 * book.account_index[account]
        margin[number : number + 2] = margined, full
    return margin * MICROS_PER_CENTICENT


def _stress_event(
    book: DayBook, event: int, worst_case: int, volatility_ratio: float, days: int, cluster: str
) -> StressEvent:
    market, terms = book.market, book.market.terms[event]
    fitted = terms.structure != BINARIES and has_listed_states(terms)
    return StressEvent(
        terms=terms,
        category=market.categories[event],
        marks=market.marks[event],
        total_worst_case_micros=worst_case,
        priced=market.priced[event],
        settled=market.settled[event],
        probabilities=market.fitted(event)[0] if fitted else None,
        volatility_ratio=volatility_ratio,
        tau_days=int(market.tau_seconds[event]) / SECONDS_PER_DAY,
        liquidation_days=days,
        cluster=cluster,
    )


def _liquidity(book: DayBook, stressed: StressMarket, held: np.ndarray) -> MarketLiquidity:
    first, volume = book.market.first_contract, book.market.daily_volume
    sizes = np.diff(stressed.first_contract)
    information = [event.information for event in stressed.events]
    none = np.zeros(0)
    return MarketLiquidity(
        information=np.repeat(np.array(information, dtype=np.float64), sizes),
        daily_volume=np.concatenate([none, *(volume[first[e] : first[e + 1]] for e in held)]),
        half_spread=np.full(int(sizes.sum()), float(book.schedule.half_spread_centicents)),
        impact_bps=book.schedule.impact_bps,
    )


def _collateral(day: Day, book: DayBook, margin: np.ndarray) -> dict[str, np.ndarray]:
    """Market value by asset type behind each margined book, micros.

    Valued at zero: asset types absent from the schedule, and assets whose value depends on an
    event that the account holds. The requirement of fully collateralised positions is met first,
    from the asset types with the smallest haircut.
    """
    schedule, accounts = book.schedule, len(book.account_ids)
    tied = {asset: tied_holders(book, names) for asset, names in schedule.tied_collateral.items()}
    rows = day.read("recompute/reads/collateral").fetchall()
    values = {asset: np.zeros(2 * accounts, dtype=np.int64) for asset in schedule.haircuts_bps}
    for account_id, asset, centicents in rows:
        account = book.account_index.get(account_id)
        known = asset in values and account is not None and centicents > 0
        if known and account not in tied.get(asset, ()):
            values[asset][2 * account] += centicents * MICROS_PER_CENTICENT
    full = margin[1::2].copy()
    for asset in sorted(values, key=schedule.haircuts_bps.__getitem__):
        used = np.minimum(full, values[asset][::2])
        values[asset][::2] -= used
        full -= used
    return values


def _paid_events(day: Day, book: DayBook) -> Iterator[PaidEvent]:
    """Events, or contracts without joint states, that were paid on the date."""
    settled = day.read("stress/reads/paid_positions").fetchall()
    by_event: dict[tuple[int, int], list[tuple]] = {}
    joint: dict[int, bool] = {}
    for row in settled:
        # An account that has left the list has no margin that could fall short.
        if row[1] in book.leg_of and row[0] in book.account_index:
            event, leg = book.leg_of[row[1]]
            if event not in joint:
                joint[event] = _has_joint_states(book.market.terms[event])
            by_event.setdefault((event, -1 if joint[event] else leg), []).append(row)
    for (event, leg), rows in sorted(by_event.items()):
        yield _paid_event(book, event, leg, rows)


def _has_joint_states(terms: EventTerms) -> bool:
    return (
        terms.structure != BINARIES
        and has_listed_states(terms)
        and payoffs(terms, np.zeros(len(terms.legs), dtype=np.int64))[0].shape[1] <= _MOST_STATES
    )


def _paid_event(book: DayBook, event: int, alone: int, rows: Sequence[tuple]) -> PaidEvent:
    terms = book.market.terms[event]
    tickers = sorted({row[1] for row in rows})
    legs = [book.leg_of[ticker][1] for ticker in tickers]
    if alone >= 0:
        table, labels = np.array([[0, terms.payout]]), ("no", "yes")
    else:
        matrix, labels = payoffs(terms, book.market.marks[event])
        # States that the paid contracts cannot tell apart are one.
        _, first = np.unique(matrix[legs], axis=1, return_index=True)
        states = np.sort(first)
        table, labels = matrix[np.ix_(legs, states)], tuple(labels[s] for s in states.tolist())
    paid = {row[1]: row[4] for row in rows}
    quantities = np.zeros((len(rows), len(tickers)), dtype=np.int64)
    for number, row in enumerate(rows):
        quantities[number, tickers.index(row[1])] = row[3]
    return PaidEvent(
        event_ticker=tickers[0] if alone >= 0 else book.market.events[event],
        category=book.market.categories[event],
        state_labels=tuple(labels),
        payoffs=table.astype(np.int64),
        paid=np.array([paid[ticker] for ticker in tickers], dtype=np.int64),
        account=np.array(
            [2 * book.account_index[row[0]] + (not row[2]) for row in rows], dtype=np.int64
        ),
        quantities=quantities,
    )
