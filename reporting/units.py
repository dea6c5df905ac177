"""Integer units: how money, quantities and prices are held, rounded and read.

Belongs here: the scale of every integer, rounding between scales, exact decimal
text to and from integers. Nothing here knows accounts, events or files.

Money is int64 centicents (1e-4 USD), a quantity int64 hundredths of a contract, a
price int64 1e-4 USD per contract. quantity x price is micros (1e-6 USD), exact.
"""

import re

import numpy as np

CENTICENTS_PER_DOLLAR = 10_000
"""A contract that pays one dollar pays this many price units."""
QTY_PER_CONTRACT = 100
MICROS_PER_CENTICENT = 100
BPS = 10_000
"""Basis points in one."""
INT64_MAX = int(np.iinfo(np.int64).max)

_DECIMAL_TEXT = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")


class UnitError(ValueError):
    """A text or a number that does not fit the unit exactly."""


def integer_from_text(text: str, decimals: int) -> int:
    """Decimal text as an integer count of 10**-decimals: ``("2.5", 2)`` is 250.

    Raises UnitError when the text is no plain decimal or is finer than the unit;
    nothing is ever rounded.
    """
    match = _DECIMAL_TEXT.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        raise UnitError(f"{text[:40]!r} is not a decimal number")
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > decimals:
        raise UnitError(f"{text[:40]!r} has more than {decimals} decimals")
    value = int((match[2] or "0") + fraction.ljust(decimals, "0"))
    return -value if match[1] == "-" else value


def text_from_integer(value: int, decimals: int) -> str:
    """The exact decimal text of ``value`` x 10**-decimals, without trailing zeros."""
    value = int(value)
    digits = str(abs(value)).rjust(decimals + 1, "0")
    whole, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    text = whole + ("." + fraction.rstrip("0") if fraction.strip("0") else "")
    return "-" + text if value < 0 else text


def centicents_from_micros_half_even(micros):
    """Micros to centicents, half to even: the rule of a ledger posting.

    Takes an int or an int64 array. The residue ``micros - 100 x result`` belongs to
    the rounding account, so that every sum closes.
    """
    quotient = micros // MICROS_PER_CENTICENT
    remainder = micros - quotient * MICROS_PER_CENTICENT
    half = MICROS_PER_CENTICENT // 2
    round_up = (remainder > half) | ((remainder == half) & (quotient % 2 == 1))
    if isinstance(round_up, np.ndarray):
        return quotient + round_up.astype(np.int64)
    return quotient + int(round_up)


def centicents_from_micros_up(micros):
    """Micros to centicents, up: the rule of booked margin. int or int64 array."""
    return -(-micros // MICROS_PER_CENTICENT)


def multiply_divide_up(value, numerator, denominator):
    """``ceil(value x numerator / denominator)`` exactly, ints or int64 arrays.

    The product is never formed: the whole multiples of the denominator are split
    off first, so no intermediate value exceeds the larger of ``value x ratio`` and
    ``numerator x denominator``. For numerator >= 0, denominator > 0.
    """
    whole = value // denominator
    rest = value - whole * denominator
    return whole * numerator - (-(rest * numerator) // denominator)


def multiply_divide_down(value, numerator, denominator):
    """``floor(value x numerator / denominator)`` exactly, as ``multiply_divide_up``."""
    whole = value // denominator
    rest = value - whole * denominator
    return whole * numerator + rest * numerator // denominator
