"""Scenarios of a date, and what each makes each affiliate group lose.

Belongs here: the rows of ``stress.scenarios``, ``stress.records`` and ``stress.group_losses``. The
losses are worked out in ``model/stress``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.stress.events import Scenario
from reporting.model.stress.library import WHY_NONE
from reporting.model.stress.records import ANALYSES, ScenarioRecord
from reporting.model.stress.shortfalls import GroupLosses
from reporting.stages.recompute.day_book import BOOK_TABLES
from reporting.stages.stress.stress_book import Groups
from reporting.units import centicents_from_micros_up


@table(
    "stress.scenarios",
    grain="one row per scenario",
    meaning="the scenarios of the day in words, with version and owner",
    reads=f"""
        {BOOK_TABLES} stress.category_moves recompute.state_probabilities recompute.event_margin
        recompute.event_parameters recompute.days validate.collateral validate.margin_schedule
        validate.members
    """,
    columns="scenario_id family version words event_ticker category state_label owner",
)
def scenario_rows(scenarios: Sequence[Scenario]) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(list(map(vars, scenarios)), schema_of("stress.scenarios"))


@table(
    "stress.records",
    grain="one row per record of the scenario library in force",
    meaning=(
        "what the library asked for on the date: its words, kind and parameters, how many scenarios"
        " it made, and the reason where it made none"
    ),
    reads="stress.scenarios",
    columns="""
        record_id family version words scenario_kind scenario_parameters owner scenarios reason
    """,
    made_with="stress.scenarios",
)
def record_rows(records: Sequence[ScenarioRecord], scenarios: Sequence[Scenario]) -> pyarrow.Table:
    """One row per record; the analyses are left out, because they make no scenario."""
    made = Counter(scenario.record_id for scenario in scenarios)
    rows = [
        {
            **vars(record),
            "scenario_kind": record.kind,
            "scenario_parameters": _in_words(record.parameters),
            "scenarios": made[record.record_id],
            "reason": "" if made[record.record_id] else WHY_NONE.get(record.kind, ""),
        }
        for record in records
        if record.kind not in ANALYSES
    ]
    return pyarrow.Table.from_pylist(rows, schema_of("stress.records"))


def _in_words(parameters: Mapping[str, object]) -> str:
    """Parameters as text: ``days 3, quantile_bps 9990``."""
    return ", ".join(
        f"{name} {_in_words(value) if isinstance(value, Mapping) else _listed(value)}".strip()
        for name, value in parameters.items()
    )


def _listed(value: object) -> str:
    return " and ".join(value) if isinstance(value, tuple) else str(value)


@table(
    "stress.group_losses",
    grain="one row per scenario and affiliate group",
    meaning=(
        "stressed loss, required margin, the part of it that collateral no longer covers, the loss"
        " above margin account by account (uncovered), and the shortfall beyond that and the"
        " group's own contribution; house gains cover customer losses, never the reverse"
    ),
    reads=f"""
        {BOOK_TABLES} stress.scenarios recompute.account_margin recompute.event_parameters
        validate.accounts validate.collateral validate.margin_schedule validate.members
        validate.guaranty_fund
    """,
    columns="""
        scenario_id affiliate_group stressed_loss_centicents margin_required_centicents
        margin_lost_centicents uncovered_centicents own_fund_centicents shortfall_centicents
    """,
    made_with="stress.scenarios",
)
def group_rows(
    scenarios: Sequence[Scenario], results: Sequence[GroupLosses], groups: Groups
) -> pyarrow.Table:
    """Rows of ``stress.group_losses``; groups without a position and without a loss are left
    out."""
    schema = schema_of("stress.group_losses")
    columns: dict[str, list] = {name: [] for name in schema.names}
    for scenario, result in zip(scenarios, results, strict=True):
        held = np.flatnonzero((result.margin_required != 0) | (result.stressed_loss != 0))
        columns["scenario_id"] += [scenario.scenario_id] * len(held)
        columns["affiliate_group"] += [groups.names[g] for g in held.tolist()]
        for name in schema.names[2:]:
            micros = getattr(result, name.removesuffix("_centicents"))[held]
            columns[name] += centicents_from_micros_up(micros).tolist()
    return pyarrow.table(columns, schema)
