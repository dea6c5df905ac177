"""Meaning, unit, type, heading and print format of a column, by its name.

Belongs here: reading a name by ``sql/columns.yaml``, the only place that states them. Every table,
pack and check takes them from here.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import yaml

from reporting.settings import ROOT

COLUMNS = ROOT / "sql" / "columns.yaml"
DEFAULT_WIDTH = 26
"""Characters after which a printed column wraps text, where its name does not say."""


@cache
def meaning_of(column: str) -> str:
    """Meaning of a column with its unit, empty if the terms do not give one.

    A name is read from its end: the unit, the longest term, then the words that narrow it down.
    """
    registry = _registry()
    if column in registry["terms"]:
        return registry["terms"][column]
    words, unit = column.split("_"), ""
    if words[-1] in registry["units"]:
        unit = f"; {registry['units'][words.pop()]}"
    for start in range(len(words)):
        term = registry["terms"].get("_".join(words[start:]))
        narrower = _narrower(tuple(words[:start])) if term else None
        if narrower is not None:
            return ", ".join([term, *narrower]) + unit
    return ""


def unit_of(column: str) -> str:
    """The unit at the end of a name (``centicents``, ``qty``, ``utc``, ...), empty without one."""
    ending = column.rpartition("_")[2]
    return ending if ending != column and ending in _registry()["units"] else ""


@cache
def type_of(column: str, table: str = "") -> str:
    """DuckDB type of a column; ``table`` (``stage.table``) decides where tables differ.

    Raises KeyError where the registry gives the name no type.
    """
    for exception in _registry()["type_exceptions"].get(column, ()):
        if table in exception["tables"]:
            return exception["type"]
    types = _types()
    for ending in _endings(column):
        if ending in types:
            return types[ending]
    raise KeyError(f"sql/columns.yaml gives no type for the column {column}")


def _endings(column: str) -> Iterator[str]:
    """The name, then the name without its first word, and so on."""
    words = column.split("_")
    return ("_".join(words[start:]) for start in range(len(words)))


def _narrower(words: tuple[str, ...]) -> list[str] | None:
    """The meanings of the words before a term, in order; None if one is unknown."""
    if not words:
        return []
    for end in range(len(words), 0, -1):
        meaning = _registry()["narrower"].get("_".join(words[:end]))
        rest = _narrower(words[end:]) if meaning else None
        if rest is not None:
            return [meaning, *rest]
    return None


@cache
def heading_of(column: str) -> str:
    """What is printed above a column: its heading, or else its name without the unit."""
    headings = _registry()["headings"]
    if column in headings:
        return headings[column]
    name, _, ending = column.rpartition("_")
    if not name or ending not in (*_registry()["units"], "id"):
        name = column
    return headings.get(name) or name.replace("_", " ").capitalize()


@cache
def format_of(column: str) -> str:
    """How a column's values are printed (``money``, ``qty``, ``time``, ...), empty where its name
    does not say.
    """
    formats = _registry()["formats"]
    return next((formats[ending] for ending in _endings(column) if ending in formats), "")


def width_of(column: str) -> int:
    """Characters of a printed column after which text wraps."""
    return _registry()["widths"].get(column, DEFAULT_WIDTH)


@cache
def _types() -> Mapping[str, str]:
    """Type by the end of a name."""
    types: dict[str, str] = {}
    for kind, endings in _registry()["types"].items():
        for ending in endings:
            if types.setdefault(ending, kind) != kind:
                raise ValueError(f"sql/columns.yaml: {ending} has two types")
    return types


@cache
def _registry() -> Mapping[str, Mapping]:
    return yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
