"""Read the policy numbers of surveillance: ``data_checks/thresholds.yaml``."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from operator import attrgetter

import yaml

from reporting.settings import ROOT

THRESHOLDS = ROOT / "data_checks" / "thresholds.yaml"


@dataclass(frozen=True)
class Thresholds:
    """The bounds above which an alert is raised; the file explains each number.

    Shares are whole basis points, amounts centicents, quantities hundredths of a contract.
    """

    effective_from: date
    approver: str
    reason: str
    loss_share_bps: int
    cluster_least_centicents: int
    leverage_bps: int
    concentration_share_bps: int
    concentration_least_qty: int
    wrong_way_least_centicents: int
    custodian_share_bps: int
    utilisation_bps: int
    unsecured_least_centicents: int
    volatility_coverage_bps: int
    coverage_bps: int
    coverage_days: int
    dispute_days: int


def thresholds_in_force(business_date: date) -> Thresholds:
    """The latest thresholds that are in force on a date. Raises ValueError naming the fault."""
    known = [version for version in _load() if version.effective_from <= business_date]
    if not known:
        raise ValueError(f"data_checks/thresholds.yaml: nothing is in force on {business_date}")
    return max(known, key=attrgetter("effective_from"))


@cache
def _load() -> list[Thresholds]:
    return [_thresholds(record) for record in yaml.safe_load(THRESHOLDS.read_text())]


def _thresholds(record: dict) -> Thresholds:
    where = f"data_checks/thresholds.yaml: from {record.get('effective_from')}"
    kinds = {field.name: field.type for field in fields(Thresholds)}
    if record.keys() != kinds.keys():
        missing, unknown = kinds.keys() - record.keys(), record.keys() - kinds.keys()
        raise ValueError(f"{where}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    for name, value in record.items():
        if type(value) is not kinds[name] or (kinds[name] is int and value < 0):
            raise ValueError(f"{where}: {name} has a wrong type or value")
    return Thresholds(**record)
