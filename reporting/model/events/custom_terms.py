"""Custom terms of a market (JSON text) that define the structure of its event.

``{"exactly": k}`` on each market: exactly k of them win; ``{"at_least": k}``: k and all ties.
``{"payoffs": [dollars per state], "state_labels": [...]}`` on each market: a general payoff
table. Any other content of the field (a team, a player) does not describe the structure. The legs
of a combination are a list of ``{"event_ticker": ..., "market_ticker": ..., "side": "yes" or
"no"}``.
"""

import json
from decimal import Decimal

from reporting.model.events.strikes import decimal_or_none
from reporting.model.events.terms import AT_LEAST_K, K_OF_N, MATRIX, MAX_STATES, CombinationLeg
from reporting.units import CENTICENTS_PER_DOLLAR

_WINNERS = {"exactly": K_OF_N, "at_least": AT_LEAST_K}


def is_given(text: str | None) -> bool:
    """Whether a JSON field holds anything."""
    return (text or "").strip() not in ("", "null", "[]", "{}")


def read(text: str | None) -> dict | None:
    """Custom terms that define the structure; None for team names and similar content."""
    if not is_given(text):
        return None
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {"unreadable": True}
    if isinstance(value, dict) and value.keys() & {*_WINNERS, "payoffs"}:
        return value
    return None


def selected_legs(text: str) -> tuple[CombinationLeg, ...]:
    """The legs of a combination; an empty tuple when any leg cannot be read."""
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(entries, list):
        return ()
    legs = []
    for entry in entries:
        if not isinstance(entry, dict):
            return ()
        leg = CombinationLeg(*(entry.get(name) for name in CombinationLeg._fields))
        if not all(isinstance(value, str) and value for value in leg):
            return ()
        if leg.side not in ("yes", "no"):
            return ()
        legs.append(leg)
    return tuple(legs)


def structure(legs: tuple[str, ...], custom: list[dict | None]) -> dict | None:
    """The ``EventTerms`` fields that the custom terms of all legs define, or None."""
    for name, kind in _WINNERS.items():
        if all(entry and name in entry for entry in custom):
            winners = {repr(entry[name]) for entry in custom}
            k = custom[0][name]
            if len(winners) == 1 and type(k) is int and 1 <= k <= len(legs):
                said = f"custom terms say that {name.replace('_', ' ')} {k} of {len(legs)} win"
                return {"structure": kind, "legs": legs, "reason": said, "k": k}
    if all(entry and "payoffs" in entry for entry in custom):
        rows = [_payoff_row(entry["payoffs"]) for entry in custom]
        names = [entry.get("state_labels") for entry in custom]
        if _is_table(rows, names):
            return {
                "structure": MATRIX,
                "legs": legs,
                "reason": f"custom terms state the payoff in each of {len(rows[0])} states",
                "payoffs": tuple(rows),
                "state_labels": tuple(names[0] or ()),
            }
    return None


def _payoff_row(values) -> tuple[int, ...] | None:
    """Dollars per state as whole centicents; None when the values are not valid payoffs."""
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_STATES:
        return None
    row = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            return None
        number = decimal_or_none(str(value))
        if number is None or not 0 <= number <= 10**6:
            return None
        scaled = number * CENTICENTS_PER_DOLLAR
        if scaled != scaled.to_integral_value():
            return None
        row.append(int(scaled))
    return tuple(row)


def _is_table(rows: list, names: list) -> bool:
    if None in rows or len({len(row) for row in rows}) != 1:
        return False
    if any(name != names[0] for name in names):
        return False
    labels = names[0]
    return labels is None or (
        isinstance(labels, list)
        and len(labels) == len(rows[0])
        and all(isinstance(label, str) for label in labels)
    )
