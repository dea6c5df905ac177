"""What the sections of a review share: verdicts, and how dates and amounts are said.

Belongs here: words and formats. What follows from which number is in the section's own module.
Cells hold the signs of ``wording``; the Markdown writer puts those of a keyboard.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from reporting.packs.document.parts import Conclusion, Section
from reporting.units import CENTICENTS_PER_DOLLAR
from reporting.wording import dollars, numbers
from reporting.wording.numbers import NONE

FULL_BELOW = 10_100
"""Below this leverage in basis points margin counts as full collateral."""


class Verdict(StrEnum):
    """How a conclusion weighs; the values head their lists in the summary, in this order."""

    ACT = "Action needed"
    WATCH = "Watch"
    HOLDS = "Held"
    UNKNOWN = "Not known"
    NOTE = "For information"


def without_data(title: str, words: str) -> Section:
    """A section of which nothing is known, and why."""
    return Section(title, conclusions=(Conclusion(Verdict.UNKNOWN, words),))


def on_dates(hits: Iterable[date], total: int) -> str:
    """``on 3 of 42 dates, first 4 April 2025, last 8 April 2025``."""
    hits = sorted(set(hits))
    if not hits:
        return f"on none of {total} dates"
    if len(hits) == total:
        return f"on all {total} dates" if total > 1 else f"on the only date, {day(hits[0])}"
    if len(hits) == 1:
        return f"on 1 of {total} dates, {day(hits[0])}"
    return f"on {len(hits)} of {total} dates, first {day(hits[0])}, last {day(hits[-1])}"


def day(value: date) -> str:
    """``8 April 2025``."""
    return numbers.day_in_words(value.isoformat())


def money(centicents: int | None, decimals: int = 0) -> str:
    """US dollars for a cell, half to even."""
    return dollars.amount(centicents, decimals)


def money_of_micros(micros: int, decimals: int = 2) -> str:
    """Micros as US dollars for a cell, half to even."""
    return dollars.amount_of_micros(micros, decimals)


def money_in_words(centicents: int) -> str:
    """US dollars for a sentence: whole dollars from $1,000 on, else with cents; half to even."""
    large = abs(centicents) >= 1000 * CENTICENTS_PER_DOLLAR
    return ("-$" if centicents < 0 else "$") + money(abs(centicents), 0 if large else 2)


def times(value_bps: int | None) -> str:
    """Basis points as a multiple: 13,200 is 1.32."""
    return NONE if value_bps is None else numbers.scaled(value_bps, 4, 2)


def decimal(value: float | None, places: int = 2) -> str:
    """A statistic with a fixed number of decimals."""
    if value is None:
        return NONE
    text = f"{value:.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def contracts(qty: int | None) -> str:
    """Whole contracts of a quantity in hundredths, half to even."""
    return NONE if qty is None else numbers.scaled(qty, 2, 0)


def up_to_dollars(centicents: int) -> int:
    """The amount rounded up to whole dollars."""
    return -(-centicents // CENTICENTS_PER_DOLLAR) * CENTICENTS_PER_DOLLAR


def first_up(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def median(values: Sequence[int]) -> int:
    """The lower median: a number that occurred on one of the dates."""
    return sorted(values)[(len(values) - 1) // 2]
