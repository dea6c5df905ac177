"""Scenario losses of many books: value at risk and expected shortfall.

Belongs here: exposures, their tails in both scenario sets, and the plain loss table.
``event_prices`` has the prices, ``tail_kernel`` the compiled loops and how they avoid sorting.
Source: margin-model.md section 5.

The result has the same bits for any number of threads, because one thread sums each account in
the order of its exposures.
"""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.scenarios.tail_kernel import MAX_CANDIDATES_DIVISOR, coarsen, fill_in_tails

_ACCOUNTS_A_TASK = 512
_ROWS_A_TASK = 64
_MIN_SCREENED_ACCOUNTS_PER_CONTRACT = 1.0
"""Below it, coarse prices cost more than they save."""


@dataclass(frozen=True)
class TwoTails:
    """Expected shortfall and value at risk of each account in both scenario sets.

    All float64[accounts], in the unit of weight x price. Value at risk is the m-th largest loss,
    expected shortfall the mean of the m largest.
    """

    shortfall_at_rho: np.ndarray
    shortfall_at_zero: np.ndarray
    value_at_risk_at_rho: np.ndarray
    value_at_risk_at_zero: np.ndarray


@dataclass(frozen=True)
class Exposures:
    """The loss of each account as a linear function of prices, account after account.

    Loss of account a in scenario s = constant[a] + sum over k in start[a]..start[a+1]-1 of
    weight[k] x price[contract[k], s]. start: int64[accounts + 1]; contract: int64[k], rows
    of the price matrix, in the same order for every account; weight: float64[k], minus the
    quantity; constant: float64[accounts].
    """

    start: np.ndarray
    contract: np.ndarray
    weight: np.ndarray
    constant: np.ndarray

    def __post_init__(self):
        accounts = len(self.constant)
        if self.start.shape != (accounts + 1,) or (np.diff(self.start) < 0).any():
            raise ModelError("start", f"must rise over {accounts + 1} places")
        if accounts and (self.start[0] != 0 or self.start[-1] != len(self.contract)):
            raise ModelError("start", "must span the exposures")
        if self.contract.shape != self.weight.shape:
            raise ModelError("weight", "needs one per exposure")
        if not (np.isfinite(self.weight).all() and np.isfinite(self.constant).all()):
            raise ModelError("weight", "must be finite")


def tail_count(alpha: Fraction, scenarios: int) -> int:
    """Number of tail scenarios ceil((1 - alpha) x S), exact: alpha 0.9 of 20 gives 2."""
    if not 0 < alpha < 1:
        raise ModelError("alpha", "must lie between 0 and 1, both excluded")
    return -(-(1 - alpha) * scenarios // 1)


def losses(exposures: Exposures, prices: np.ndarray) -> np.ndarray:
    """Loss of every account in every scenario: float64[accounts, S]. For a few accounts only."""
    _check(exposures, prices)
    loss = np.repeat(exposures.constant[:, None], prices.shape[1], axis=1)
    for account in range(len(loss)):
        for k in range(exposures.start[account], exposures.start[account + 1]):
            loss[account] += exposures.weight[k] * prices[exposures.contract[k]]
    return loss


def tails(
    exposures: Exposures,
    prices_at_rho: np.ndarray,
    prices_at_zero: np.ndarray,
    tail: int,
    threads: int = 1,
) -> TwoTails:
    """Both measures of each account in the sets of correlation rho and 0.

    ``tail``: number m of the largest losses. Prices: float64[contracts, S], finite.
    """
    # Sorted by first contract held, so that its prices stay in cache between accounts.
    order = np.argsort(_first_contract(exposures), kind="stable")
    measures = []
    with ThreadPoolExecutor(threads) as pool:
        for prices in (prices_at_rho, prices_at_zero):
            _check(exposures, prices, tail)
            measures.append(_set_tails(exposures, prices, tail, order, pool))
    (value_at_rho, at_rho), (value_at_zero, at_zero) = measures
    return TwoTails(at_rho, at_zero, value_at_rho, value_at_zero)


def _set_tails(
    exposures: Exposures, prices: np.ndarray, tail: int, order: np.ndarray, pool: Executor
) -> tuple[np.ndarray, np.ndarray]:
    """Value at risk and expected shortfall of each account in one set: two float64[accounts]."""
    value_at_risk, shortfall = np.empty(len(order)), np.empty(len(order))
    step, whole = _coarse(prices, _is_screened(len(order), prices, tail), pool)
    arrays = exposures.start, exposures.contract, exposures.weight, exposures.constant
    work = partial(fill_in_tails, *arrays, prices, step, whole, tail, value_at_risk, shortfall)
    list(pool.map(work, _slices(order, _ACCOUNTS_A_TASK)))
    return value_at_risk, shortfall


def _is_screened(accounts: int, prices: np.ndarray, tail: int) -> bool:
    contracts, scenarios = prices.shape
    enough = accounts >= _MIN_SCREENED_ACCOUNTS_PER_CONTRACT * contracts
    return enough and tail * MAX_CANDIDATES_DIVISOR <= scenarios


def _coarse(prices: np.ndarray, screened: bool, pool: Executor) -> tuple[np.ndarray, np.ndarray]:
    """Step by contract and whole numbers of 8 bits, contracts x S; both empty if not screened.

    Raises ModelError where a price is not finite.
    """
    if screened:
        step, whole = np.empty(len(prices)), np.empty(prices.shape, np.int8)
        rows = _slices(np.arange(len(prices)), _ROWS_A_TASK)
        finite = all(list(pool.map(partial(coarsen, prices, step, whole), rows)))
    else:
        step, whole = np.empty(0), np.empty((0, 0), np.int8)
        finite = np.isfinite(prices).all()
    if not finite:
        raise ModelError("prices", "must be finite")
    return step, whole


def _slices(values: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (values[first : first + size] for first in range(0, len(values), size))


def _first_contract(exposures: Exposures) -> np.ndarray:
    first = np.full(len(exposures.constant), -1, dtype=np.int64)
    holds = np.diff(exposures.start) > 0
    first[holds] = exposures.contract[exposures.start[:-1][holds]]
    return first


def _check(exposures: Exposures, prices: np.ndarray, tail: int = 1) -> None:
    if prices.ndim != 2 or prices.dtype != np.float64 or not prices.flags.c_contiguous:
        raise ModelError("prices", "must be float64[contracts, S], row after row")
    if not 1 <= tail <= prices.shape[1]:
        raise ModelError("tail", f"must lie between 1 and {prices.shape[1]}")
    rows = exposures.contract
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(prices)):
        raise ModelError("contract", f"must lie in 0..{len(prices) - 1}")
