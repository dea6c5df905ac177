"""Cover of a date: the largest shortfalls of each scenario against financial resources.

Belongs here: from the losses of groups to the rows of ``stress.cover`` and ``stress.headroom``. The
tests are in ``model/stress/cover`` and ``model/stress/headroom``, the resources in ``resources``.
"""

from collections.abc import Sequence

import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.stress.cover import cover_tests, exhausting_groups
from reporting.model.stress.events import Scenario
from reporting.model.stress.headroom import headroom
from reporting.model.stress.results import shortfall_matrix
from reporting.model.stress.shortfalls import GroupLosses
from reporting.stages.stress.resources import Resources
from reporting.units import MICROS_PER_CENTICENT, centicents_from_micros_up


@table(
    "stress.cover",
    grain="one row per scenario",
    meaning=(
        "the largest and the two largest group shortfalls against prefunded resources without"
        " these groups (the headline; 17 CFR 39.33 counts nothing else), and with the assessments"
        " on the others that 39.11(d)(2) lets count: 70 % of the callable amount, for at most 20 %"
        " of the requirement; exhausted_by: the fewest groups that together exhaust prefunded"
        " resources"
    ),
    reads="stress.group_losses stress.scenarios validate.resources validate.guaranty_fund",
    columns="""
        scenario_id family words cover_1_centicents cover_1_group cover_1_prefunded_centicents
        cover_1_callable_centicents cover_1_assessments_centicents cover_1_covered
        cover_1_covered_with_assessments cover_2_centicents cover_2_groups prefunded_centicents
        callable_centicents assessments_centicents covered covered_with_assessments exhausted_by
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
        "cover_1_covered_with_assessments": [test.covered_with_assessments for test in first],
        "cover_2_centicents": [test.requirement for test in both],
        "cover_2_groups": [_names(group_names, test.groups) for test in both],
        "prefunded_centicents": [test.prefunded for test in both],
        "callable_centicents": [test.callable for test in both],
        "assessments_centicents": [test.assessments for test in both],
        "covered": [test.covered for test in both],
        "covered_with_assessments": [test.covered_with_assessments for test in both],
        "exhausted_by": [_names(group_names, numbers or ()) for numbers in exhausting],
    }
    return pyarrow.table(columns, schema_of("stress.cover"))


@table(
    "stress.headroom",
    grain="one row per scenario",
    meaning=(
        "how near the scenario comes to a shortfall: the largest loss of a group's margined books"
        " as a share of their margin, and as a share of margin, own contribution and the prefunded"
        " resources without that group; margin of one account does not cover another"
    ),
    reads="stress.group_losses stress.scenarios validate.resources validate.guaranty_fund",
    columns="""
        scenario_id family words margin_group margined_loss_centicents margined_margin_centicents
        loss_of_margin_bps resources_group loss_of_resources_bps
    """,
    made_with="stress.cover",
)
def headroom_rows(
    scenarios: Sequence[Scenario],
    results: Sequence[GroupLosses],
    group_names: Sequence[str],
    resources: Resources,
) -> pyarrow.Table:
    """One row per scenario, from losses and margins in whole centicents."""
    financial = resources.financial(group_names)
    rows = []
    for scenario, result in zip(scenarios, results, strict=True):
        loss = centicents_from_micros_up(result.margined_loss)
        margin = result.margined_margin // MICROS_PER_CENTICENT
        near = headroom(loss, margin, financial)
        group, last = near.margin_group, near.resources_group
        rows.append(
            {
                "scenario_id": scenario.scenario_id,
                "family": scenario.family,
                "words": scenario.words,
                "margin_group": "" if group is None else group_names[group],
                "margined_loss_centicents": 0 if group is None else int(loss[group]),
                "margined_margin_centicents": 0 if group is None else int(margin[group]),
                "loss_of_margin_bps": near.of_margin_bps,
                "resources_group": "" if last is None else group_names[last],
                "loss_of_resources_bps": near.of_resources_bps,
            }
        )
    return pyarrow.Table.from_pylist(rows, schema_of("stress.headroom"))


def _names(groups: Sequence[str], numbers: Sequence[int]) -> str:
    return ", ".join(groups[number] for number in numbers)
