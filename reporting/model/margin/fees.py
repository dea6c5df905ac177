"""The venue's trading fee: quadratic in the price, by role, rounded up.

Belongs here: the formula and the schedules by date. The pipeline says the same in
``sql/recompute/trade_sides.sql``; a test holds the two together. Source: feeds.md, fees.
"""

from dataclasses import dataclass
from datetime import date

from reporting.model.errors import ModelError

TAKER, MAKER = "taker", "maker"
QUADRATIC = "quadratic"
QUADRATIC_WITH_MAKER_FEES = "quadratic_with_maker_fees"
FEE_FREE = "fee_free"
FEE_TYPES = (QUADRATIC, QUADRATIC_WITH_MAKER_FEES, FEE_FREE)

_PARTS = 10**14
"""Rate and multiplier in 1e-4, quantity in 1e-2, two prices in 1e-4, less the centicents."""


@dataclass(frozen=True)
class FeeSchedule:
    """Rates in 1e-4, and the step in centicents that a fee is rounded up to."""

    version: str
    effective_date: date
    taker_rate_e4: int
    maker_rate_e4: int
    rounding_centicents: int


FEE_SCHEDULES = (
    FeeSchedule("FEES-1", date(2021, 1, 1), 700, 175, 100),
    FeeSchedule("FEES-2", date(2026, 4, 1), 700, 175, 1),
)


def fee_schedule_in_force(business_date: date) -> FeeSchedule:
    """The latest schedule not after the date. Raises ModelError when there is none."""
    due = [found for found in FEE_SCHEDULES if found.effective_date <= business_date]
    if not due:
        raise ModelError("date", f"no fee schedule is in force on {business_date}")
    return due[-1]


def fee_centicents(
    schedule: FeeSchedule,
    role: str,
    fee_type: str,
    multiplier_e4: int,
    count_qty: int,
    price_centicents: int,
) -> int:
    """multiplier x rate x C x P x (1 - P), rounded up to the schedule's step, exactly.

    multiplier in 1e-4, contracts in 1e-2, price in centicents. A maker pays only where the
    series has maker fees.
    """
    rate = 0
    if fee_type != FEE_FREE and role == TAKER:
        rate = schedule.taker_rate_e4
    elif fee_type == QUADRATIC_WITH_MAKER_FEES:
        rate = schedule.maker_rate_e4
    parts = rate * multiplier_e4 * count_qty * price_centicents * (10_000 - price_centicents)
    steps = -(-parts // (_PARTS * schedule.rounding_centicents))
    return steps * schedule.rounding_centicents
