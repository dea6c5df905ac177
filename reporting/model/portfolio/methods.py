"""Margin by the method that a venue says it charges by, from the same book.

Belongs here: the methods behind one front, ``by_method``. ECM-2 itself is ``portfolio``; which
methods there are and their terms are in ``model/margin/methods``. Source: margin-model.md section
8.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from reporting.model.margin.methods import ECM2, FULL_COLLATERAL, SIDE_TABLE, Method
from reporting.model.margin.schedule import SECONDS_PER_DAY
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.valuation import Valuation
from reporting.model.portfolio.worst_cases import event_books
from reporting.units import (
    BPS,
    centicents_from_micros_up,
    multiply_divide_up,
)


def by_method(valuation: Valuation, method: Method | None = None) -> Margins:
    """Margins of all accounts by a method; by the one that the schedule names, if None.

    Worst cases are the same under every method. Of a method without a core, the core is its initial
    margin, and there are no add-ons. Raises ModelError on overflow.
    """
    method = method or valuation.scenarios.schedule.method
    margins = valuation.margins
    if method.name == ECM2:
        return margins
    charged = np.minimum(_CHARGES[method.name](valuation, method), margins.margined.worst_case)
    full = margins.initial - centicents_from_micros_up(margins.margined.initial)
    booked = centicents_from_micros_up(charged) + full
    no_add_ons = np.zeros_like(charged)
    margined = replace(margins.margined, core=charged, add_ons=no_add_ons, initial=charged)
    return replace(margins, margined=margined, core=booked, initial=booked)


def _full_collateral(valuation: Valuation, method: Method) -> np.ndarray:
    """The worst case: int64[accounts] micros."""
    return valuation.margins.margined.worst_case


def _side_table(valuation: Valuation, method: Method) -> np.ndarray:
    """The sum over events of what the table asks, at most the worst case of each: int64[accounts].

    A position is charged a share of its largest loss, by its side and the band of its mark and days
    to expiry. An event of another category, near its expiry or outside all bands is held in full.
    """
    portfolio, market = valuation.portfolio, valuation.scenarios.market
    rows = portfolio.worst_cases
    charged = np.maximum(rows.worst_case, 0)
    first = 0
    for event, margined, accounts, quantities in event_books(portfolio.positions, market):
        part = slice(first, first + len(accounts))
        first += len(accounts)
        shares = _shares(market, event, method) if margined else None
        if shares is not None:
            charged[part] = np.minimum(charged[part], _by_side(market, event, quantities, *shares))
    total = np.zeros(portfolio.accounts, dtype=np.int64)
    np.add.at(total, rows.account[rows.margined], charged[rows.margined])
    return total


def _shares(market: Market, event: int, method: Method) -> tuple[np.ndarray, np.ndarray] | None:
    """Shares of the largest loss of a long and of a short by contract, basis points int64[legs];
    None if the event is held in full.
    """
    tau_seconds = int(market.tau_seconds[event])
    if market.categories[event] not in method.categories:
        return None
    if tau_seconds <= method.full_collateral_seconds:
        return None
    days = -(-tau_seconds // SECONDS_PER_DAY)
    in_time = [band for band in method.bands if days <= band.days_up_to]
    yes, no = [], []
    for mark in market.marks[event].tolist():
        fitting = [band for band in in_time if mark <= band.price_up_to_centicents]
        yes.append(fitting[0].yes_bps if fitting else BPS)
        no.append(fitting[0].no_bps if fitting else BPS)
    return np.array(yes, dtype=np.int64), np.array(no, dtype=np.int64)


def _by_side(
    market: Market, event: int, quantities: np.ndarray, yes_bps: np.ndarray, no_bps: np.ndarray
) -> np.ndarray:
    """What the shares ask of each book: int64[books] micros, each position rounded up."""
    marks, payout = market.marks[event], market.terms[event].payout
    long = multiply_divide_up(np.maximum(quantities, 0) * marks, yes_bps, BPS)
    short = multiply_divide_up(np.maximum(-quantities, 0) * (payout - marks), no_bps, BPS)
    return (long + short).sum(axis=1)


_CHARGES: Mapping[str, Callable[[Valuation, Method], np.ndarray]] = {
    FULL_COLLATERAL: _full_collateral,
    SIDE_TABLE: _side_table,
}
