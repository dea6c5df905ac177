"""How a mark is made: the policy of a category in the margin schedule.

Source: margin-model.md section 2; docs/model.md, "Marks".
"""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.model.margin.schedule_reader import ScheduleReader

LAST_TRADE = "last_trade"
VOLUME_WEIGHTED = "volume_weighted"
_MAX_WINDOW_SECONDS = 7 * 86_400
_MAX_QTY = 10**15
_KEYS = {"kind", "window_seconds", "least_qty", "least_trade_qty"}


@dataclass(frozen=True)
class MarkPolicy:
    """kind: ``last_trade`` or ``volume_weighted``.

    A volume-weighted mark counts only trades of at least ``least_trade_qty`` (1e-2 contracts) in
    the last ``window_seconds`` before a cycle, and needs ``least_qty`` of them. All are 0 for the
    last trade.
    """

    kind: str
    window_seconds: int = 0
    least_qty: int = 0
    least_trade_qty: int = 0


def mark_policy(read: ScheduleReader) -> Callable[[str, object], MarkPolicy]:
    """A reader of the policy of one category, for ``by_category``."""

    def policy(name: str, value: object) -> MarkPolicy:
        kind = value.get("kind") if isinstance(value, dict) else None
        if kind == LAST_TRADE:
            read.as_record(name, value, {"kind"})
            return MarkPolicy(LAST_TRADE)
        if kind != VOLUME_WEIGHTED:
            raise read.fault(f"{name}.kind", f"must be {LAST_TRADE} or {VOLUME_WEIGHTED}")
        given = read.as_record(name, value, _KEYS)
        return MarkPolicy(
            VOLUME_WEIGHTED,
            read.as_whole(
                f"{name}.window_seconds", given["window_seconds"], 1, _MAX_WINDOW_SECONDS
            ),
            read.as_whole(f"{name}.least_qty", given["least_qty"], 1, _MAX_QTY),
            read.as_whole(f"{name}.least_trade_qty", given["least_trade_qty"], 1, _MAX_QTY),
        )

    return policy
