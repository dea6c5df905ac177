"""Parameters of the schedule beside what the loaded history says of them.

Belongs here: the rows. The estimates are in ``model/margin/estimates`` and ``volatility``. Source:
margin-model.md section 7.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.margin.estimates import Estimate, daily_rate, lost_share
from reporting.model.margin.schedule import of_category
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.recompute.market_data.volatility import measured_ratios
from reporting.units import BPS

RATIO, JUMP_RATE, KAPPA = "volatility ratio", "early resolutions a day", "share lost"


@table(
    "recompute.parameter_estimates",
    grain="one row per category and parameter that the history says something of",
    meaning=(
        "parameters that the margin schedule sets, beside their estimates from the loaded history"
        " with a 95 % interval: the volatility ratio against its floor, the rate of early"
        " resolutions, and the share of the worst case that they cost (kappa)"
    ),
    reads="""
        recompute.volatility_observations recompute.early_resolution_risk
        recompute.early_resolutions validate.margin_schedule
    """,
    columns="""
        category parameter scheduled_ratio estimated_ratio low_ratio high_ratio observations
        below_estimate schedule_version
    """,
)
def estimate_rows(day: Day, book: DayBook) -> pyarrow.Table:
    """The rows of ``recompute.parameter_estimates``.

    below_estimate: the schedule's number is below the whole interval; never of a floor.
    """
    schedule = book.schedule
    scheduled_of = {
        RATIO: schedule.v_min_bps,
        JUMP_RATE: schedule.jump_rate_bps_per_day,
        KAPPA: schedule.kappa_bps,
    }
    records = []
    for category, parameter, estimate in _estimates(day):
        scheduled = of_category(scheduled_of[parameter], category) / BPS
        records.append(
            {
                "category": category,
                "parameter": parameter,
                "scheduled_ratio": scheduled,
                "estimated_ratio": estimate.value,
                "low_ratio": estimate.low,
                "high_ratio": estimate.high,
                "observations": estimate.observations,
                # The schedule's number of the ratio is a floor: margin uses what was measured.
                "below_estimate": parameter != RATIO and scheduled < estimate.low,
                "schedule_version": schedule.version,
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of("recompute.parameter_estimates"))


def _estimates(day: Day) -> Iterator[tuple[str, str, Estimate]]:
    """Category, parameter and estimate, in order of parameter and category."""
    for category, measured in measured_ratios(day).items():
        estimate = Estimate(measured.ratio, measured.low, measured.high, measured.observations)
        yield category, RATIO, estimate
    for category, event_days, events in day.read(
        "recompute/reads/early_resolution_risk"
    ).fetchall():
        yield category, JUMP_RATE, daily_rate(events, event_days)
    lost: dict[str, list[tuple[int, int]]] = {}
    for category, *amounts in day.read("recompute/reads/early_resolutions").fetchall():
        lost.setdefault(category, []).append(tuple(amounts))
    for category, amounts in lost.items():
        yield category, KAPPA, lost_share(*np.array(amounts, dtype=np.float64).T)
