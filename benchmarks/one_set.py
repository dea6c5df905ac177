"""The yardstick of the scenario kernel: one scenario set, every loss in double precision.

A frozen copy of the kernel that margin model ECM-1 used, so that what two sets cost can be said in
units of what one set cost.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numba import njit

from reporting.model.scenarios.shortfall import Exposures

_BLOCKS = 128
_ACCOUNTS_A_TASK = 512


def one_set(
    exposures: Exposures, prices: np.ndarray, tail: int, threads: int
) -> tuple[np.ndarray, np.ndarray]:
    """Value at risk and expected shortfall of each account: two float64[accounts]."""
    if not np.isfinite(prices).all():
        raise ValueError("prices must be finite")
    accounts = len(exposures.constant)
    value_at_risk, shortfall = np.empty(accounts), np.empty(accounts)
    first = np.full(accounts, -1, dtype=np.int64)
    holds = np.diff(exposures.start) > 0
    first[holds] = exposures.contract[exposures.start[:-1][holds]]
    order = np.argsort(first, kind="stable")
    tasks = [order[i : i + _ACCOUNTS_A_TASK] for i in range(0, accounts, _ACCOUNTS_A_TASK)]
    arrays = exposures.start, exposures.contract, exposures.weight, exposures.constant
    work = partial(_tails, *arrays, prices, tail, value_at_risk, shortfall)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, tasks))
    return value_at_risk, shortfall


@njit(nogil=True, cache=True, error_model="numpy")
def _tails(start, contract, weight, constant, prices, tail, value_at_risk, shortfall, accounts):
    """Fill in both results for some accounts.

    Scenarios are divided into blocks. At least ``tail`` losses, and few more, reach the
    ``tail``-th largest block maximum; only those losses are selected and ordered. Maxima run
    down columns so that the compiler can vectorise them.
    """
    scenarios = prices.shape[1]
    blocks = max(_BLOCKS, -(-2 * tail // 8) * 8)
    rows = -(-scenarios // blocks)
    loss = np.full(rows * blocks, -np.inf)
    largest, ordered = np.empty(blocks), np.empty(blocks)
    picked = np.empty(rows * blocks)
    for account in accounts:
        _add_up(contract, weight, prices, start[account], start[account + 1], loss)
        for j in range(blocks):
            largest[j] = loss[j]
        for row in range(1, rows):
            for j in range(blocks):
                value = loss[row * blocks + j]
                largest[j] = value if value > largest[j] else largest[j]
        ordered[:] = largest
        bound = _largest_first(ordered, blocks, tail)
        count = np.uintp(0)
        for j in range(blocks):
            if largest[j] >= bound:
                for row in range(rows):
                    value = loss[np.uintp(row * blocks + j)]
                    picked[count] = value
                    count += np.uintp(value >= bound)
        worst = _largest_first(picked, np.intp(count), tail)
        total = 0.0
        for value in picked[:tail]:
            total += value
        value_at_risk[account] = constant[account] + worst
        # Rounding may put the mean of equal losses below them.
        shortfall[account] = constant[account] + max(total / tail, worst)


@njit(nogil=True, cache=True, error_model="numpy")
def _add_up(contract, weight, prices, low, high, loss):
    """loss[:S] = sum of weight x price over the exposures low..high-1, in their order.

    Five rows at a time, so that the running loss, which fills the near cache, is read and
    written a fifth as often. The remaining rows come first and initialise the loss.
    """
    scenarios = prices.shape[1]
    k = low + (high - low) % 5
    if k == low:
        loss[:scenarios] = 0.0
    elif k == low + 1:
        weight_0, price_0 = weight[low], prices[contract[low]]
        for s in range(scenarios):
            loss[s] = weight_0 * price_0[s]
    elif k == low + 2:
        weight_0, price_0 = weight[low], prices[contract[low]]
        weight_1, price_1 = weight[low + 1], prices[contract[low + 1]]
        for s in range(scenarios):
            loss[s] = weight_0 * price_0[s] + weight_1 * price_1[s]
    elif k == low + 3:
        weight_0, price_0 = weight[low], prices[contract[low]]
        weight_1, price_1 = weight[low + 1], prices[contract[low + 1]]
        weight_2, price_2 = weight[low + 2], prices[contract[low + 2]]
        for s in range(scenarios):
            started = weight_0 * price_0[s] + weight_1 * price_1[s]
            loss[s] = started + weight_2 * price_2[s]
    else:
        weight_0, price_0 = weight[low], prices[contract[low]]
        weight_1, price_1 = weight[low + 1], prices[contract[low + 1]]
        weight_2, price_2 = weight[low + 2], prices[contract[low + 2]]
        weight_3, price_3 = weight[low + 3], prices[contract[low + 3]]
        for s in range(scenarios):
            started = weight_0 * price_0[s] + weight_1 * price_1[s]
            loss[s] = (started + weight_2 * price_2[s]) + weight_3 * price_3[s]
    while k < high:
        weight_0, price_0 = weight[k], prices[contract[k]]
        weight_1, price_1 = weight[k + 1], prices[contract[k + 1]]
        weight_2, price_2 = weight[k + 2], prices[contract[k + 2]]
        weight_3, price_3 = weight[k + 3], prices[contract[k + 3]]
        weight_4, price_4 = weight[k + 4], prices[contract[k + 4]]
        for s in range(scenarios):
            started = (loss[s] + weight_0 * price_0[s]) + weight_1 * price_1[s]
            added = (started + weight_2 * price_2[s]) + weight_3 * price_3[s]
            loss[s] = added + weight_4 * price_4[s]
        k += 5


@njit(nogil=True, cache=True, error_model="numpy")
def _largest_first(values, size, count):
    """Move the ``count`` largest of values[:size] to the front; return the smallest of them.

    Hoare's selection ("Algorithm 65: Find", 1961), the pivot a median of three.
    """
    low, high, wanted = 0, size - 1, count - 1
    while low < high:
        a, b, c = values[low], values[(low + high) // 2], values[high]
        pivot = max(min(a, b), min(max(a, b), c))
        left, right = low, high
        while left <= right:
            while values[left] > pivot:
                left += 1
            while values[right] < pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left += 1
                right -= 1
        if wanted <= right:
            high = right
        elif wanted >= left:
            low = left
        else:
            break
    return values[wanted]
