"""Read the library of stress scenarios: ``data_checks/scenarios.yaml``."""

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from reporting.model.errors import ModelError
from reporting.model.stress.records import ScenarioRecord, record_from, records_in_force
from reporting.settings import ROOT

SCENARIOS = ROOT / "data_checks" / "scenarios.yaml"


def scenarios_in_force(business_date: date) -> tuple[ScenarioRecord, ...]:
    """The records in force on a date. Raises ModelError naming file, record and fault."""
    try:
        return records_in_force(_load(SCENARIOS), business_date)
    except ModelError as error:
        raise ModelError(f"data_checks/scenarios.yaml: {error.field}", error.message) from None


@cache
def _load(path: Path) -> tuple[ScenarioRecord, ...]:
    try:
        listed = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise ModelError("file", f"is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(listed, list):
        raise ModelError("file", "must be a list of records")
    return tuple(record_from(fields) for fields in listed)
