"""Margin of the same book under other assumptions: liquidation periods, and sensitivity.

Belongs here: which assumptions change, and how; each variant values the whole book of the day
on the same draws. Source: margin-model.md sections 7 and 9.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import table
from reporting.model.margin.parameters import EventParameters
from reporting.model.margin.schedule import Schedule
from reporting.model.margin.volatility import averages
from reporting.model.portfolio.market import Pools
from reporting.model.portfolio.valuation import Change, Valuation
from reporting.stages.recompute.day_book import DayBook
from reporting.units import BPS

ONE_DAY, FIVE_DAYS = 1, 5
"""Liquidation periods of 17 CFR 39.13(g)(2)(ii)."""
_LONG_AGO = -(10**8)


@dataclass(frozen=True)
class Variant:
    """One assumption changed: the parameter and its value in words, and the change itself.

    decay: of the moving averages of volatility, None to leave it unchanged.
    """

    parameter: str
    value: str
    schedule: Schedule
    change: Change | None = None
    decay: float | None = None


def at_liquidation_days(schedule: Schedule, days: int) -> Schedule:
    """The schedule as if every contract were liquidated in so many days."""
    same = dict.fromkeys(schedule.liquidation_days, days)
    return replace(schedule, liquidation_days=same, swap_one_day_categories=())


@table(
    "recompute.liquidation_periods",
    grain="one row per account with an open position",
    meaning=(
        "core and initial margin as if every contract were liquidated in one day (futures and"
        " options) and in five (swaps): the legal class matters more than any other parameter"
    ),
    reads="recompute.account_margin",
    columns="""
        account_id one_day_core_centicents one_day_initial_centicents five_day_core_centicents
        five_day_initial_centicents
    """,
)
def liquidation_period_rows(book: DayBook, valuation: Valuation) -> pyarrow.Table:
    """The rows of ``recompute.liquidation_periods``: every account under one and five days.

    valuation: of the book under the schedule in force.
    """
    held = np.unique(book.positions.account)
    columns: dict[str, object] = {"account_id": [book.account_ids[a] for a in held.tolist()]}
    for name, days in (("one_day", ONE_DAY), ("five_day", FIVE_DAYS)):
        margins = valuation.under(at_liquidation_days(book.schedule, days)).margins
        columns[f"{name}_core_centicents"] = margins.core[held]
        columns[f"{name}_initial_centicents"] = margins.initial[held]
    return pyarrow.table(columns)


def variants(schedule: Schedule) -> Iterator[Variant]:
    """The variants that are shown beside the schedule in force."""
    for rho in (0, 3_000, 6_000, 10_000):
        yield Variant("rho", f"{rho / BPS:.1f}", replace(schedule, rho_bps={"default": rho}))
    for times in (0, 3):
        rates = {
            name: min(BPS, times * bps) for name, bps in schedule.jump_rate_bps_per_day.items()
        }
        value = "none" if times == 0 else f"x {times}"
        yield Variant("jump rate", value, replace(schedule, jump_rate_bps_per_day=rates))
    for times in (0.5, 1.5):
        yield Variant("v", f"x {times}", schedule, _ScaledRatio(times))
    for lumps in (3, 30):
        yield Variant("lumps", str(lumps), replace(schedule, lumps={"default": lumps}))
    for kappa in (0, 5_000):
        value = f"{kappa // 100} %"
        yield Variant("kappa", value, replace(schedule, kappa_bps={"default": kappa}))
    # Bounds far before any resolution: nothing is held in full for being near its end.
    no_ramp = replace(schedule, ramp_tau0_seconds=_LONG_AGO, ramp_tau1_seconds=_LONG_AGO + 1)
    yield Variant("ramp", "none", no_ramp)
    for decay in (0.94, 0.99):
        yield Variant("lambda", f"{decay:.2f}", schedule, decay=decay)
    for quantile in (9_950, 9_999):
        value = f"{quantile / 100:.2f} %"
        yield Variant("gap quantile", value, replace(schedule, gap_quantile_bps=quantile))
    for alpha in (9_750, 9_950):
        yield Variant("alpha", f"{alpha / 100:.1f} %", replace(schedule, alpha_bps=alpha))


def pools_with_decay(day: Day, pools: Pools, decay: float) -> Pools:
    """The volatility pools of a date, had moving averages always had another decay."""
    changed = dict(pools)
    for category, bucket, daily_means in day.read("recompute/reads/pool_daily_means").fetchall():
        average, highest = averages(daily_means, decay)
        changed[category, bucket] = replace(
            pools[category, bucket],
            moving_average=average,
            stress=highest,
        )
    return changed


@dataclass(frozen=True)
class _ScaledRatio:
    """The parameters of an event at a multiple of its volatility ratio."""

    times: float

    def __call__(self, parameters: EventParameters) -> EventParameters:
        ratio = self.times * parameters.volatility_ratio
        if parameters.information >= 1.0:
            return replace(parameters, volatility_ratio=ratio)
        # At a ratio of 1 the period leaves this share of the information for later.
        rest = (1.0 - parameters.information) ** parameters.volatility_ratio**-2
        return replace(
            parameters,
            volatility_ratio=ratio,
            information=1.0 - rest**ratio**2,
            gap_information=1.0 - rest ** max(ratio, 1.0) ** 2,
        )


@table(
    "recompute.sensitivity",
    grain="one row per changed assumption",
    meaning=(
        "total core and initial margin of all accounts with one assumption changed, on the same"
        " draws: correlation, jump rate, volatility ratio, lumps of news, share of the worst"
        " case in a jump (kappa), ramp, decay of the moving averages (lambda), gap quantile,"
        " confidence. Resolution correlation cannot be estimated, so margin is shown under"
        " several"
    ),
    reads="recompute.account_margin recompute.volatility_pools",
    columns="""
        variant parameter value core_centicents initial_margin_centicents change_centicents
        accounts_higher accounts_lower largest_rise_centicents
    """,
    made_with="recompute.liquidation_periods",
)
def sensitivity_rows(day: Day, book: DayBook, valuation: Valuation) -> pyarrow.Table:
    """The rows of ``recompute.sensitivity``: totals under each variant.

    valuation: of the book under the schedule in force.
    """
    records = []
    for number, variant in enumerate(variants(book.schedule), start=1):
        pools = variant.decay and pools_with_decay(day, book.market.pools, variant.decay)
        margins = valuation.under(variant.schedule, variant.change, pools or None).margins
        change = margins.initial - valuation.margins.initial
        records.append(
            {
                "variant": number,
                "parameter": variant.parameter,
                "value": variant.value,
                "core_centicents": int(margins.core.sum()),
                "initial_margin_centicents": int(margins.initial.sum()),
                "change_centicents": int(change.sum()),
                "accounts_higher": int((change > 0).sum()),
                "accounts_lower": int((change < 0).sum()),
                "largest_rise_centicents": int(change.max(initial=0)),
            }
        )
    return pyarrow.Table.from_pylist(records)
