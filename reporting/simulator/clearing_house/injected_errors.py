"""The kinds of injected errors, the rule that must find each, and the day each is due."""

from dataclasses import dataclass

RULES = {
    "STALE_MARK": "RECOMPUTE-MARK",
    "WRONG_POSITION": "RECOMPUTE-POSITION",
    "MISSED_NETTING": "RECOMPUTE-NETTING",
    "WRONG_PARAMETER": "RECOMPUTE-PARAMETER",
    "MISSING_ACCOUNT": "RECOMPUTE-MISSING-MARGIN",
    "LATE_CALL": "RECOMPUTE-LATE-CALL",
    "UNDER_CHARGED": "RECOMPUTE-UNDER-CHARGED",
    "WRONG_WORST_CASE": "RECOMPUTE-WORST-CASE",
    "WRONG_CORE": "RECOMPUTE-CORE",
    "SHORT_CALL": "RECOMPUTE-CALL-TOO-SMALL",
    "MISSING_MARK": "RECOMPUTE-MARK-NOT-SENT",
}
"""Kind of error -> rule that must find it."""


@dataclass(frozen=True)
class InjectedError:
    """One entry of ``injected_errors.json``."""

    business_date: str
    kind: str
    subject: str
    rule_id: str
    detail: str


_ON_QUIET_DAY = ("UNDER_CHARGED", "WRONG_CORE", "MISSING_MARK")
"""Kinds that always find a place: with a shock they are on the day before it, which has packs."""


def error_plan(days: int, quiet: int | None = None) -> list[tuple[int, str]]:
    """Which day each kind is due, spread out; the stale mark needs a day before it.

    ``quiet``: the day before a shock. What needs a certain account or call is due well before, as
    it may have to wait for one.
    """
    if quiet is not None:
        early = [kind for kind in RULES if kind not in _ON_QUIET_DAY]
        step = 0.7 * quiet / len(early)
        spread = [(1 + int(place * step), kind) for place, kind in enumerate(early)]
        return spread + [(quiet, kind) for kind in _ON_QUIET_DAY]
    others = [kind for kind in RULES if kind != "STALE_MARK"]
    if days == 1:
        return [(0, kind) for kind in others]
    if days < 2 * len(RULES):
        calm = days - 1
        return [(days - 1, "STALE_MARK")] + [
            (place % calm, kind) for place, kind in enumerate(others)
        ]
    step = (days - 2) / len(RULES)
    return [(1 + int(place * step), kind) for place, kind in enumerate(RULES)]
