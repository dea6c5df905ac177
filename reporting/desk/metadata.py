"""What the UI shows: descriptions, columns, lineage, row counts, check results."""

from collections.abc import Mapping
from functools import cache

import dagster as dg

from reporting.lake.connection import STAGES
from reporting.pipeline.engine import StageResult
from reporting.pipeline.tables import Table, all_tables, column_lineage
from reporting.rulebook import CheckResult, Rule, Severity, Status


def asset_key(name: str) -> dg.AssetKey:
    """The asset of the lake table ``stage.table``."""
    return dg.AssetKey(name.split("."))


def asset_spec(table: Table) -> dg.AssetSpec:
    """One table as an asset: what it means, whose it is, what it reads."""
    metadata: dict[str, object] = {"grain": table.grain}
    if table.sql is not None:
        metadata["sql"] = dg.MetadataValue.md(f"```sql\n{table.sql}```")
    if table.columns:
        metadata["dagster/column_schema"] = _schema(table, table.columns)
    return dg.AssetSpec(
        asset_key(table.name),
        deps=[asset_key(name) for name in sorted(table.reads - {table.name})],
        description=f"{table.meaning[:1].upper()}{table.meaning[1:]}. {table.grain.capitalize()}.",
        group_name=table.stage,
        owners=["team:" + table.owner.replace(" ", "-")],
        metadata=metadata,
        skippable=True,
        kinds={"duckdb", "sql" if table.sql is not None else "python"},
    )


def check_spec(rule: Rule) -> dg.AssetCheckSpec:
    """One rule as a check of its table."""
    return dg.AssetCheckSpec(
        check_name(rule),
        asset=asset_key(rule.table),
        description=f"{rule.id} ({rule.severity}, {rule.citation}). {rule.meaning} {rule.cure}",
        metadata={"owner": rule.owner, "citation": rule.citation},
    )


def check_name(rule: Rule) -> str:
    """Check names allow no hyphen."""
    return rule.id.replace("-", "_")


def table_metadata(
    result: StageResult, table: Table, columns: Mapping[str, Mapping[str, str]]
) -> dict[str, object]:
    """Row count, columns, lineage and snapshots of a table that was made."""
    lineage = lineage_of(table.name, _frozen(columns))
    metadata: dict[str, object] = {
        "dagster/row_count": result.rows[table.name],
        "dagster/column_schema": _schema(table, columns[table.name]),
        "snapshot read": result.read_snapshot,
        "snapshot written": result.written_snapshot,
    }
    if lineage is not None:
        metadata["dagster/column_lineage"] = lineage
    return metadata


def check_metadata(check: CheckResult) -> dict[str, object]:
    """Status, count and sample rows of a check."""
    metadata: dict[str, object] = {"status": str(check.status), "rows": check.count}
    if check.message:
        metadata["message"] = check.message
    if check.samples:
        metadata["sample rows"] = dg.MetadataValue.table(
            records=[
                dg.TableRecord({name: str(value) for name, value in row.items()})
                for row in check.samples
            ]
        )
    return metadata


def check_severity(check: CheckResult) -> dg.AssetCheckSeverity:
    """A check that broke is an error; INFO shows as a warning, the UI knows no less."""
    is_error = check.rule.severity is Severity.ERROR or check.status is Status.BROKEN
    return dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN


def check_passed(check: CheckResult) -> bool:
    """INFO findings are for the record and do not fail a check."""
    informs = check.rule.severity is Severity.INFO and check.status is Status.FAILED
    return check.status is Status.PASSED or informs


def _schema(table: Table, columns: Mapping[str, str]) -> dg.TableSchema:
    return dg.TableSchema(
        [dg.TableColumn(name, kind, table.notes.get(name)) for name, kind in columns.items()]
    )


def _frozen(columns: Mapping[str, Mapping[str, str]]) -> tuple:
    return tuple((name, tuple(kinds.items())) for name, kinds in sorted(columns.items()))


@cache
def lineage_of(name: str, columns: tuple) -> dg.TableColumnLineage | None:
    """Column lineage of a table, parsed from its SQL once per process."""
    by_table = {table: dict(kinds) for table, kinds in columns}
    found = column_lineage(all_tables()[name], by_table)
    if not found:
        return None
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=asset_key(source), column_name=source_column)
                for source, source_column in sources
                if source.partition(".")[0] in STAGES
            ]
            for column, sources in found.items()
        }
    )
