"""The compiled part of ``shortfall``: screened in 8 bits, decided in 64.

Belongs here: loops over accounts and scenarios, nothing that checks input.

Most scenarios are far from the tail, and coarse prices show it. A row of prices is held as
p ~ step x whole, whole an integer of 8 bits: an eighth of the memory traffic. The loss of an
account, in units of its largest |weight x step|, is the float32 sum a_s = sum of
u_i x whole_is with u_i ~ weight_i x step_i / unit. For n exposures it differs from the float64
loss in the same unit by at most

    e = sum |u_i| x (1/2 + (n + 6) x 2^-17),

namely 1/2 for the rounding of prices; 2^7 x 2^-24 = 2^-17 for that of u_i to float32;
2^7 x gamma_n < (n + 1.1) x 2^-17 for the sum in any order, n <= 4,000, with or without fused
products; less than 2^-20 for all roundings in float64; and the rest for rounding the bound below
to float32. Source: Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002),
section 3.1, with gamma_n = n u / (1 - n u), u = 2^-24.

If at least m scenarios have a_s >= t, the m-th largest loss is at least t - e, so that only
scenarios with a_s >= t - 2e can reach it. Their losses are added up in float64 from the prices
as they are. All losses are, where more than an eighth of all scenarios remain (many equal
losses) or the unit is too large or too small.

Screened or not, a loss is the sum in the order of the exposures, and the mean adds the losses
above the m-th largest in the order of the scenarios: the same bits.
"""

import numpy as np
from numba import njit

MAX_CANDIDATES_DIVISOR = 8
"""At most this part of all scenarios is added up one by one."""
_BLOCKS = 256
"""Minimum number of scenario blocks used to find a threshold; a multiple of 8."""
_MAX_SCREENED_EXPOSURES = 4_000
_HALVINGS = 16
_LARGEST_WHOLE = 127.0
_MIN_STEP = 1e-300
_MIN_UNIT, _MAX_UNIT = 1e-290, 1e290
"""Units whose float64 sums neither overflow nor lose digits to underflow."""


@njit(nogil=True, cache=True, error_model="numpy")
def coarsen(prices, step, whole, rows):
    """Fill in steps and whole numbers of some rows; return whether their prices are finite."""
    finite = True
    for row in rows:
        price, rounded = prices[row], whole[row]
        largest = 0.0
        for s in range(price.size):
            size = abs(price[s])
            largest = size if size > largest else largest
            finite &= size < np.inf
        step[row] = max(largest / _LARGEST_WHOLE, _MIN_STEP)
        steps = 1 / step[row]
        for s in range(price.size):
            rounded[s] = np.int8(np.int32(np.rint(price[s] * steps)))
    return finite


@njit(nogil=True, cache=True, error_model="numpy")
def fill_in_tails(
    start,
    contract,
    weight,
    constant,
    prices,
    step,
    whole,
    tail,
    value_at_risk,
    shortfall,
    accounts,
):
    """Fill in both results for some accounts."""
    scenarios = prices.shape[1]
    blocks = max(min(_BLOCKS, scenarios // 8 * 8), -(-2 * tail // 8) * 8)
    coarse = np.full(-(-scenarios // blocks) * blocks, np.float32(-np.inf))
    unit = np.empty(_MAX_SCREENED_EXPOSURES, np.float32)
    largest, reaches = np.empty(blocks, np.float32), np.empty(coarse.size, np.uint8)
    exact_largest = np.empty(blocks)
    candidates = np.empty(coarse.size, np.uintp)
    loss, ordered = np.full(coarse.size, -np.inf), np.empty(scenarios)
    for account in accounts:
        low, high = start[account], start[account + 1]
        count = 0
        if whole.size and low < high <= low + _MAX_SCREENED_EXPOSURES:
            error = _units(contract, weight, step, low, high, unit)
            if error < np.inf:
                _add_up_coarse(contract, unit, whole, low, high, coarse)
                bound = np.float32(_reached_by(coarse, largest, tail) - 2 * error)
                count = _reaching(coarse, bound, reaches, candidates, scenarios)
        if count:
            _add_up_some(contract, weight, prices, low, high, candidates[:count], loss)
        else:
            _add_up(contract, weight, prices, low, high, loss)
            count = _keep(loss, _reached_by(loss, exact_largest, tail), scenarios)
        worst = _worst(loss, count, tail, ordered)
        total, above = 0.0, 0
        for value in loss[:count]:
            if value > worst:
                total += value
                above += 1
        total += (tail - above) * worst
        # Rounding may put the mean of equal losses below them. Adding 0 makes 0 of -0.
        value_at_risk[account] = constant[account] + worst + 0.0
        shortfall[account] = constant[account] + max(total / tail, worst) + 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def _keep(loss, bound, scenarios):
    """Move the losses that reach the bound to the front, in order; return their number."""
    count = np.uintp(0)
    for s in range(np.uintp(scenarios)):
        value = loss[s]
        loss[count] = value
        count += np.uintp(value >= bound)
    return np.intp(count)


@njit(nogil=True, cache=True, error_model="numpy")
def _worst(loss, count, tail, ordered):
    """The ``tail``-th largest of loss[:count], at once where the smallest are equal to it."""
    lowest, above = loss[0], 0
    for c in range(count):
        lowest = min(lowest, loss[c])
    for c in range(count):
        above += loss[c] > lowest
    if above < tail:
        return lowest
    ordered[:count] = loss[:count]
    return _largest_first(ordered, count, tail)


@njit(nogil=True, cache=True, error_model="numpy")
def _units(contract, weight, step, low, high, unit):
    """Fill in the coarse weights of an account; return the error e of its coarse losses.

    Infinite where the units are too large or too small to be screened.
    """
    largest = 0.0
    for k in range(low, high):
        largest = max(largest, abs(weight[k] * step[contract[k]]))
    if not _MIN_UNIT < largest < _MAX_UNIT:
        return np.inf
    total = 0.0
    for k in range(low, high):
        size = np.float32(weight[k] * step[contract[k]] / largest)
        unit[k - low] = size
        total += abs(np.float64(size))
    return total * (0.5 + (high - low + 6) / 131_072)


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"})
def _add_up_coarse(contract, unit, whole, low, high, coarse):
    """coarse[:S] = sum of unit x whole over the exposures, in float32, four rows at a time."""
    scenarios = whole.shape[1]
    k = low + (high - low) % 4
    coarse[:scenarios] = np.float32(0)
    for i in range(low, k):
        unit_0, whole_0 = unit[i - low], whole[contract[i]]
        for s in range(scenarios):
            coarse[s] += unit_0 * np.float32(whole_0[s])
    while k < high:
        unit_0, whole_0 = unit[k - low], whole[contract[k]]
        unit_1, whole_1 = unit[k - low + 1], whole[contract[k + 1]]
        unit_2, whole_2 = unit[k - low + 2], whole[contract[k + 2]]
        unit_3, whole_3 = unit[k - low + 3], whole[contract[k + 3]]
        for s in range(scenarios):
            two = unit_0 * np.float32(whole_0[s]) + unit_1 * np.float32(whole_1[s])
            other = unit_2 * np.float32(whole_2[s]) + unit_3 * np.float32(whole_3[s])
            coarse[s] += two + other
        k += 4


@njit(nogil=True, cache=True, error_model="numpy")
def _reached_by(coarse, largest, tail):
    """A value that at least ``tail`` coarse losses reach, and few more.

    Scenarios are divided into blocks; at least ``tail`` losses reach what ``tail`` of the block
    maxima reach. Halving finds such a value. Maxima run down columns so that the compiler can
    vectorise them.
    """
    blocks = largest.size
    largest[:] = coarse[:blocks]
    for first in range(blocks, coarse.size, blocks):
        row = coarse[first : first + blocks]
        for j in range(blocks):
            largest[j] = row[j] if row[j] > largest[j] else largest[j]
    reached, top = largest[0], largest[0]
    for j in range(blocks):
        reached, top = min(reached, largest[j]), max(top, largest[j])
    for _ in range(_HALVINGS):
        middle = np.float32(0.5) * (reached + top)
        count = 0
        for j in range(blocks):
            count += largest[j] >= middle
        if count < tail:
            top = middle
        else:
            reached = middle
            if count == tail:
                break
    return reached


@njit(nogil=True, cache=True, error_model="numpy")
def _reaching(coarse, bound, reaches, candidates, scenarios):
    """Fill in the scenarios whose coarse loss reaches the bound, in order; return their number.

    0 where they are too many to be added up one by one.
    """
    for s in range(coarse.size):
        reaches[s] = coarse[s] >= bound
    count, limit = np.uintp(0), np.uintp(scenarios // MAX_CANDIDATES_DIVISOR)
    eights = reaches.view(np.uint64)
    for eight in range(eights.size):
        if eights[eight]:
            if count > limit:
                return 0
            first = np.uintp(8 * eight)
            for s in range(first, first + np.uintp(8)):
                candidates[count] = s
                count += np.uintp(reaches[s])
    return np.intp(count)


@njit(nogil=True, cache=True, error_model="numpy")
def _add_up_some(contract, weight, prices, low, high, candidates, loss):
    """Losses in some scenarios, in their order: the same bits as from ``_add_up``."""
    loss[: candidates.size] = 0.0
    k = low + (high - low) % 4
    for i in range(low, k):
        price, factor = prices[contract[i]], weight[i]
        for c in range(candidates.size):
            loss[c] += factor * price[candidates[c]]
    while k < high:
        weight_0, price_0 = weight[k], prices[contract[k]]
        weight_1, price_1 = weight[k + 1], prices[contract[k + 1]]
        weight_2, price_2 = weight[k + 2], prices[contract[k + 2]]
        weight_3, price_3 = weight[k + 3], prices[contract[k + 3]]
        for c in range(candidates.size):
            s = candidates[c]
            started = (loss[c] + weight_0 * price_0[s]) + weight_1 * price_1[s]
            loss[c] = (started + weight_2 * price_2[s]) + weight_3 * price_3[s]
        k += 4


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
