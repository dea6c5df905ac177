"""Initial margin of ECM-2 per account, from event losses, gaps, scenario tails and add-ons.

Belongs here: the ramp, and the aggregation of worst cases and gaps per (account, event), scenario
tails and add-ons into core and initial margin per account. Event losses come from ``worst_case``,
gaps from ``gap``, scenario tails from ``shortfall``, policy from ``schedule``. Source:
margin-model.md section 5.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule
from reporting.units import BPS, INT64_MAX, multiply_divide_down, multiply_divide_up

_NOISE_DECIMALS = 3
"""Less than a thousandth of a micro is floating-point noise, not an amount."""


@dataclass(frozen=True)
class EventLosses:
    """Losses of the margined book, one row per (account, event), in any order.

    account: int64[r] in 0..accounts-1; worst_case: int64[r] micros, negative for a sure gain; gap:
    int64[r] micros, the worst that the liquidation period can bring, at least 0; ramp_numerator,
    ramp_denominator: int64[r] from ``ramp``; cluster: int64[r], cluster numbers.
    """

    account: np.ndarray
    worst_case: np.ndarray
    gap: np.ndarray
    ramp_numerator: np.ndarray
    ramp_denominator: np.ndarray
    cluster: np.ndarray


@dataclass(frozen=True)
class Credits:
    """Netting of combinations with their legs: int64[accounts] micros.

    The credits reduce the worst case and its ramped part.
    """

    worst_case: np.ndarray
    ramped: np.ndarray


@dataclass(frozen=True)
class JointGaps:
    """By how much the gaps of netted events exceed their joint worst case, by account and cluster.

    account, cluster, excess: int64[n]; excess in micros, at least 0.
    """

    account: np.ndarray
    cluster: np.ndarray
    excess: np.ndarray


@dataclass(frozen=True)
class Tails:
    """Tail of the losses that the ramp does not fully collateralise: float64[accounts] micros.

    Of the set with the larger expected shortfall; at_rho and at_zero: expected shortfall in either.
    """

    shortfall: np.ndarray
    value_at_risk: np.ndarray
    at_rho: np.ndarray
    at_zero: np.ndarray


@dataclass(frozen=True)
class JumpRequirement:
    """The most expensive cluster of each account, int64[accounts].

    cost: micros, at least 0; cluster: its number, -1 where the cost is 0.
    """

    cost: np.ndarray
    cluster: np.ndarray


@dataclass(frozen=True)
class AccountMargin:
    """Margin of the margined book per account, all int64[accounts], micros (1e-6 USD).

    ramped: worst cases weighted by proximity to resolution; the expected shortfalls and
    value_at_risk include it. expected_shortfall is the larger of the sets at the group's
    correlation and at none. jump_cluster: number of the cluster behind jump_to_resolution, -1 where
    that is 0.
    """

    worst_case: np.ndarray
    ramped: np.ndarray
    expected_shortfall: np.ndarray
    shortfall_at_rho: np.ndarray
    shortfall_at_zero: np.ndarray
    value_at_risk: np.ndarray
    jump_to_resolution: np.ndarray
    jump_cluster: np.ndarray
    core: np.ndarray
    add_ons: np.ndarray
    initial: np.ndarray


def ramp(
    schedule: Schedule, tau_seconds: np.ndarray, liquidation_days: np.ndarray, wrong_way: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weight of full collateralisation per row, as an exact (numerator, denominator).

    1 up to tau0, then linear in whole seconds to 0 at tau1, both counted from the end of the
    liquidation period; 1 for wrong-way rows. tau_seconds: int64[r], time to the earliest
    plausible resolution; liquidation_days: int64[r]; wrong_way: bool[r].
    """
    after = np.asarray(tau_seconds, np.int64) - SECONDS_PER_DAY * np.asarray(liquidation_days)
    span = schedule.ramp_tau1_seconds - schedule.ramp_tau0_seconds
    numerator = np.clip(schedule.ramp_tau1_seconds - after, 0, span)
    numerator = np.where(np.asarray(wrong_way, dtype=bool), span, numerator)
    return numerator.astype(np.int64), np.full(after.shape, span, dtype=np.int64)


def account_margin(
    rows: EventLosses,
    tails: Tails,
    add_ons: np.ndarray,
    credits: Credits,
    schedule: Schedule,
    jump: JumpRequirement,
) -> AccountMargin:
    """Margin of the margined book of all accounts.

    add_ons: float64[accounts] micros; jump: of the same rows. Integer sums and maxima are exact, so
    the order of rows does not matter.

    W is the sum over events of the worst cases above 0, less credits: a sure gain in one event pays
    for no loss in another. Core is the largest of expected shortfall, jump to resolution and the
    floor share of W. IM = min(W, core + add-ons). Raises ModelError on overflow.
    """
    accounts = len(add_ons)
    _check_rows(rows, accounts)
    losses = np.maximum(rows.worst_case, 0)
    ramped_rows = multiply_divide_up(losses, rows.ramp_numerator, rows.ramp_denominator)
    worst_case = _sum_by_account(rows.account, losses, accounts) - credits.worst_case
    ramped = _sum_by_account(rows.account, ramped_rows, accounts) - credits.ramped
    expected_shortfall = ramped + micros_up(tails.shortfall)
    floor = multiply_divide_up(worst_case, schedule.core_floor_bps, BPS)
    core = np.maximum.reduce([expected_shortfall, jump.cost, floor])
    added = micros_up(add_ons)
    return AccountMargin(
        worst_case=worst_case,
        ramped=ramped,
        expected_shortfall=expected_shortfall,
        shortfall_at_rho=ramped + micros_up(tails.at_rho),
        shortfall_at_zero=ramped + micros_up(tails.at_zero),
        value_at_risk=ramped + micros_up(tails.value_at_risk),
        jump_to_resolution=jump.cost,
        jump_cluster=jump.cluster,
        core=core,
        add_ons=added,
        initial=np.minimum(worst_case, core + added),
    )


def micros_up(amounts: np.ndarray) -> np.ndarray:
    """Round floating-point micros up to whole micros after removing noise: int64."""
    return np.ceil(np.round(amounts, _NOISE_DECIMALS)).astype(np.int64)


def jump_requirement(rows: EventLosses, joint: JointGaps, accounts: int) -> JumpRequirement:
    """The gap of each account's most expensive cluster.

    Events that a combination nets with its legs count at most at their joint worst case.
    """
    clusters = 1 + max(int(rows.cluster.max(initial=0)), int(joint.cluster.max(initial=0)))
    keys = np.concatenate([rows.account, joint.account]) * clusters
    keys += np.concatenate([rows.cluster, joint.cluster])
    key, place = np.unique(keys, return_inverse=True)
    cost = np.zeros(len(key), dtype=np.int64)
    np.add.at(cost, place, np.concatenate([rows.gap, -joint.excess]))
    account, cluster = key // clusters, key % clusters
    # The last row of each account is kept: the highest cost, and of equals the first cluster.
    order = np.lexsort((-cluster, cost, account))
    largest = np.zeros(accounts, dtype=np.int64)
    largest_cluster = np.full(accounts, -1, dtype=np.int64)
    largest[account[order]] = np.maximum(cost[order], 0)
    largest_cluster[account[order]] = np.where(cost[order] > 0, cluster[order], -1)
    return JumpRequirement(largest, largest_cluster)


def maintenance_centicents(initial_centicents, schedule: Schedule):
    """Maintenance margin: the schedule's share of initial margin, rounded up."""
    return multiply_divide_up(initial_centicents, schedule.maintenance_bps, BPS)


def collateral_value_centicents(value_centicents, haircut_bps):
    """Value of collateral after its haircut, rounded down."""
    return multiply_divide_down(value_centicents, BPS - haircut_bps, BPS)


def call_centicents(initial_centicents, collateral_value, schedule: Schedule) -> np.ndarray:
    """Margin call: the collateral shortfall if it exceeds the threshold, else 0."""
    shortfall = np.maximum(np.asarray(initial_centicents) - np.asarray(collateral_value), 0)
    return np.where(shortfall > schedule.call_threshold_centicents, shortfall, 0)


def _sum_by_account(index: np.ndarray, rows: np.ndarray, accounts: int) -> np.ndarray:
    total = np.zeros(accounts, dtype=np.int64)
    np.add.at(total, index, rows)
    return total


def _check_rows(rows: EventLosses, accounts: int) -> None:
    index, worst = rows.account, rows.worst_case
    if index.shape != worst.shape or index.ndim != 1:
        raise ModelError("account_index", "must be one-dimensional, one per worst case")
    if not len(index):
        return
    if index.min() < 0 or index.max() >= accounts:
        raise ModelError("account_index", f"must lie in 0..{accounts - 1}")
    largest = max(abs(int(worst.min())), abs(int(worst.max())))
    if largest * int(np.bincount(index).max()) > INT64_MAX:
        raise ModelError("worst_case_micros", "the sum of an account exceeds int64")
