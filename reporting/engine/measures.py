"""The numbers that rules hold against a bound, for the record and for plots from date to date.

Belongs here: reading them, and putting them beside the results of the checks. What a rule
measures is its ``data_checks/measures/<ID>.sql``; whether it is kept, its own SELECT says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reporting.engine.day import Day
from reporting.engine.tables import tables_read
from reporting.rulebook import CheckResult, Measured, Rule, Status, rules_of

_RAN = (Status.PASSED, Status.FAILED)


def measures_of(day: Day, stage: str, rows: Mapping[str, int]) -> dict[str, Measured]:
    """By rule, what it measures in a stage that has been made; reads today's rows only.

    rows: of each table. Where one that is read has none there is no number, and it is not
    asked for.
    """
    found = {rule.id: _measured(day, rule, rows) for rule in rules_of(stage, day.business_date)}
    return {rule: numbers for rule, numbers in found.items() if numbers is not None}


def with_measures(
    results: Sequence[CheckResult], measures: Mapping[str, Measured]
) -> list[CheckResult]:
    """The results, those of checks that ran with their numbers."""
    return [
        replace(result, measured=measures.get(result.rule.id)) if result.status in _RAN else result
        for result in results
    ]


def _measured(day: Day, rule: Rule, rows: Mapping[str, int]) -> Measured | None:
    if rule.measure is None or not all(rows.get(n, 1) for n in tables_read(rule.measure.sql)):
        return None
    row = day.query(rule.measure.sql).fetchone()
    if row is None or row[0] is None or row[1] is None:
        return None
    return Measured(float(row[0]), float(row[1]), row[2])
