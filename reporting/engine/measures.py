"""The numbers that rules hold against a bound, for the record and for plots from date to date.

Belongs here: reading them, and adding them to the results of the checks. The measure of a rule is
``data_checks/measures/<ID>.sql``; whether the rule holds is decided by its own SELECT.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reporting.engine.day import Day
from reporting.engine.tables import tables_read
from reporting.rulebook import CheckResult, Measured, Rule, Status, rules_of

_RAN = (Status.PASSED, Status.FAILED)


def measures_of(day: Day, stage: str, rows: Mapping[str, int]) -> dict[str, Measured]:
    """The measures of a stage that has been made, by rule; reads today's rows only.

    rows: number of rows by table. A measure that reads an empty table is not asked for.
    """
    measures = {rule.id: _measured(day, rule, rows) for rule in rules_of(stage, day.business_date)}
    return {rule: measured for rule, measured in measures.items() if measured is not None}


def with_measures(
    results: Sequence[CheckResult], measures: Mapping[str, Measured]
) -> list[CheckResult]:
    """The results; those of checks that ran get their measures."""
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
