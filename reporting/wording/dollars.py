"""Amounts of money as every document, the command line and the charts print them.

All start from whole centicents (or micros) and round half to even where they round at all.
"""

from collections.abc import Iterable

from reporting.wording.numbers import MINUS, NONE, round_half_even, scaled

CENTICENTS_PER_DOLLAR = 10_000
MICROS_PER_CENTICENT = 100
_SHORT = ((9, "bn"), (6, "m"), (3, "k"))


def amount(centicents: int | None, decimals: int = 4) -> str:
    """US dollars for a cell whose heading names the unit: ``1,234.5000``; a dash for None."""
    return NONE if centicents is None else scaled(centicents, 4, decimals)


def amount_of_micros(micros: int | None, decimals: int = 6) -> str:
    """Micros as US dollars for a cell whose heading names the unit."""
    return NONE if micros is None else scaled(micros, 6, decimals)


def common_decimals(amounts: Iterable[int | None]) -> int:
    """Decimals that cut no digit off any of the amounts: 2 if all are whole cents, else 4."""
    return 2 if all(centicents is None or centicents % 100 == 0 for centicents in amounts) else 4


def in_words(centicents: int | None) -> str:
    """US dollars for sentences and cards: whole dollars from $1,000 on, exact below."""
    if centicents is None:
        return "not available"
    large = abs(centicents) >= 1000 * CENTICENTS_PER_DOLLAR
    decimals = 0 if large else 2 if centicents % 100 == 0 else 4
    return f"{MINUS if centicents < 0 else ''}${scaled(abs(centicents), 4, decimals)}"


def micros_in_words(micros: int) -> str:
    """``in_words`` of micros, rounded to a centicent first."""
    return in_words(round_half_even(micros, MICROS_PER_CENTICENT))


def exact(centicents: int | None) -> str:
    """US dollars in plain ASCII, no digit cut off: ``-$1,234.50``, with four decimals where cents
    do not suffice; ``none`` for None."""
    if centicents is None:
        return "none"
    sign = "-" if centicents < 0 else ""
    return f"{sign}${scaled(abs(centicents), 4, common_decimals([centicents]))}"


def short(centicents: int) -> str:
    """``$12.3m``: one decimal, for labels inside charts."""
    sign = MINUS if centicents < 0 else ""
    for exponent, letter in _SHORT:
        if abs(centicents) >= 10 ** (exponent + 4):
            return f"{sign}${scaled(abs(centicents), exponent + 4, 1)}{letter}"
    return f"{sign}${scaled(abs(centicents), 4, 0)}"
