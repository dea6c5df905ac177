"""Numbers of a calculator: exact decimals in, exact decimals out, never a float.

Inside, a number is a whole count of 10**-decimals, so that the calculators can call the
model's integer functions.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from reporting.calculators.errors import CalculatorError

MOST_DECIMALS = 400
"""More than any float needs that is written as text."""
_MOST_DECIMALS_OF_AN_ANSWER = 4 * MOST_DECIMALS
_LARGEST_EXPONENT = 30
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

NUMBER_SCHEMA = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?[0-9.eE+-]+$"}],
    "description": "a JSON number or a decimal string",
}
"""JSON Schema of every number field."""


def exact(value: int | str | Decimal, field: str) -> Decimal:
    """A number of the input, exactly. Raises CalculatorError naming the field."""
    text = str(value)
    if len(text) > 100 or _PLAIN.fullmatch(text) is None:
        raise CalculatorError(field, f"{text[:40]!r} is not a decimal number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CalculatorError(field, f"{text[:40]!r} is not a decimal number") from None
    if number and number.adjusted() >= _LARGEST_EXPONENT:
        raise CalculatorError(field, f"must be below 10^{_LARGEST_EXPONENT}")
    if _decimals(number) > MOST_DECIMALS:
        raise CalculatorError(field, f"has more than {MOST_DECIMALS} decimals")
    return number


def whole(value: int | str | Decimal, field: str) -> int:
    """A whole number of the input. Raises CalculatorError naming the field."""
    number = exact(value, field)
    if _decimals(number):
        raise CalculatorError(field, "must be a whole number")
    return int(number)


def _decimals(number: Decimal) -> int:
    """Digits after the point, trailing zeros not counted."""
    if not number:
        return 0
    if number == number.to_integral_value():
        return 0
    _, digits, exponent = number.as_tuple()
    while exponent < 0 and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    return max(0, -exponent)


def common_decimals(numbers: Iterable[Decimal]) -> int:
    """Decimals that hold all the numbers exactly."""
    return max((_decimals(number) for number in numbers), default=0)


def scaled(number: Decimal, decimals: int) -> int:
    """The number as a whole count of 10**-decimals, exactly."""
    numerator, denominator = number.as_integer_ratio()
    return numerator * 10**decimals // denominator


def unscaled(count: int, decimals: int) -> Decimal:
    """The exact decimal of count x 10**-decimals."""
    return Decimal((int(count < 0), tuple(map(int, str(abs(int(count))))), -decimals))


def decimal_of(number: Fraction | int) -> Decimal:
    """The exact decimal of a sum or product of decimals."""
    count, decimals = Fraction(number), 0
    while count.denominator != 1:
        if decimals > _MOST_DECIMALS_OF_AN_ANSWER:
            raise ValueError(f"{number} is no finite decimal")
        count, decimals = count * 10, decimals + 1
    return unscaled(count.numerator, decimals)


def plain(number: Decimal | int) -> str:
    """A decimal as JSON number text: no exponent, no trailing zeros, no minus zero."""
    text = format(Decimal(number), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
