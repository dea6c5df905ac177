"""SQL statements whose tables or columns are known only at run time.

DuckDB binds values to parameters, but not the names of tables and columns, nor the options of
ATTACH. Such a statement is composed here and nowhere else, from a constant text with named gaps and
the parts that fill them. Each part comes from a function of this file, which quotes its argument or
refuses it. Values are always bound.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

import duckdb

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_OPTION = re.compile(r"[A-Z][A-Z_]*")
_TYPES = {"DATE", "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP", "INTEGER", "TIMESTAMP_NS"}
_QUERY = re.compile(rb"(SELECT|WITH)\b", re.IGNORECASE)
_FORMATTER = Formatter()


@dataclass(frozen=True)
class Part:
    """A piece of SQL that may stand in a statement unchanged; only this file makes one."""

    sql: str


def statement(template: str, **parts: Part) -> str:
    """The SQL of ``template``, a constant text, with each ``{gap}`` filled by its part.

    Raises ValueError when gaps and parts are not the same, TypeError for a part of text.
    """
    pieces = list(_FORMATTER.parse(template))
    gaps = {gap for _, gap, _, _ in pieces if gap is not None}
    if gaps != parts.keys():
        raise ValueError(f"gaps {sorted(gaps)}, parts {sorted(parts)}: {template}")
    for gap, part in parts.items():
        if not isinstance(part, Part):
            raise TypeError(f"{gap} is no part of a statement: {part!r}")
    return "".join(text + (parts[gap].sql if gap else "") for text, gap, _, _ in pieces)


def identifier(dotted: str) -> Part:
    """A schema, table or column, quoted; qualifying names come first, with dots between.

    Names come from the contract and from file names of ``sql/``, never from data. Raises
    ValueError for anything but lower case letters, digits and underscores.
    """
    return Part(".".join(_quoted(word) for word in dotted.split(".")))


def lake_table(table: str) -> Part:
    """The lake table ``stage.table``."""
    return identifier(f"lake.{table}")


def column_definitions(types: Mapping[str, str]) -> Part:
    """Names and DuckDB types of columns; a type must be one of those that the lake stores."""
    return Part(", ".join(f"{_quoted(column)} {_type(types[column])}" for column in types))


@lru_cache(maxsize=4096)
def select(sql: str) -> Part:
    """A SELECT of ``sql/`` or of ``data_checks/``, to stand inside another statement.

    Raises ValueError unless it is one SELECT that closes all brackets that it opens.
    """
    text = sql.encode()
    places = [place for place, _ in duckdb.tokenize(sql)]  # of bytes; none is in a comment
    whole = bool(places) and _QUERY.match(text, places[0]) is not None
    depth = 0
    for place in places:
        first = text[place : place + 1]
        depth += (first == b"(") - (first == b")")
        whole = whole and depth >= 0 and first != b";"
    if not whole or depth:
        raise ValueError(f"not one SELECT: {sql}")
    # A comment in the last line must not swallow what follows.
    return Part(f"{sql}\n")


def literal(text: str) -> Part:
    """A text value, for statements that take no bound parameters."""
    if "\x00" in text:
        raise ValueError(f"a text in SQL holds no null character: {text!r}")
    return Part("'" + text.replace("'", "''") + "'")


def options(values: Mapping[str, str | int | bool]) -> Part:
    """Options as ATTACH takes them: name and value."""
    return Part(", ".join(f"{_option(key)} {_constant(value)}" for key, value in values.items()))


def _quoted(word: str) -> str:
    if not _NAME.fullmatch(word):
        raise ValueError(f"not a lake name: {word!r}")
    return f'"{word}"'


def _type(kind: str) -> str:
    if kind not in _TYPES:
        raise ValueError(f"not a lake column type: {kind!r}")
    return kind


def _option(key: str) -> str:
    if not _OPTION.fullmatch(key):
        raise ValueError(f"not an option: {key!r}")
    return key


def _constant(value: str | int | bool) -> str:
    if isinstance(value, str):
        return literal(value).sql
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value))
