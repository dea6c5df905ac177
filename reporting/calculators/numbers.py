"""Numbers of a calculator: exact decimals in, exact decimals out, never a float.

Internally a number is an integer count of 10**-decimals, so that the calculators can call the
integer functions of the model.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from reporting.calculators.errors import CalculatorError

MAX_DECIMALS = 400
"""More than the decimal text of any float needs."""
_MAX_ANSWER_DECIMALS = 4 * MAX_DECIMALS
_MAX_EXPONENT = 30
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def exact(value: int | str | Decimal, field: str) -> Decimal:
    """A number of the input, exact. Raises CalculatorError naming the field."""
    text = str(value)
    if len(text) > 100 or _PLAIN.fullmatch(text) is None:
        raise CalculatorError(field, f"{text[:40]!r} is not a decimal number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CalculatorError(field, f"{text[:40]!r} is not a decimal number") from None
    if number and number.adjusted() >= _MAX_EXPONENT:
        raise CalculatorError(field, f"must be below 10^{_MAX_EXPONENT}")
    if _decimals(number) > MAX_DECIMALS:
        raise CalculatorError(field, f"has more than {MAX_DECIMALS} decimals")
    return number


def exact_list(values: Iterable, field: str) -> list[Decimal]:
    """The numbers of a list, exact. Raises CalculatorError naming the item."""
    return [exact(value, f"{field}[{i}]") for i, value in enumerate(values)]


def not_negative(value: int | str | Decimal, field: str) -> Decimal:
    """A number of at least 0, exact. Raises CalculatorError naming the field."""
    number = exact(value, field)
    if number < 0:
        raise CalculatorError(field, "must not be below 0")
    return number


def share(value: int | str | Decimal, field: str) -> Decimal:
    """A number in 0..1, exact. Raises CalculatorError naming the field."""
    number = exact(value, field)
    if not 0 <= number <= 1:
        raise CalculatorError(field, "must lie between 0 and 1")
    return number


def whole(value: int | str | Decimal, field: str) -> int:
    """An integer of the input. Raises CalculatorError naming the field."""
    number = exact(value, field)
    if _decimals(number):
        raise CalculatorError(field, "must be a whole number")
    return int(number)


def _decimals(number: Decimal) -> int:
    """Digits after the point, without trailing zeros."""
    if number == number.to_integral_value():
        return 0
    _, digits, exponent = number.as_tuple()
    while exponent < 0 and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    return max(0, -exponent)


def common_decimals(numbers: Iterable[Decimal]) -> int:
    """Number of decimals that represents all numbers exactly."""
    return max((_decimals(number) for number in numbers), default=0)


def scaled(number: Decimal, decimals: int) -> int:
    """The number as an integer count of 10**-decimals, exact."""
    numerator, denominator = number.as_integer_ratio()
    return numerator * 10**decimals // denominator


def unscaled(count: int, decimals: int) -> Decimal:
    """The exact decimal of count x 10**-decimals."""
    return Decimal((int(count < 0), tuple(map(int, str(abs(int(count))))), -decimals))


def decimal_of(number: Fraction | int) -> Decimal:
    """The exact decimal of a sum or product of decimals."""
    count, decimals = Fraction(number), 0
    while count.denominator != 1:
        if decimals > _MAX_ANSWER_DECIMALS:
            raise ValueError(f"{number} is no finite decimal")
        count, decimals = count * 10, decimals + 1
    return unscaled(count.numerator, decimals)


def plain(number: Decimal | int) -> str:
    """A decimal as JSON number text: no exponent, no trailing zeros, no negative zero."""
    text = format(Decimal(number), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
