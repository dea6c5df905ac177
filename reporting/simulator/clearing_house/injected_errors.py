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


def error_plan(days: int) -> list[tuple[int, str]]:
    """Which day each kind is due, spread out; the stale mark needs a day before it."""
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
