"""The assets: each stage is one step that makes, checks and commits all its tables.

One step a stage, because a stage is one commit of the lake and one suite of checks;
every table is an asset of its own all the same.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from reporting.desk.metadata import (
    asset_key,
    asset_spec,
    check_metadata,
    check_name,
    check_passed,
    check_severity,
    check_spec,
    table_metadata,
)
from reporting.desk.partitions import BUSINESS_DATES
from reporting.desk.resources import Installation
from reporting.lake.connection import STAGES
from reporting.pipeline.run import run_stage_of, workbench
from reporting.pipeline.tables import stage_tables
from reporting.rulebook import load_rulebook


def _stage_assets(stage: str) -> dg.AssetsDefinition:
    tables = stage_tables(stage)

    @dg.multi_asset(
        name=stage,
        specs=[asset_spec(table) for table in tables],
        check_specs=[check_spec(rule) for rule in load_rulebook().values() if rule.stage == stage],
        partitions_def=BUSINESS_DATES,
    )
    def make(context: dg.AssetExecutionContext, installation: Installation) -> Iterator:
        business_date = date.fromisoformat(context.partition_key)
        settings = installation.settings()
        with workbench(settings) as bench:
            result = run_stage_of(bench, settings, stage, business_date, installation.with_packs)
            columns = bench.lake.columns()
        for table in tables:
            if table.name in result.blocked:
                context.log.warning(f"{table.name} not made: {result.blocked[table.name]}")
                continue
            yield dg.MaterializeResult(
                asset_key(table.name), metadata=table_metadata(result, table, columns)
            )
        checked = {check.rule.id: check for check in result.checks}
        for rule in load_rulebook().values():
            if rule.stage != stage:
                continue
            check = checked.get(rule.id)
            yield dg.AssetCheckResult(
                asset_key=asset_key(rule.table),
                check_name=check_name(rule),
                passed=check is None or check_passed(check),
                severity=dg.AssetCheckSeverity.WARN if check is None else check_severity(check),
                metadata=check_metadata(check) if check else {"status": "not in force"},
            )

    return make


ALL_ASSETS = [_stage_assets(stage) for stage in STAGES]
"""One definition per stage, in flow order."""
