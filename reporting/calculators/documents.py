"""JSON documents of the calculators: strict reading, exact writing.

Numbers are read as decimals, never as floats. Duplicate names, NaN and Infinity are refused.
Answers contain decimals as JSON numbers with all their digits.
"""

import json
from decimal import Decimal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import plain

DOCUMENT = "document"
"""The field named when the whole text is invalid."""


def read(text: bytes, schema: dict) -> dict:
    """The document, validated against the schema. Raises CalculatorError."""
    try:
        document = json.loads(
            text.decode("utf-8"),
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise CalculatorError(DOCUMENT, "is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise CalculatorError(
            DOCUMENT, f"is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise CalculatorError(DOCUMENT, "is nested too deeply") from None
    violation = best_match(Draft202012Validator(schema).iter_errors(document))
    if violation is not None:
        raise _schema_error(violation)
    return document


def write(answer: object, indent: int = 0) -> str:
    """JSON text of an answer: decimals as numbers with all digits, two spaces per level."""
    inner, outer = "  " * (indent + 1), "  " * indent
    if isinstance(answer, dict):
        if not answer:
            return "{}"
        items = [
            f"{inner}{_string(name)}: {write(value, indent + 1)}" for name, value in answer.items()
        ]
        return "{\n" + ",\n".join(items) + f"\n{outer}}}"
    if isinstance(answer, list | tuple):
        if not answer:
            return "[]"
        items = [f"{inner}{write(value, indent + 1)}" for value in answer]
        return "[\n" + ",\n".join(items) + f"\n{outer}]"
    if isinstance(answer, str):
        return _string(answer)
    if answer is None or isinstance(answer, bool):
        return json.dumps(answer)
    if isinstance(answer, int | Decimal):
        return plain(answer)
    if isinstance(answer, float):
        # The shortest text that reads back as the same float.
        return plain(Decimal(repr(answer)))
    raise TypeError(f"an answer holds no {type(answer).__name__}")


def _whole(text: str) -> int | Decimal:
    """An integer; a very long one stays a decimal, so that ``exact`` refuses it by field."""
    return int(text) if len(text) <= 100 else Decimal(text)


def _string(text: str) -> str:
    """A JSON string; a lone surrogate cannot be UTF-8 and is escaped."""
    return json.dumps(text, ensure_ascii=any("\ud800" <= sign <= "\udfff" for sign in text))


def _refuse_constant(name: str) -> None:
    raise CalculatorError(DOCUMENT, f"{name} is not a number")


def _object(pairs: list[tuple[str, object]]) -> dict:
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            raise CalculatorError(name, "is named twice in one object")
        names.add(name)
    return dict(pairs)


def _schema_error(error: ValidationError) -> CalculatorError:
    """One line that names the field, instead of the library's multi-line message."""
    path = _path(error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema.get("properties", {})))
        return CalculatorError(_path([*error.absolute_path, unknown[0]]), "is not a known field")
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return CalculatorError(_path([*error.absolute_path, missing[0]]), "is missing")
    if error.validator == "anyOf":
        return CalculatorError(path, "is not a number")
    if error.validator == "enum":
        known = ", ".join(str(value) for value in error.validator_value)
        return CalculatorError(path, f"must be one of {known}")
    if error.validator == "type":
        return CalculatorError(path, f"must be of type {error.validator_value}")
    if error.validator in ("minItems", "minLength"):
        return CalculatorError(path, "must not be empty")
    return CalculatorError(path, error.message[:200])


def _path(parts) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or DOCUMENT
