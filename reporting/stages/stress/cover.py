"""Cover of a date: the largest shortfalls of each scenario against financial resources.

Belongs here: from the shortfalls of groups to the rows of ``stress.cover``. The test itself is in
``model/stress/cover``, the resources are in ``resources``.
"""

from collections.abc import Sequence

import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.stress.cover import cover_tests, exhausting_groups
from reporting.model.stress.events import Scenario
from reporting.model.stress.results import shortfall_matrix
from reporting.model.stress.shortfalls import GroupLosses
from reporting.stages.stress.resources import Resources
from reporting.units import centicents_from_micros_up


@table(
    "stress.cover",
    grain="one row per scenario",
    meaning=(
        "the largest and the two largest group shortfalls against prefunded resources without"
        " these groups, and against the assessments on the others that count: 70 % of the callable"
        " amount, for at most 20 % of the requirement; exhausted_by: the fewest groups that"
        " together exhaust prefunded resources"
    ),
    reads="stress.group_losses stress.scenarios validate.resources validate.guaranty_fund",
    columns="""
        scenario_id family words cover_1_centicents cover_1_group cover_1_prefunded_centicents
        cover_1_callable_centicents cover_1_assessments_centicents cover_1_covered
        cover_2_centicents cover_2_groups prefunded_centicents callable_centicents
        assessments_centicents covered exhausted_by
    """,
)
def cover_rows(
    scenarios: Sequence[Scenario],
    results: Sequence[GroupLosses],
    group_names: Sequence[str],
    resources: Resources,
) -> pyarrow.Table:
    """One row per scenario; ``group_names``: names by number, as in ``results``.

    Computed from shortfalls as booked, in whole centicents, so that the rows of
    ``stress.group_losses`` give the same amounts to the centicent.
    """
    shortfalls = centicents_from_micros_up(shortfall_matrix(results, len(group_names)))
    financial = resources.financial(group_names)
    first, both = (cover_tests(shortfalls, financial, members) for members in (1, 2))
    exhausting = [
        exhausting_groups(of_groups, financial) if test.groups else None
        for of_groups, test in zip(shortfalls, first, strict=True)
    ]
    columns = {
        "scenario_id": [scenario.scenario_id for scenario in scenarios],
        "family": [scenario.family for scenario in scenarios],
        "words": [scenario.words for scenario in scenarios],
        "cover_1_centicents": [test.requirement for test in first],
        "cover_1_group": [_names(group_names, test.groups) for test in first],
        "cover_1_prefunded_centicents": [test.prefunded for test in first],
        "cover_1_callable_centicents": [test.callable for test in first],
        "cover_1_assessments_centicents": [test.assessments for test in first],
        "cover_1_covered": [test.covered for test in first],
        "cover_2_centicents": [test.requirement for test in both],
        "cover_2_groups": [_names(group_names, test.groups) for test in both],
        "prefunded_centicents": [test.prefunded for test in both],
        "callable_centicents": [test.callable for test in both],
        "assessments_centicents": [test.assessments for test in both],
        "covered": [test.covered for test in both],
        "exhausted_by": [_names(group_names, numbers or ()) for numbers in exhausting],
    }
    return pyarrow.table(columns, schema_of("stress.cover"))


def _names(groups: Sequence[str], numbers: Sequence[int]) -> str:
    return ", ".join(groups[number] for number in numbers)
