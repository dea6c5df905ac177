"""The margin schedule in force, with its parameters in words."""

import json
from collections.abc import Callable

from reporting.packs.common import Tables
from reporting.packs.document.parts import Terms
from reporting.wording import dollars, numbers, words


def schedule_items(tables: Tables) -> tuple:
    """The margin schedule in force, with its parameters as terms."""
    rows = tables["schedule_in_force"]
    if not rows:
        return ("No margin schedule is in force on this date, so no margin could be computed.",)
    row = rows[0]
    intro = (
        f"Margin schedule {row['version']} has been in force since "
        f"{numbers.day_in_words(row['effective_date'])}, approved by {row['approver']}. "
        f"Reason given: {row['reason']}."
    )
    return (intro, Terms(_parameters(row["parameters"]), "Parameters in force"))


def _parameters(text: str) -> tuple[tuple[str, str], ...]:
    try:
        values = json.loads(text)
    except ValueError:
        return (("Parameters", text[:400]),)
    if not isinstance(values, dict):
        return (("Parameters", text[:400]),)
    return tuple(_parameter(name, value) for name, value in sorted(values.items()))


_KEPT = {" bps per day": " per day", " factors bps": " factors, standard deviations"}
"""The part of a unit that stays in the label of a parameter."""


def _parameter(name: str, value) -> tuple[str, str]:
    label, show = name.replace("_", " "), str
    for suffix, in_words in (
        (" factors bps", _deviations),
        (" bps per day", numbers.percent_of_bps),
        (" bps", numbers.percent_of_bps),
        (" seconds", _days),
        (" centicents", dollars.in_words),
    ):
        if label.endswith(suffix):
            show = in_words
            label = label.removesuffix(suffix) + _KEPT.get(suffix, "")
            break
    if isinstance(value, dict):
        shown = ", ".join(f"{key} {_of_key(show, part)}" for key, part in sorted(value.items()))
    elif isinstance(value, list):
        shown = ", ".join(_safe(show, part) for part in value)
    else:
        shown = _safe(show, value)
    return label.capitalize(), shown or "none"


def _of_key(show: Callable[[int], str], value) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else _safe(show, value)


def _safe(show: Callable[[int], str], value) -> str:
    """A parameter of an unexpected type is printed unchanged."""
    return show(value) if type(value) is int else str(value)


def _deviations(bps: int) -> str:
    return f"{bps / 10_000:+g}"


def _days(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return words.number_of(seconds // 86_400, "day")
    return words.number_of(seconds, "second")
