"""Initial margin of ECM-1 per account: the one front of the model.

Belongs here: the margin schedule as data, the ramp, and the way from worst-case losses
per (account, event) to core and initial margin per account. What an event can lose is
in ``worst_case``. Source: margin-model.md section 5.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import BPS, INT64_MAX, multiply_divide_down, multiply_divide_up

LEGAL_CLASSES = ("future", "option", "swap")
# Keeps numerator x denominator of a ramp weight inside int64.
_LONGEST_RAMP_SECONDS = 10**9
_WHOLE_PARAMETERS = (
    "liquidation_days",
    "core_floor_bps",
    "ramp_tau0_seconds",
    "ramp_tau1_seconds",
    "maintenance_bps",
    "call_threshold_centicents",
)


@dataclass(frozen=True)
class Schedule:
    """One version of the margin schedule: all that a risk committee may change.

    Ramp bounds in seconds, shares in basis points, threshold in centicents;
    haircuts_bps by asset type.
    """

    version: str
    effective_date: date
    approver: str
    reason: str
    liquidation_days: int
    core_floor_bps: int
    ramp_tau0_seconds: int
    ramp_tau1_seconds: int
    maintenance_bps: int
    haircuts_bps: dict[str, int]
    legal_class: str
    call_threshold_centicents: int

    @classmethod
    def from_parameters(
        cls, version: str, effective_date: date, approver: str, reason: str, parameters: dict
    ) -> "Schedule":
        """The schedule of one feed row. Raises ModelError naming the parameter at fault."""
        if not isinstance(parameters, dict):
            raise ModelError("parameters", f"schedule {version}: must be an object")
        known = {*_WHOLE_PARAMETERS, "legal_class", "haircuts_bps"}
        for name in sorted(known - set(parameters)):
            raise ModelError(name, f"schedule {version}: is missing")
        for name in sorted(set(parameters) - known):
            raise ModelError(name, f"schedule {version}: is not a known parameter")
        whole = {name: _whole(version, name, parameters[name]) for name in _WHOLE_PARAMETERS}
        haircuts = parameters["haircuts_bps"]
        if not isinstance(haircuts, dict) or not haircuts:
            raise ModelError("haircuts_bps", f"schedule {version}: must name each asset type")
        haircuts = {
            asset: _share(version, f"haircuts_bps.{asset}", bps)
            for asset, bps in sorted(haircuts.items())
        }
        if parameters["legal_class"] not in LEGAL_CLASSES:
            raise ModelError(
                "legal_class", f"schedule {version}: must be one of {', '.join(LEGAL_CLASSES)}"
            )
        for name in ("core_floor_bps", "maintenance_bps"):
            _share(version, name, whole[name])
        if whole["liquidation_days"] == 0:
            raise ModelError("liquidation_days", f"schedule {version}: must be at least 1")
        if whole["ramp_tau1_seconds"] > _LONGEST_RAMP_SECONDS:
            raise ModelError(
                "ramp_tau1_seconds",
                f"schedule {version}: must not exceed {_LONGEST_RAMP_SECONDS}",
            )
        if whole["ramp_tau1_seconds"] <= whole["ramp_tau0_seconds"]:
            raise ModelError(
                "ramp_tau1_seconds", f"schedule {version}: must be above ramp_tau0_seconds"
            )
        return cls(
            version=version,
            effective_date=effective_date,
            approver=approver,
            reason=reason,
            legal_class=parameters["legal_class"],
            haircuts_bps=haircuts,
            **whole,
        )


def schedule_in_force(schedules, business_date: date) -> Schedule:
    """The version in force: the greatest (effective_date, version) not after the date."""
    due = [schedule for schedule in schedules if schedule.effective_date <= business_date]
    if not due:
        raise ModelError("margin_schedule", f"no version is in force on {business_date}")
    return max(due, key=_order_of_effect)


def _order_of_effect(schedule: Schedule) -> tuple[date, str]:
    return schedule.effective_date, schedule.version


@dataclass(frozen=True)
class AccountMargin:
    """Margin of a margined book per account, all int64[accounts], micros (1e-6 USD)."""

    worst_case: np.ndarray
    ramped: np.ndarray
    jump_to_resolution: np.ndarray
    core: np.ndarray
    initial: np.ndarray


def ramp(
    schedule: Schedule, tau_seconds: np.ndarray, wrong_way: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weight of full collateral per row, as an exact fraction (numerator, denominator).

    1 up to tau0, then linear in whole seconds down to 0 at tau1; 1 for wrong-way rows.
    tau_seconds int64[r] to the earliest plausible resolution, wrong_way bool[r].
    """
    tau = np.asarray(tau_seconds, dtype=np.int64)
    span = schedule.ramp_tau1_seconds - schedule.ramp_tau0_seconds
    numerator = np.clip(schedule.ramp_tau1_seconds - tau, 0, span)
    numerator = np.where(np.asarray(wrong_way, dtype=bool), span, numerator)
    return numerator.astype(np.int64), np.full(tau.shape, span, dtype=np.int64)


def account_margin(
    account_index: np.ndarray,
    worst_case_micros: np.ndarray,
    ramp_numerator: np.ndarray,
    ramp_denominator: np.ndarray,
    accounts: int,
    schedule: Schedule,
) -> AccountMargin:
    """Margin of the margined book, from one row per (account, event).

    account_index int64[r] in 0..accounts-1; worst_case_micros int64[r]; ramp as from
    ``ramp``. Rows may come in any order: sums and maxima of integers are exact.

    W is the sum over events, not below zero. An event's own W may be negative (marks
    that promise a sure gain); it offsets other events but never makes margin negative.
    Core is the largest of its legs: ramped worst cases, the single worst event in full,
    and the floor share of W. IM = min(W, Core). Raises ModelError on overflow.
    """
    index = np.asarray(account_index, dtype=np.int64)
    rows = np.asarray(worst_case_micros, dtype=np.int64)
    _check_rows(index, rows, accounts)
    ramped_rows = multiply_divide_up(rows, np.asarray(ramp_numerator), np.asarray(ramp_denominator))
    worst_case = np.maximum(_sum_by_account(index, rows, accounts), 0)
    ramped = np.maximum(_sum_by_account(index, ramped_rows, accounts), 0)
    jump_to_resolution = np.zeros(accounts, dtype=np.int64)
    np.maximum.at(jump_to_resolution, index, rows)
    floor = multiply_divide_up(worst_case, schedule.core_floor_bps, BPS)
    # The legs of the core. The expected shortfall over scenarios is one more of them.
    core = np.maximum.reduce([ramped, jump_to_resolution, floor])
    return AccountMargin(
        worst_case=worst_case,
        ramped=ramped,
        jump_to_resolution=jump_to_resolution,
        core=core,
        initial=np.minimum(worst_case, core),
    )


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


def _check_rows(index: np.ndarray, rows: np.ndarray, accounts: int) -> None:
    if index.shape != rows.shape or index.ndim != 1:
        raise ModelError("account_index", "must be one-dimensional, one per worst case")
    if not len(index):
        return
    if index.min() < 0 or index.max() >= accounts:
        raise ModelError("account_index", f"must lie in 0..{accounts - 1}")
    largest = max(abs(int(rows.min())), abs(int(rows.max())))
    if largest * int(np.bincount(index).max()) > INT64_MAX:
        raise ModelError("worst_case_micros", "the sum of an account exceeds int64")


def _whole(version: str, name: str, value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ModelError(name, f"schedule {version}: must be a whole number")
    if not 0 <= value <= 10**15:
        raise ModelError(name, f"schedule {version}: must lie between 0 and 10^15")
    return value


def _share(version: str, name: str, value) -> int:
    if _whole(version, name, value) > BPS:
        raise ModelError(name, f"schedule {version}: must not exceed {BPS} basis points")
    return value
