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
    """The records in force on a date. Raises ValueError naming the record and its fault."""
    try:
        return records_in_force(_load(SCENARIOS), business_date)
    except ModelError as error:
        raise ValueError(f"data_checks/scenarios.yaml: {error}") from None


@cache
def _load(path: Path) -> tuple[ScenarioRecord, ...]:
    return tuple(record_from(fields) for fields in yaml.safe_load(path.read_text()))
