"""The venue's trading fee: quadratic in price, by role, rounded up.

Belongs here: the formula and the fee schedules by date. ``sql/recompute/trade_sides.sql``
repeats the formula for the daily run; a test compares the two. Source: feeds.md, fees.
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
"""1e-4 of rate, multiplier and two prices, 1e-2 of quantity, divided by 1e-4 for centicents."""


@dataclass(frozen=True)
class FeeSchedule:
    """Rates in 1e-4; fees are rounded up to a multiple of rounding_centicents."""

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
    """The latest schedule effective on or before the date. Raises ModelError if there is none."""
    effective = [fees for fees in FEE_SCHEDULES if fees.effective_date <= business_date]
    if not effective:
        raise ModelError("date", f"no fee schedule is in force on {business_date}")
    return effective[-1]


def fee_centicents(
    schedule: FeeSchedule,
    role: str,
    fee_type: str,
    multiplier_e4: int,
    count_qty: int,
    price_centicents: int,
) -> int:
    """Fee in centicents: multiplier x rate x C x P x (1 - P), exact, rounded up to the step.

    multiplier in 1e-4, contracts in 1e-2, price in centicents. A maker pays only in series
    with maker fees.
    """
    rate = 0
    if fee_type != FEE_FREE and role == TAKER:
        rate = schedule.taker_rate_e4
    elif fee_type == QUADRATIC_WITH_MAKER_FEES:
        rate = schedule.maker_rate_e4
    parts = rate * multiplier_e4 * count_qty * price_centicents * (10_000 - price_centicents)
    steps = -(-parts // (_PARTS * schedule.rounding_centicents))
    return steps * schedule.rounding_centicents
