"""What a column is, by its name: meaning, unit, type, heading and print format.

Belongs here: reading a name by ``sql/columns.yaml``, the one place that says these. Every
table, pack and check takes them from here.
"""

from collections.abc import Mapping
from functools import cache

import yaml

from reporting.settings import ROOT

COLUMNS = ROOT / "sql" / "columns.yaml"


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
def _known() -> Mapping[str, Mapping[str, str]]:
    return yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
