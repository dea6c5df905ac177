"""Methods beside ECM-2 that a schedule may name: a table by side, and full collateral."""

from collections.abc import Mapping

import numpy as np

from reporting.simulator.margin.margin_events import MarginEvent
from reporting.simulator.market.listing import PAYOUT
from reporting.simulator.schedules import DAY_SECONDS


def table_margin(
    held: np.ndarray, worst: np.ndarray, own: MarginEvent, method: Mapping
) -> np.ndarray:
    """Margin of each book in an event by the table of bands, at most ``worst``; micros.

    A position costs a share of the most that it can lose, by its side. Near the expiry, and
    in categories that are not eligible, an event costs its worst case.
    """
    eligible = own.event.category in method["categories"]
    if not eligible or own.tau_seconds <= method["full_collateral_seconds"]:
        return worst
    shares = np.array([_shares(int(mark), own.tau_seconds, method["bands"]) for mark in own.marks])
    long = held * own.marks * shares[:, 0]
    short = -held * (PAYOUT - own.marks) * shares[:, 1]
    each = -(-np.where(held > 0, long, short) // 10_000)
    return np.minimum(each.sum(axis=1), worst)


def _shares(mark: int, tau_seconds: int, bands: list[Mapping]) -> tuple[int, int]:
    """Shares of a long and of a short in the first band that fits, basis points; else all."""
    for band in bands:
        in_time = tau_seconds <= band["days_up_to"] * DAY_SECONDS
        if mark <= band["price_up_to_centicents"] and in_time:
            return band["yes_bps"], band["no_bps"]
    return 10_000, 10_000
