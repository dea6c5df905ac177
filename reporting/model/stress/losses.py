"""Exact loss of every account under a scenario: one kernel for all kinds of scenarios.

Belongs here: quantity x move from mark to scenario price, and the losses from collateral,
close-out and reversal. All integers, so the order of rows and the number of threads do not
matter. Money is int64 micros.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from reporting.model.errors import ModelError
from reporting.model.margin.add_ons import closing_costs
from reporting.model.stress.events import CloseOut, Prices, Reversal, Scenario, StressMarket
from reporting.model.stress.stress_book import StressBook
from reporting.units import BPS, CENTICENTS_PER_DOLLAR, multiply_divide_down, multiply_divide_up


@dataclass(frozen=True)
class AccountLosses:
    """Losses of each account under a scenario, int64[accounts] micros.

    loss: gains negative; margin_lost: part of the required margin no longer covered by the
    value of collateral, between 0 and the margin.
    """

    loss: np.ndarray
    margin_lost: np.ndarray


def account_losses(scenario: Scenario, book: StressBook) -> AccountLosses:
    """Loss and lost margin of every account.

    loss = sum of qty x (mark - scenario price) over the contracts that settle or move, plus the
    close-out cost and the payouts that a reversal reclaims. Raises ModelError if a sum could
    leave int64 or the book lacks an input of the scenario.
    """
    losses = price_losses(book, scenario_prices(scenario, book.market))
    if scenario.close_out is not None:
        losses += close_out_losses(book, scenario.close_out)
    if scenario.reversal is not None:
        losses += reversal_losses(book, scenario.reversal)
    return AccountLosses(losses, margin_lost(book, scenario))


def scenario_prices(scenario: Scenario, market: StressMarket) -> Prices:
    """The contracts that settle or move, and their prices.

    Unknown events are ignored; contracts of an event that settles do not move as well.
    """
    contracts, prices = [], []
    for outcome in scenario.outcomes:
        if outcome.event_ticker in market.index:
            contracts.append(market.contracts(outcome.event_ticker))
            prices.append(np.array(outcome.payoffs, dtype=np.int64))
            if len(prices[-1]) != len(contracts[-1]):
                raise ModelError("payoffs", f"event {outcome.event_ticker}: one per contract")
    none = np.zeros(0, dtype=np.int64)
    settled = np.concatenate([none, *contracts])
    settled_at = np.concatenate([none, *prices])
    if scenario.prices is None:
        return Prices(settled, settled_at)
    moved = ~np.isin(scenario.prices.contract, settled)
    return Prices(
        np.concatenate([settled, scenario.prices.contract[moved]]),
        np.concatenate([settled_at, scenario.prices.price[moved]]),
    )


def price_losses(book: StressBook, prices: Prices) -> np.ndarray:
    """Sum of qty x (mark - price) by account: int64[accounts] micros, gains negative."""
    losses = np.zeros(len(book.accounts.group), dtype=np.int64)
    moves = book.market.marks[prices.contract] - prices.price
    book.positions.refuse_overflow(int(np.abs(moves).max(initial=0)))
    held = book.positions
    _add_losses(held.start, held.account, held.qty, prices.contract, moves, losses)
    return losses


def losses_by_category(book: StressBook, scenario: Scenario, group: int) -> dict[str, int]:
    """What the books of a group lose in each category, micros; a book's gain offsets no other's."""
    prices, market = scenario_prices(scenario, book.market), book.market
    category = np.repeat(
        [event.category for event in market.events], np.diff(market.first_contract)
    )
    of_group, losses = book.accounts.group == group, {}
    for name in sorted(set(category[prices.contract].tolist())):
        chosen = category[prices.contract] == name
        lost = price_losses(book, Prices(prices.contract[chosen], prices.price[chosen]))
        losses[name] = int(np.maximum(lost[of_group], 0).sum())
    return losses


@njit(nogil=True, cache=True)
def _add_losses(start, account, qty, contract, move, losses):
    for i in range(len(contract)):
        fall = move[i]
        if fall != 0:
            for row in range(start[contract[i]], start[contract[i] + 1]):
                losses[account[row]] += qty[row] * fall


def close_out_losses(book: StressBook, close_out: CloseOut) -> np.ndarray:
    """Cost of closing out the margined books of some groups: int64[accounts] micros.

    The cost of each position is rounded up. An account's cost is capped at its worst case,
    because the book would otherwise be held to resolution.
    """
    if book.liquidity is None:
        raise ModelError("liquidity", "is required by a scenario with a close-out")
    accounts, held, market = book.accounts, book.positions, book.liquidity
    chosen = accounts.margined.astype(bool)
    if close_out.groups is not None:
        chosen = chosen & np.isin(accounts.group, close_out.groups)
    rows = np.flatnonzero(chosen[held.account])
    contract, account = held.contract[rows], held.account[rows]
    left = np.broadcast_to(np.asarray(close_out.depth_left_bps) / BPS, len(held.start) - 1)
    spread = np.broadcast_to(np.asarray(close_out.spread_multiple_bps) / BPS, len(held.start) - 1)
    costs = closing_costs(
        held.qty[rows],
        book.market.marks[contract],
        market.information[contract],
        (market.daily_volume * left)[contract],
        (market.half_spread * spread)[contract],
        market.impact_bps,
    )
    book.positions.refuse_overflow(CENTICENTS_PER_DOLLAR)
    losses = np.zeros(len(accounts.group), dtype=np.int64)
    # Differences below a thousandth of a micro are floating-point noise and must not round up.
    np.add.at(losses, account, np.ceil(np.round(costs, 3)).astype(np.int64))
    return np.minimum(losses, np.maximum(accounts.worst_case, 0))


def reversal_losses(book: StressBook, reversal: Reversal) -> np.ndarray:
    """Withdrawn part of each account's overpayment: int64[accounts] micros, rounded up.

    Accounts that were underpaid gain nothing here.
    """
    losses = np.zeros(len(book.accounts.group), dtype=np.int64)
    for event in book.paid:
        if event.event_ticker == reversal.event_ticker:
            overpaid = event.paid - np.array(reversal.payoffs, dtype=np.int64)
            np.add.at(losses, event.account, event.quantities @ overpaid)
    return multiply_divide_up(np.maximum(losses, 0), reversal.withdrawn_bps, BPS)


def margin_lost(book: StressBook, scenario: Scenario) -> np.ndarray:
    """max(0, margin required - stressed collateral value): int64[accounts] micros.

    For margined accounts, if the scenario moves collateral or calls are not met; otherwise required
    margin counts in full. The market value counts without haircut, because the haircut exists to
    absorb this fall. Excess collateral absorbs its own fall only, no other loss.
    """
    lost = np.zeros(len(book.accounts.group), dtype=np.int64)
    if not (scenario.collateral_falls_bps or scenario.calls_unmet):
        return lost
    worth = np.zeros_like(lost)
    for asset, value in book.collateral.items():
        worth += multiply_divide_down(value, BPS - scenario.collateral_falls_bps.get(asset, 0), BPS)
    short = np.maximum(book.accounts.margin - worth, 0)
    return np.where(book.accounts.margined, short, lost)
