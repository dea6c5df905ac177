"""Cover of a date: the largest shortfalls of each scenario against what bears them.

Belongs here: from the shortfalls of groups to the rows of ``stress.cover``. The test itself is in
``model/stress/cover``, the resources are in ``resources``.
"""

from collections.abc import Sequence

import pyarrow

from reporting.model.stress.cover import cover_tests, exhausting_groups
from reporting.model.stress.events import Scenario
from reporting.model.stress.results import shortfall_matrix
from reporting.model.stress.shortfalls import GroupLosses
from reporting.pipeline.model_tables import schema_of
from reporting.pipeline.resources import Resources
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
    records = []
    for scenario, of_groups, one, two in zip(scenarios, shortfalls, first, both, strict=True):
        exhausting = exhausting_groups(of_groups, financial) if one.groups else None
        records.append(
            {
                "scenario_id": scenario.scenario_id,
                "family": scenario.family,
                "words": scenario.words,
                "cover_1_centicents": one.requirement,
                "cover_1_group": _names(groups, one.groups),
                "cover_1_prefunded_centicents": one.prefunded,
                "cover_1_callable_centicents": one.callable,
                "cover_1_assessments_centicents": one.assessments,
                "cover_1_covered": one.covered,
                "cover_2_centicents": two.requirement,
                "cover_2_groups": _names(groups, two.groups),
                "prefunded_centicents": two.prefunded,
                "callable_centicents": two.callable,
                "assessments_centicents": two.assessments,
                "covered": two.covered,
                "exhausted_by": _names(groups, exhausting or ()),
            }
        )
    return pyarrow.Table.from_pylist(records, schema=schema_of("stress.cover"))


def _names(groups: Sequence[str], numbers: Sequence[int]) -> str:
    return ", ".join(groups[number] for number in numbers)
