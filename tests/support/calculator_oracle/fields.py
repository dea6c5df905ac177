"""Single fields of a calculator's input document.

Belongs here: numbers, texts, lists and objects, and the message when a field has another
value. Every error is a DocumentError with a message that starts with the field.

Interpretation where the specification is open:

- A number is a JSON number or plain decimal text (an exponent of at most three digits is
  allowed); never true, NaN or infinite. A JSON number means the decimal it prints as, so
  that 0.9 is nine tenths.
- An unknown field is an error; what is keyed by names of the document is not a field.
"""

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
MAX_NUMBER_LENGTH = 400
"""Digits of the longest text that is read as a number."""


class DocumentError(ValueError):
    """A field of the document is missing, unknown or out of its range."""


def exact_number(value: object, field: str) -> Fraction:
    """A JSON number or decimal text as exactly the decimal that it shows."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number or isinstance(value, str) else ""
    if len(text) > MAX_NUMBER_LENGTH or not _DECIMAL.fullmatch(text):
        raise DocumentError(f"{field}: a number or decimal text is needed, not {value!r:.60}")
    return Fraction(text)


def number(value: object, field: str, low: float = -math.inf, high: float = math.inf) -> float:
    """The same as float64, within ``low`` and ``high`` (both allowed)."""
    try:
        result = float(exact_number(value, field))
    except OverflowError:
        raise DocumentError(f"{field}: the number is too large") from None
    if not low <= result <= high:
        raise DocumentError(f"{field}: {result:g} is not within {low:g} and {high:g}")
    return result


def numbers(
    values: object, field: str, low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """A list of numbers as float64."""
    return [
        number(value, f"{field}[{place}]", low, high)
        for place, value in enumerate(list_of(values, field))
    ]


def exact_numbers(values: object, field: str) -> list[Fraction]:
    """A list of numbers as exact fractions."""
    return [
        exact_number(value, f"{field}[{place}]")
        for place, value in enumerate(list_of(values, field))
    ]


def list_of(value: object, field: str) -> Sequence:
    """The value itself, which must be a list."""
    if not isinstance(value, list | tuple):
        raise DocumentError(f"{field}: a list is needed")
    return value


def object_of(value: object, field: str) -> Mapping:
    """The value itself, which must be an object."""
    if not isinstance(value, Mapping):
        raise DocumentError(f"{field or 'document'}: an object is needed")
    return value


def fields_of(
    value: object, field: str, needed: Sequence[str], optional: Sequence[str] = ()
) -> Mapping:
    """An object with all ``needed`` fields and no others than the ``optional``.

    ``field`` is empty for the document itself.
    """
    fields = object_of(value, field)
    for name in needed:
        if name not in fields:
            raise DocumentError(f"{_path(field, name)}: missing")
    for name in fields:
        if name not in needed and name not in optional:
            raise DocumentError(f"{_path(field, name)}: unknown field")
    return fields


def _path(field: str, name: object) -> str:
    return f"{field}.{name}" if field else str(name)


def text_of(value: object, field: str) -> str:
    """The value itself, which must be non-empty text."""
    if not isinstance(value, str) or not value:
        raise DocumentError(f"{field}: text is needed")
    return value


def truth_of(value: object, field: str) -> bool:
    """The value itself, which must be true or false."""
    if not isinstance(value, bool):
        raise DocumentError(f"{field}: true or false is needed")
    return value


def whole_number_of(value: object, field: str) -> int:
    """The value itself, which must be a whole number of at least 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DocumentError(f"{field}: a whole number is needed")
    return value


def refuse_repeats(ids: Sequence[str], field: str) -> None:
    """Raises DocumentError when an id occurs twice."""
    seen = set()
    for place, name in enumerate(ids):
        if name in seen:
            raise DocumentError(f"{field}[{place}].id: {name!r} occurs twice")
        seen.add(name)
