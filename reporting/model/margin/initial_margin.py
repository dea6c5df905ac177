"""Initial margin of ECM-1 per account: from the losses of its events to core and margin.

Belongs here: the ramp, and the way from worst cases per (account, event), the tail over
scenarios and add-ons to core and initial margin per account. What an event can lose is in
``worst_case``, what scenarios cost in ``shortfall``, the schedule in ``schedule``. Source:
margin-model.md section 5.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule
from reporting.units import BPS, INT64_MAX, multiply_divide_down, multiply_divide_up

_NOISE_DECIMALS = 3
"""Below a thousandth of a micro a sum of floats is noise, not an amount."""


@dataclass(frozen=True)
class EventLosses:
    """Worst cases of the margined book, one row per (account, event), in any order.

    account: int64[r] in 0..accounts-1; worst_case: int64[r] micros; ramp numerator and
    denominator: int64[r] as from ``ramp``; cluster: int64[r], numbers of the clusters;
    kappa_bps: int64[r], share of the worst case that a jump costs.
    """

    account: np.ndarray
    worst_case: np.ndarray
    ramp_numerator: np.ndarray
    ramp_denominator: np.ndarray
    cluster: np.ndarray
    kappa_bps: np.ndarray


@dataclass(frozen=True)
class Credits:
    """What combinations net with their legs: int64[accounts] micros, off the worst case and
    off its ramped part."""

    worst_case: np.ndarray
    ramped: np.ndarray


@dataclass(frozen=True)
class JumpRequirement:
    """Cost of the dearest cluster of each account, int64[accounts] micros, not below 0, and the
    number of that cluster, -1 where the cost is 0."""

    cost: np.ndarray
    cluster: np.ndarray


@dataclass(frozen=True)
class AccountMargin:
    """Margin of a margined book per account, all int64[accounts], micros (1e-6 USD).

    ramped: the worst cases weighted by nearness of resolution, a part of every loss;
    expected_shortfall and value_at_risk include it. jump_cluster: number of the cluster
    of jump_to_resolution, -1 where that is 0.
    """

    worst_case: np.ndarray
    ramped: np.ndarray
    expected_shortfall: np.ndarray
    value_at_risk: np.ndarray
    jump_to_resolution: np.ndarray
    jump_cluster: np.ndarray
    core: np.ndarray
    add_ons: np.ndarray
    initial: np.ndarray


def ramp(
    schedule: Schedule,
    tau_seconds: np.ndarray,
    liquidation_days: np.ndarray,
    wrong_way: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Weight of full collateral per row, as an exact fraction (numerator, denominator).

    1 up to tau0, then linear in whole seconds down to 0 at tau1, both counted from the end
    of the liquidation period; 1 for wrong-way rows. tau_seconds int64[r] to the earliest
    plausible resolution, liquidation_days int64[r], wrong_way bool[r].
    """
    after = np.asarray(tau_seconds, np.int64) - SECONDS_PER_DAY * np.asarray(liquidation_days)
    span = schedule.ramp_tau1_seconds - schedule.ramp_tau0_seconds
    numerator = np.clip(schedule.ramp_tau1_seconds - after, 0, span)
    numerator = np.where(np.asarray(wrong_way, dtype=bool), span, numerator)
    return numerator.astype(np.int64), np.full(after.shape, span, dtype=np.int64)


def account_margin(
    rows: EventLosses,
    scenario_shortfall: np.ndarray,
    scenario_value_at_risk: np.ndarray,
    add_ons: np.ndarray,
    credits: Credits,
    schedule: Schedule,
    jump: JumpRequirement | None = None,
) -> AccountMargin:
    """Margin of the margined book of all accounts.

    scenario_shortfall, scenario_value_at_risk: float64[accounts], tail of the part of the
    losses that is not in full collateral, micros; add_ons: float64[accounts], micros; jump: of
    these rows, for a caller that has it already. Sums and maxima of integers are exact, so rows
    may come in any order.

    W is the sum over events less credits, not below zero. An event's own W may be negative
    (marks that promise a sure gain); it offsets other events but never makes margin
    negative. Core is the largest of expected shortfall, jump to resolution and the floor
    share of W; IM = min(W, core + add-ons). Raises ModelError on overflow.
    """
    accounts = len(add_ons)
    _check_rows(rows, accounts)
    ramped_rows = multiply_divide_up(rows.worst_case, rows.ramp_numerator, rows.ramp_denominator)
    worst_case = _sum_by_account(rows.account, rows.worst_case, accounts) - credits.worst_case
    worst_case = np.maximum(worst_case, 0)
    ramped = _sum_by_account(rows.account, ramped_rows, accounts) - credits.ramped
    expected_shortfall = ramped + micros_up(scenario_shortfall)
    jump = jump or jump_requirement(rows, accounts)
    floor = multiply_divide_up(worst_case, schedule.core_floor_bps, BPS)
    core = np.maximum.reduce([expected_shortfall, jump.cost, floor])
    added = micros_up(add_ons)
    return AccountMargin(
        worst_case=worst_case,
        ramped=ramped,
        expected_shortfall=expected_shortfall,
        value_at_risk=ramped + micros_up(scenario_value_at_risk),
        jump_to_resolution=jump.cost,
        jump_cluster=jump.cluster,
        core=core,
        add_ons=added,
        initial=np.minimum(worst_case, core + added),
    )


def micros_up(amounts: np.ndarray) -> np.ndarray:
    """Floating micros to whole ones, up, after noise is rounded away: int64."""
    return np.ceil(np.round(amounts, _NOISE_DECIMALS)).astype(np.int64)


def jump_requirement(rows: EventLosses, accounts: int) -> JumpRequirement:
    """What an account loses when the cluster that costs it most resolves against it."""
    clusters = int(rows.cluster.max(initial=0)) + 1
    key, place = np.unique(rows.account * clusters + rows.cluster, return_inverse=True)
    cost = np.zeros(len(key), dtype=np.int64)
    np.add.at(cost, place, multiply_divide_up(rows.worst_case, rows.kappa_bps, BPS))
    account, cluster = key // clusters, key % clusters
    # Dearest last within each account, of equals the first cluster: it is what stays.
    order = np.lexsort((-cluster, cost, account))
    largest = np.zeros(accounts, dtype=np.int64)
    dearest = np.full(accounts, -1, dtype=np.int64)
    largest[account[order]] = np.maximum(cost[order], 0)
    dearest[account[order]] = np.where(cost[order] > 0, cluster[order], -1)
    return JumpRequirement(largest, dearest)


def maintenance_centicents(initial_centicents, schedule: Schedule):
    """Maintenance margin: the policy share of initial margin, rounded up."""
    return multiply_divide_up(initial_centicents, schedule.maintenance_bps, BPS)


def collateral_value_centicents(value_centicents, haircut_bps):
    """Value of collateral after its haircut, rounded down."""
    return multiply_divide_down(value_centicents, BPS - haircut_bps, BPS)


def call_centicents(initial_centicents, collateral_value, schedule: Schedule) -> np.ndarray:
    """Amount called: the shortfall of collateral, when it exceeds the threshold, else 0."""
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
