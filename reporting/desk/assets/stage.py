"""Assets of any stage: one step makes, checks and commits the stage's tables.

There is one step per stage, because a stage is one commit of the lake and one suite of checks.
Every table is nevertheless an asset of its own. A step waits for the stage before it, not for
single tables: when an error blocks a table, the next stage must still make the tables that do not
depend on it.

What belongs to one stage only is in the file of that stage.
"""

from collections.abc import Callable, Iterator
from datetime import date

import dagster as dg

from reporting.desk.metadata import (
    asset_key,
    asset_spec,
    blocked_metadata,
    check_evaluation,
    check_name,
    check_spec,
    table_metadata,
)
from reporting.desk.resources import Installation
from reporting.engine.stage import StageResult
from reporting.engine.tables import Table, stage_tables
from reporting.rulebook import Status, load_rulebook

Precondition = Callable[[Installation, date], None]
"""Raises UserError if a stage of a business date must not be run."""

_BEFORE = "stage_before"


def stage_assets(
    stage: str, *, after: str | None = None, precondition: Precondition | None = None
) -> dg.AssetsDefinition:
    """The tables of a stage as assets and its rules as their checks, made in one step.

    ``after`` is the stage that the step waits for; the first stage has none.
    """
    # Findings last: they are about the other tables, and are always made.
    tables = sorted(stage_tables(stage), key=_is_findings)
    rules = [rule for rule in load_rulebook().values() if rule.stage == stage]
    outputs = [*(_output(table.name) for table in tables), *map(check_name, rules)]

    @dg.op(
        name=stage,
        description=f"Makes, checks and commits all tables of the stage {stage}.",
        ins={_BEFORE: dg.In(dg.Nothing)} if after else {},
        out={name: dg.Out(dg.Nothing, is_required=False) for name in outputs},
    )
    def make(context: dg.OpExecutionContext, installation: Installation) -> Iterator:
        business_date = date.fromisoformat(context.partition_key)
        if precondition is not None:
            precondition(installation, business_date)
        result = installation.run_stage(stage, business_date)
        yield from _tables_made(context, result, tables)
        yield from _checks_run(context, result)

    return dg.AssetsDefinition(
        node_def=make,
        keys_by_input_name={_BEFORE: asset_key(_findings(after))} if after else {},
        keys_by_output_name={_output(table.name): asset_key(table.name) for table in tables},
        specs=[asset_spec(table, _reads(table, after)) for table in tables],
        check_specs_by_output_name={check_name(rule): check_spec(rule) for rule in rules},
    )


def _is_findings(table: Table) -> bool:
    return table.short == "findings"


def _findings(stage: str) -> str:
    return f"{stage}.findings"


def _reads(table: Table, after: str | None) -> set[str]:
    """The tables of this date that a table reads; its own earlier dates are no dependency.

    A stage's findings depend on those of the stage before, because errors block tables.
    """
    reads = set(table.reads - {table.name})
    return reads | {_findings(after)} if after and _is_findings(table) else reads


def _output(name: str) -> str:
    return name.replace(".", "__")


def _tables_made(
    context: dg.OpExecutionContext, result: StageResult, tables: list[Table]
) -> Iterator[dg.MaterializeResult]:
    for table in tables:
        if table.name in result.blocked:
            context.log.warning(f"{table.name} was not made: {result.blocked[table.name]}")
            context.log_event(
                dg.AssetObservation(
                    asset_key(table.name),
                    partition=context.partition_key,
                    metadata=blocked_metadata(result, table),
                )
            )
        else:
            yield dg.MaterializeResult(
                asset_key(table.name), metadata=table_metadata(result, table)
            )


def _checks_run(
    context: dg.OpExecutionContext, result: StageResult
) -> Iterator[dg.AssetCheckResult]:
    """Results of the checks; one that is not in force or whose table was blocked is skipped."""
    for check in result.checks:
        if check.status is not Status.SKIPPED:
            yield dg.AssetCheckResult(**check_evaluation(check))
