"""Integer units of money, quantities and prices, and the conversions between them.

The scale of every integer, the rounding between scales and the exact conversion from and to
decimal text belong here. Accounts, events and files do not.

Money is int64 centicents (1e-4 USD). A quantity is int64 hundredths of a contract. A price is
int64 centicents per contract. Quantity times price is exact in micros (1e-6 USD).
"""

import re

import numpy as np

CENTICENTS_PER_DOLLAR = 10_000
"""Price units in one dollar, the payout of a YES contract."""
MICROS_PER_CENTICENT = 100
BPS = 10_000
"""Basis points in 100 %."""
INT64_MAX = int(np.iinfo(np.int64).max)

_DECIMAL_TEXT = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")


class UnitError(ValueError):
    """A text or number that the unit cannot represent exactly."""


def integer_from_text(text: str, decimals: int) -> int:
    """Decimal text as an integer in units of 10**-decimals: ``("2.5", 2)`` is 250.

    Never rounds. Raises UnitError if the text is not a plain decimal or is finer than the unit.
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
    """Micros to centicents, rounded half to even, as ledger postings are.

    Takes an int or an int64 array. The residue ``micros - 100 x result`` goes to the rounding
    account, so that all postings still sum to zero.
    """
    quotient = micros // MICROS_PER_CENTICENT
    remainder = micros - quotient * MICROS_PER_CENTICENT
    half = MICROS_PER_CENTICENT // 2
    round_up = (remainder > half) | ((remainder == half) & (quotient % 2 == 1))
    if isinstance(round_up, np.ndarray):
        return quotient + round_up.astype(np.int64)
    return quotient + int(round_up)


def centicents_from_micros_up(micros):
    """Micros to centicents, rounded up, as booked margin is. Takes an int or an int64 array."""
    return -(-micros // MICROS_PER_CENTICENT)


def multiply_divide_up(value, numerator, denominator):
    """``ceil(value x numerator / denominator)``, exact, for ints or int64 arrays.

    The full product is never formed: whole multiples of the denominator are split off first.
    No intermediate value exceeds the larger of the result and ``numerator x denominator``.
    Requires numerator >= 0 and denominator > 0.
    """
    whole = value // denominator
    rest = value - whole * denominator
    return whole * numerator - (-(rest * numerator) // denominator)


def multiply_divide_down(value, numerator, denominator):
    """``floor(value x numerator / denominator)``, exact; see ``multiply_divide_up``."""
    whole = value // denominator
    rest = value - whole * denominator
    return whole * numerator + rest * numerator // denominator
