"""The numbers that rules hold against a bound, for the record and for plots from date to date.

Belongs here: reading them beside the results of the checks. What a rule measures is its
``data_checks/measures/<ID>.sql``, whether it is kept is its own SELECT.
"""

from collections.abc import Sequence
from dataclasses import replace

from reporting.lake.statements import records, select, statement
from reporting.pipeline.day import Day
from reporting.rulebook import CheckResult, Measured, Status

_RAN = (Status.PASSED, Status.FAILED)


def measured(day: Day, results: Sequence[CheckResult]) -> Sequence[CheckResult]:
    """The results with the number and the bound of each check that ran and holds one against
    the other; reads today's rows only."""
    selects = {
        found.rule.id: select(found.rule.measure.sql) for found in results if found.rule.measure
    }
    if not selects:
        return results
    # All of them on every date, also of checks that did not run: one statement to prepare.
    rows = day.query(statement("{rows}", rows=records(selects.values()))).fetchone()
    by_rule = {rule: _measured(row) for rule, row in zip(selects, rows, strict=True)}
    return [
        replace(found, measured=by_rule.get(found.rule.id)) if found.status in _RAN else found
        for found in results
    ]


def _measured(row: dict | None) -> Measured | None:
    if row is None or row["value"] is None or row["bound"] is None:
        return None
    return Measured(float(row["value"]), float(row["bound"]), row["subject"])
