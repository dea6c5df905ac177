"""How much news the events of a date brought, and the ratios that their history measures."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby
from math import fsum
from operator import itemgetter

import numpy as np
import pyarrow

from reporting.clock import end_of_day_utc
from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.margin.schedule import SECONDS_PER_DAY
from reporting.model.margin.volatility import (
    MeasuredRatio,
    bridge_observation,
    bucket,
    is_observed,
    measured_ratio,
)
from reporting.units import CENTICENTS_PER_DOLLAR

TABLE = "recompute.volatility_observations"
_E12 = 10**12


@table(
    TABLE,
    grain="one row per event of which a contract traded that day and had traded on an earlier day",
    meaning=(
        "what the day's marks of an event say of its volatility: mean over its contracts of the"
        " squared move in probit space since the contract's own last trade, 1 on average if news"
        " come as to a price that must end at 0 or 1; in whole 1e-12 so that a sum does not hang on"
        " its order"
    ),
    reads="recompute.marks recompute.contracts recompute.days",
    columns="event_ticker category bucket observation_e12 contracts",
)
def volatility_observations(day: Day) -> pyarrow.Table:
    rows = day.read("recompute/reads/volatility_moves").fetchall()
    tau = np.array([row[2] for row in rows], dtype=np.float64) / SECONDS_PER_DAY
    price, last = np.array([row[3:5] for row in rows], dtype=np.float64).reshape(-1, 2).T
    price, last = price / CENTICENTS_PER_DOLLAR, last / CENTICENTS_PER_DOLLAR
    seen = np.flatnonzero(is_observed(last, tau))
    end = end_of_day_utc(day.business_date)
    ends = {made: end_of_day_utc(made) for made in {row[5] for row in rows}}
    # Both are times to the resolution as it is known today.
    earlier = np.array([(end - ends[row[5]]).total_seconds() for row in rows]) / SECONDS_PER_DAY
    last_tau = tau + earlier
    squares = bridge_observation(last[seen], price[seen], last_tau[seen], tau[seen]).tolist()
    moves_of = zip(
        [(*rows[place][:2], number) for place, number in zip(seen, bucket(tau[seen]), strict=True)],
        squares,
        strict=True,
    )
    records = []
    for (event, category, number), group in groupby(moves_of, key=itemgetter(0)):
        moves = [square for _, square in group]
        records.append(
            {
                "event_ticker": event,
                "category": category,
                "bucket": int(number),
                "observation_e12": round(fsum(moves) / len(moves) * _E12),
                "contracts": len(moves),
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of(TABLE))


def measured_ratios(day: Day) -> Mapping[str, MeasuredRatio]:
    """The volatility ratio of each category over ten years up to the date, with its interval."""
    rows = day.read("recompute/reads/volatility_history").fetchall()
    measured = {}
    for category, group in groupby(rows, key=itemgetter(0)):
        _, events, values = zip(*group, strict=True)
        numbers = np.unique(events, return_inverse=True)[1]
        squares = np.array([float(Fraction(value, _E12)) for value in values])
        measured[category] = measured_ratio(squares, numbers)
    return measured
