"""The scenario set of a margin document: its rows by kind and label.

Interpretation where the specification is open:

- A published scenario set may hold more groups, clusters and events than the document uses. Every
  row in it has the same length S all the same, which is at least 1.
- ``group`` and ``cluster`` are a row's number from 0 where the rows are a list, its name where they
  are an object.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from support.calculator_oracle.fields import (
    DocumentError,
    fields_of,
    list_of,
    numbers,
    object_of,
    text_of,
    whole_number_of,
)

SCENARIO_FIELDS = ("F", "U", "eps", "eta", "theta", "info")

Label = int | str
"""A row of the scenarios: its number from 0, or its name."""


@dataclass(frozen=True)
class ScenarioSet:
    """The rows of the set by kind and label, all of length ``count``."""

    count: int
    rows: dict[str, dict]

    def row(self, kind: str, label: Label, field: str) -> list:
        """A row. Raises DocumentError that names the field that asks for it."""
        if label not in self.rows[kind]:
            raise DocumentError(f"{field}: scenarios.{kind} has no row {label!r}")
        return self.rows[kind][label]


def read_label(value: object, field: str) -> Label:
    """A row's number or name."""
    return text_of(value, field) if isinstance(value, str) else whole_number_of(value, field)


def read_scenarios(value: object) -> ScenarioSet:
    """The set, checked. Raises DocumentError."""
    raw = fields_of(value, "scenarios", SCENARIO_FIELDS)
    rows: dict[str, dict] = {kind: _rows(raw[kind], f"scenarios.{kind}") for kind in ("F", "U")}
    for kind in ("eps", "theta", "info"):
        rows[kind] = _rows(object_of(raw[kind], f"scenarios.{kind}"), f"scenarios.{kind}")
    rows["eta"] = {
        event: list(_rows(list_of(signals, f"scenarios.eta.{event}"), "scenarios.eta").values())
        for event, signals in object_of(raw["eta"], "scenarios.eta").items()
    }
    single = [(kind, row) for kind in rows if kind != "eta" for row in rows[kind].values()]
    single += [(f"eta.{event}", row) for event, signals in rows["eta"].items() for row in signals]
    return ScenarioSet(_common_length(single), rows)


def _rows(value: object, field: str) -> dict[Label, list[float]]:
    """Rows by number when they are a list, by name when they are an object."""
    named = value.items() if isinstance(value, Mapping) else enumerate(list_of(value, field))
    return {label: numbers(row, f"{field}[{label}]") for label, row in named}


def _common_length(rows: Iterable[tuple[str, list[float]]]) -> int:
    first_kind, count = None, 0
    for kind, row in rows:
        if first_kind is None:
            first_kind, count = kind, len(row)
        if len(row) != count or not row:
            raise DocumentError(
                f"scenarios.{kind}: a row of {len(row)} numbers, and one of {count} in {first_kind}"
            )
    if first_kind is None:
        raise DocumentError("scenarios.F: there is no scenario at all")
    return count
