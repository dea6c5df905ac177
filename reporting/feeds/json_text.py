"""JSON records and page documents as exact text.

DuckDB and most parsers read a JSON number as a binary float: 0.10 becomes 0.1, and long
fractions are rounded. Here a number keeps the text that was sent.
"""

import json
import re
from collections.abc import Iterator, Sequence

from reporting.feeds.lines import BadLine, excerpt

DUCKDB_WOULD_CHANGE = (
    r"[:,\[]\s*-?(?:"
    r"[0-9]+(?:\.[0-9]|[eE])[0-9eE.+-]*"  # fractions and powers
    r"|[iI][nN][fF]|[iI][nN][fF][iI][nN][iI][tT][yY]|[nN][aA][nN]"  # infinities, NaN
    r")\s*[,}\]]"
    r"|[:,\[]\s*-0\s*[,}\]]"
    r"|,\s*[\]}]"  # a trailing comma, which DuckDB accepts
)
"""Matches every JSON text that DuckDB would round or wrongly accept, and some others."""

_SPACE = re.compile(r"[ \t\n\r]*")


class _Number(str):
    """The text of a JSON number."""


class BadRecord(Exception):
    """The text is not one JSON object."""


class Repeated(Exception):
    """An object has a key twice, so its value is uncertain."""


def values(text: str, names: Sequence[str]) -> list[str | None]:
    """The values of a JSON object by name, as text; None if null or absent.

    A nested value becomes compact JSON text. Raises BadRecord.
    """
    try:
        record = _EXACT.decode(text)
        if not isinstance(record, dict):
            raise BadRecord
        texts = [_text(record.get(name)) for name in names]
        for value in texts:
            if value is not None:
                value.encode("utf-8")  # an unpaired surrogate cannot be stored
    except (ValueError, RecursionError, Repeated) as error:
        raise BadRecord from error
    return texts


def compact(text: str) -> str:
    """The same JSON value on one line, its numbers unchanged. Raises BadRecord."""
    try:
        return _nested(_EXACT.decode(text))
    except (ValueError, RecursionError, Repeated) as error:
        raise BadRecord from error


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _nested(value)


def _nested(value: object) -> str:
    if isinstance(value, dict):
        inside = (f"{json.dumps(k, ensure_ascii=False)}:{_nested(v)}" for k, v in value.items())
        return "{" + ",".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_nested, value)) + "]"
    if isinstance(value, _Number):
        return value
    return json.dumps(value, ensure_ascii=False)


def _no_repeats(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Repeated
    return result


_EXACT = json.JSONDecoder(
    object_pairs_hook=_no_repeats, parse_float=_Number, parse_int=_Number, parse_constant=_Number
)


def page_records(content: bytes, wrapper: str | None) -> Iterator[tuple[int, str] | BadLine]:
    """The records of a page document: (line on which it starts, its JSON text).

    A page is an array of records, or an object that holds them under ``wrapper`` (a single
    record under its singular), as in answers of the public API. If the page cannot be read to
    its end, the last item is a BadLine at the position where reading stopped.
    """
    # Bytes that are not UTF-8 become lone surrogates; the caller detects them in the record.
    page = _Page(content.decode("utf-8", "surrogateescape").removeprefix("\ufeff"))
    try:
        yield from page.records(wrapper)
    except (ValueError, RecursionError):
        rest = page.text[page.place :].lstrip() or page.text
        yield BadLine(page.line(page.place), "ROW-JSON", excerpt(rest))


class _Page:
    """A cursor over the text of a page document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self._counted_to = 0
        self._line = 1

    def line(self, place: int) -> int:
        """The line of a position; positions must be passed in ascending order."""
        self._line += self.text.count("\n", self._counted_to, place)
        self._counted_to = place
        return self._line

    def records(self, wrapper: str | None) -> Iterator[tuple[int, str]]:
        opening = self._peek()
        if opening == "[":
            yield from self._array()
        elif opening == "{" and wrapper:
            yield from self._object({wrapper, wrapper.removesuffix("s")})
        else:
            raise ValueError("neither an array nor a page of this stream")
        if self._peek():
            raise ValueError("something follows the page")

    def _object(self, wanted: set[str]) -> Iterator[tuple[int, str]]:
        start, has_records = self.place, False
        for _ in self._members("{", "}"):
            key = self._value()
            if not isinstance(key, str):
                raise ValueError("a key is not a string")
            self._take(":")
            opening = self._peek()
            if key not in wanted:
                self._value()
                continue
            has_records = True
            if opening == "[":
                yield from self._array()
            elif opening == "{":
                yield self._one()
            elif self._value() is not None:
                raise ValueError("the records are neither an array nor an object")
        if not has_records:
            self.place = start
            raise ValueError("the page has no records of this stream")

    def _array(self) -> Iterator[tuple[int, str]]:
        for _ in self._members("[", "]"):
            yield self._one()

    def _members(self, opening: str, closing: str) -> Iterator[None]:
        """Steps through the members; the caller must read each one before the next step."""
        self._take(opening)
        if self._peek() != closing:
            yield
            while self._peek() == ",":
                self._take(",")
                yield
        self._take(closing)

    def _one(self) -> tuple[int, str]:
        self._peek()
        start = self.place
        self._value()
        return self.line(start), self.text[start : self.place]

    def _peek(self) -> str:
        self.place = _SPACE.match(self.text, self.place).end()
        return self.text[self.place : self.place + 1]

    def _take(self, character: str) -> None:
        if self._peek() != character:
            raise ValueError(f"{character} is missing")
        self.place += 1

    def _value(self) -> object:
        self._peek()
        value, self.place = _PLAIN.raw_decode(self.text, self.place)
        return value


_PLAIN = json.JSONDecoder(parse_float=str, parse_int=str)
