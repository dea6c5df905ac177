"""What a column is, by its name: meaning, unit, type, heading and print format.

Belongs here: reading a name by ``sql/columns.yaml``, the one place that says these. Every
table, pack and check takes them from here.
"""

from collections.abc import Mapping
from functools import cache

import yaml

from reporting.settings import ROOT

COLUMNS = ROOT / "sql" / "columns.yaml"
DEFAULT_WIDTH = 26
"""Characters after which a printed column wraps text, where its name does not say."""


@cache
def meaning_of(column: str) -> str:
    """Meaning of a column with its unit, empty where the terms do not say it.

    A name is read from its end: the unit, the longest term, and what narrows the term down.
    """
    known = _known()
    if column in known["terms"]:
        return known["terms"][column]
    words, unit = column.split("_"), ""
    if words[-1] in known["units"]:
        unit = f"; {known['units'][words.pop()]}"
    for start in range(len(words)):
        term = known["terms"].get("_".join(words[start:]))
        narrower = _narrower(tuple(words[:start])) if term else None
        if narrower is not None:
            return ", ".join([term, *narrower]) + unit
    return ""


def _narrower(words: tuple[str, ...]) -> list[str] | None:
    """What the words before a term say, in order; None where one is not known."""
    if not words:
        return []
    for end in range(len(words), 0, -1):
        meaning = _known()["narrower"].get("_".join(words[:end]))
        rest = _narrower(words[end:]) if meaning else None
        if rest is not None:
            return [meaning, *rest]
    return None


@cache
def heading_of(column: str) -> str:
    """What is printed above a column: its heading, or else its name without the unit."""
    headings = _known()["headings"]
    if column in headings:
        return headings[column]
    name, _, ending = column.rpartition("_")
    if not name or ending not in (*_known()["units"], "id"):
        name = column
    return headings.get(name) or name.replace("_", " ").capitalize()


@cache
def format_of(column: str) -> str:
    """How a column's values are printed (``money``, ``qty``, ``time``, ...), empty where its name
    does not say."""
    formats = _known()["formats"]
    words = column.split("_")
    endings = ("_".join(words[start:]) for start in range(len(words)))
    return next((formats[ending] for ending in endings if ending in formats), "")


def width_of(column: str) -> int:
    """Characters of a printed column after which text wraps."""
    return _known()["widths"].get(column, DEFAULT_WIDTH)


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    return yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
