"""The margin schedules of the simulated venue, read from ``schedules.yaml``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("schedules.yaml")
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Schedule:
    """One version of the margin schedule; docs/model.md, section 5, lists ``parameters``."""

    version: str
    effective: date
    approver: str
    reason: str
    parameters: Mapping

    def __getitem__(self, name: str):
        """A parameter by its published name."""
        return self.parameters[name]

    def optional(self, name: str) -> Mapping:
        """A mapping that the schedule may leave out."""
        return self.parameters.get(name, {})

    @property
    def method(self) -> Mapping:
        """The method that the venue charges by, with its own parameters."""
        return self.parameters.get("method", {"name": "ECM-2"})

    def of_category(self, name: str, category: str):
        """A parameter's value for one category."""
        values = self.parameters[name]
        return values.get(category, values["default"])

    def liquidation_days(self, category: str) -> int:
        """Days in which a defaulter's contracts of the category are closed out."""
        legal_class = self.of_category("legal_class", category)
        if legal_class == "swap" and category in self["swap_one_day_categories"]:
            return 1
        return self["liquidation_days"][legal_class]

    def ramp_seconds(self, category: str) -> tuple[int, int]:
        """Times to resolution: full collateral up to the first, none from the second."""
        period = DAY_SECONDS * self.liquidation_days(category)
        return period + self["ramp_tau0_seconds"], period + self["ramp_tau1_seconds"]

    def text(self) -> str:
        """The parameters as the contract's JSON text."""
        return json.dumps(self.parameters, separators=(",", ":"))


def schedules_from(first: date) -> list[Schedule]:
    """The schedules of a venue that opens on ``first``, oldest first; the last is in force."""
    versions = []
    for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        effective = first - timedelta(days=entry["days_before_first_day"])
        versions.append(
            Schedule(
                version=f"MS-{effective.year}-{entry['number']}",
                effective=effective,
                approver=entry["approver"],
                reason=entry["reason"],
                parameters=entry["parameters"],
            )
        )
    return versions
