"""Cover of a date: the largest shortfalls of each scenario against what bears them.

Belongs here: from the shortfalls of groups to the rows of ``stress.cover``. The test itself is in
``model/stress/cover``, the resources are in ``resources``.
"""

from collections.abc import Sequence

import pyarrow

from reporting.engine.model_tables import schema_of
from reporting.model.stress.cover import cover_tests, exhausting_groups
from reporting.model.stress.events import Scenario
from reporting.model.stress.results import shortfall_matrix
from reporting.model.stress.shortfalls import GroupLosses
from reporting.stages.stress.resources import Resources
from reporting.units import centicents_from_micros_up


def cover_rows(
    scenarios: Sequence[Scenario],
    results: Sequence[GroupLosses],
    groups: Sequence[str],
    resources: Resources,
) -> pyarrow.Table:
    """One row a scenario; ``groups``: names by number, as in ``results``.

    Worked out from shortfalls as they are booked, in whole centicents: the rows of
    ``stress.group_losses`` give these again, to the centicent.
    """
    shortfalls = centicents_from_micros_up(shortfall_matrix(results, len(groups)))
    financial = resources.financial(groups)
    first, both = (cover_tests(shortfalls, financial, members) for members in (1, 2))
    exhausting = [
        exhausting_groups(of_groups, financial) if one.groups else None
        for of_groups, one in zip(shortfalls, first, strict=True)
    ]
    columns = {
        "scenario_id": [scenario.scenario_id for scenario in scenarios],
        "family": [scenario.family for scenario in scenarios],
        "words": [scenario.words for scenario in scenarios],
        "cover_1_centicents": [test.requirement for test in first],
        "cover_1_group": [_names(groups, test.groups) for test in first],
        "cover_1_prefunded_centicents": [test.prefunded for test in first],
        "cover_1_callable_centicents": [test.callable for test in first],
        "cover_1_assessments_centicents": [test.assessments for test in first],
        "cover_1_covered": [test.covered for test in first],
        "cover_2_centicents": [test.requirement for test in both],
        "cover_2_groups": [_names(groups, test.groups) for test in both],
        "prefunded_centicents": [test.prefunded for test in both],
        "callable_centicents": [test.callable for test in both],
        "assessments_centicents": [test.assessments for test in both],
        "covered": [test.covered for test in both],
        "exhausted_by": [_names(groups, found or ()) for found in exhausting],
    }
    return pyarrow.table(columns, schema_of("stress.cover"))


def _names(groups: Sequence[str], numbers: Sequence[int]) -> str:
    return ", ".join(groups[number] for number in numbers)
