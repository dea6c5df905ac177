"""Read the rulebook: one rule, one id, one place.

``data_checks/rulebook/<stage>.yaml`` lists the rules of a stage. A rule that is checked by SQL has
``data_checks/sql/<ID>.sql``: one SELECT whose rows are the findings, with the columns ``subject``,
``detail``, ``file_sha256`` and ``line``. Where the SELECT follows from the feed contract,
``contract_rules`` makes it instead. A rule that compares a number with a bound also has
``data_checks/measures/<ID>.sql``: one SELECT of at most one row, the number that is nearest to its
bound or furthest beyond it.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

import yaml

from reporting.rulebook.contract_rules import SELECTS
from reporting.settings import ROOT

RULEBOOK = ROOT / "data_checks" / "rulebook"
RULE_SQL = ROOT / "data_checks" / "sql"
RULE_MEASURES = ROOT / "data_checks" / "measures"


class Severity(StrEnum):
    """ERROR stops the tables that depend on it; WARN needs a person; INFO is for the record."""

    ERROR = "ERROR"
    WARN = "WARN"
    INFO = "INFO"


@dataclass(frozen=True)
class Measure:
    """The number and the bound that a rule compares, in words with their unit.

    at_least: the rule holds if the value is not below the bound; otherwise, if it is not above.
    sql: gives both and their subject, as ``value``, ``bound`` and ``subject``.
    """

    value: str
    bound: str
    at_least: bool
    sql: str


@dataclass(frozen=True)
class Rule:
    """One rule. ``table``: the lake table that it is about; ``sql``: its SELECT, if any.

    whole_day: it waits for the end-of-day data of its date. measure: the number that it compares
    with a bound, if any.
    """

    id: str
    stage: str
    severity: Severity
    table: str
    owner: str
    effective_from: date
    effective_to: date | None
    citation: str
    meaning: str
    remediation: str
    whole_day: bool
    sql: str | None
    measure: Measure | None = None

    def in_force(self, business_date: date) -> bool:
        """Whether the rule applies to ``business_date``."""
        started = self.effective_from <= business_date
        return started and (self.effective_to is None or business_date <= self.effective_to)


@cache
def load_rulebook() -> dict[str, Rule]:
    """All rules by id. Raises ValueError with file and rule when the rulebook has a fault."""
    rules: dict[str, Rule] = {}
    for path in sorted(RULEBOOK.glob("*.yaml")):
        for record in yaml.safe_load(path.read_text()):
            rule = _rule(path.stem, record, f"data_checks/rulebook/{path.name}")
            if rule.id in rules:
                raise ValueError(f"data_checks/rulebook/{path.name}: {rule.id} is there twice")
            rules[rule.id] = rule
    return rules


def rules_of(stage: str, business_date: date) -> list[Rule]:
    """Rules of a stage that are in force on a date, by id."""
    return [
        rule
        for _, rule in sorted(load_rulebook().items())
        if rule.stage == stage and rule.in_force(business_date)
    ]


_FIELDS = {
    "id",
    "severity",
    "table",
    "owner",
    "effective_from",
    "effective_to",
    "citation",
    "meaning",
    "remediation",
    "whole_day",
}
_ID = re.compile(r"[A-Z]+(-[A-Z0-9]+)+")


def _rule(stage: str, record: dict, where: str) -> Rule:
    name = record.get("id", "a rule without id")
    unknown = record.keys() - _FIELDS
    missing = _FIELDS - record.keys() - {"effective_to", "whole_day"}
    if unknown or missing or not _ID.fullmatch(str(name)):
        raise ValueError(f"{where}: {name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    sql_path = RULE_SQL / f"{name}.sql"
    return Rule(
        id=name,
        stage=stage,
        severity=Severity(record["severity"]),
        table=record["table"],
        owner=record["owner"],
        effective_from=record["effective_from"],
        effective_to=record.get("effective_to"),
        citation=record["citation"],
        meaning=record["meaning"].strip(),
        remediation=record["remediation"].strip(),
        whole_day=record.get("whole_day", False),
        sql=sql_path.read_text() if sql_path.exists() else SELECTS.get(name),
        measure=_measure(name),
    )


_HEADER = re.compile(r"^-- (value|bound|must be): (.+)$", re.MULTILINE)
_SIDES = {"at least": True, "at most": False}


def _measure(name: str) -> Measure | None:
    path = RULE_MEASURES / f"{name}.sql"
    if not path.exists():
        return None
    sql = path.read_text()
    header = dict(_HEADER.findall(sql))
    if header.keys() != {"value", "bound", "must be"} or header["must be"] not in _SIDES:
        raise ValueError(
            f"data_checks/measures/{path.name} does not begin with -- value:, -- bound: and"
            " -- must be: at least, or at most"
        )
    return Measure(header["value"], header["bound"], _SIDES[header["must be"]], sql)
