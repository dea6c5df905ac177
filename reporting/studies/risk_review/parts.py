"""What a review is made of: sections, tables, and conclusions that numbers have forced.

Belongs here: the shapes and the words that all sections share. What follows from which number is
in the section's own module.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reporting.units import CENTICENTS_PER_DOLLAR
from reporting.wording import dollars, numbers

FULL_BELOW = 10_100
"""Below this leverage in basis points margin counts as full collateral."""
NONE = "-"
"""What a cell says that has no number."""


class Verdict(StrEnum):
    """How a conclusion weighs; the values head their lists in the summary, in this order."""

    ACT = "To be acted on"
    WATCH = "To be watched"
    HOLDS = "Held"
    UNKNOWN = "Cannot be said"
    NOTE = "To be known"


@dataclass(frozen=True)
class Conclusion:
    """One sentence or two that follow from the window's numbers, and what to ask of the venue."""

    verdict: Verdict
    words: str
    ask: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: heads, rows of text, and how many of the first columns are words, not numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A section: its title, what it concludes, its tables."""

    title: str
    conclusions: tuple[Conclusion, ...] = ()
    tables: tuple[Grid, ...] = ()


def on_dates(hits: Iterable[date], of: int) -> str:
    """``on 3 of 42 dates, first 4 April 2025, last 8 April 2025``."""
    hits = sorted(set(hits))
    if not hits:
        return f"on none of {of} dates"
    if len(hits) == of:
        return f"on all {of} dates" if of > 1 else f"on the only date, {day(hits[0])}"
    if len(hits) == 1:
        return f"on 1 of {of} dates, {day(hits[0])}"
    return f"on {len(hits)} of {of} dates, first {day(hits[0])}, last {day(hits[-1])}"


def day(value: date) -> str:
    """``8 April 2025``."""
    return numbers.day_in_words(value.isoformat())


def money(centicents: int | None, decimals: int = 0) -> str:
    """US dollars for a cell, half to even, without the sign of the currency."""
    if centicents is None:
        return NONE
    return dollars.amount(centicents, decimals).replace(numbers.MINUS, "-")


def money_of_micros(micros: int, decimals: int = 2) -> str:
    """Micros as US dollars for a cell, half to even."""
    return numbers.scaled(micros, 6, decimals).replace(numbers.MINUS, "-")


def money_in_words(centicents: int) -> str:
    """US dollars for a sentence: whole ones from $1,000 on, else with cents; half to even."""
    large = abs(centicents) >= 1000 * CENTICENTS_PER_DOLLAR
    return ("-$" if centicents < 0 else "$") + money(abs(centicents), 0 if large else 2)


def percent(part: int | None, whole: int | None, decimals: int = 1) -> str:
    """Part of the whole in per cent; nothing of nothing is no number."""
    if part is None or not whole:
        return NONE
    return numbers.percent(part, whole, decimals).replace(numbers.MINUS, "-")


def bps(value: int | None) -> str:
    """Basis points in per cent."""
    return percent(value, 10_000, 2) if value is not None else NONE


def times(value: int | None) -> str:
    """Basis points as a multiple: 13,200 is 1.32."""
    return NONE if value is None else numbers.scaled(value, 4, 2)


def decimal(value: float | None, places: int = 2) -> str:
    """A statistic with a fixed number of decimals."""
    if value is None:
        return NONE
    text = f"{value:.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def count(value: int | None) -> str:
    """A whole number with separators."""
    return NONE if value is None else f"{value:,}"


def contracts(qty: int | None) -> str:
    """Whole contracts of a quantity in hundredths, half to even."""
    return NONE if qty is None else numbers.scaled(qty, 2, 0)


def up_to_dollars(centicents: int) -> int:
    """The least whole dollars that are not below the amount."""
    return -(-centicents // CENTICENTS_PER_DOLLAR) * CENTICENTS_PER_DOLLAR


def first_up(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def plain(text: object) -> str:
    """Text of a feed as text of Markdown: nothing in it marks anything up."""
    return re.sub(r"([\\`*|<>\[\]])", r"\\\1", " ".join(str(text).split()))


def median(values: Sequence[int]) -> int:
    """The lower median: a number that one of the dates really had."""
    return sorted(values)[(len(values) - 1) // 2]
