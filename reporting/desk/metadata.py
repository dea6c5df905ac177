"""What the UI shows: descriptions, columns, lineage, row counts, check results."""

import warnings
from collections.abc import Collection, Sequence

import dagster as dg

from reporting.columns import meaning_of
from reporting.desk.lineage import as_metadata, column_lineage
from reporting.desk.partitions import BUSINESS_DATES
from reporting.engine.stage import StageResult
from reporting.engine.tables import Table
from reporting.rulebook import CheckResult, Rule, Severity, Status

_ORIGINS_SHOWN = 5
"""Maximum number of columns named as the origin of a column; the asset graph has all tables."""


def asset_key(name: str) -> dg.AssetKey:
    """The asset of the lake table ``stage.table``."""
    return dg.AssetKey(name.split("."))


def asset_spec(table: Table, reads: Collection[str]) -> dg.AssetSpec:
    """A table as an asset: meaning, owner, and the tables of its date that it ``reads``."""
    metadata: dict[str, object] = {
        "grain": table.grain,
        "dagster/table_name": table.name,
        "dagster/column_schema": _schema(table),
    }
    if table.sql is not None:
        metadata["sql"] = dg.MetadataValue.md(f"```sql\n{table.sql}```")
        metadata["dagster/column_lineage"] = as_metadata(column_lineage(table.name))
    return dg.AssetSpec(
        asset_key(table.name),
        deps=[asset_key(name) for name in sorted(reads)],
        description=f"{table.meaning[:1].upper()}{table.meaning[1:]}. {table.grain.capitalize()}.",
        group_name=table.stage,
        owners=["team:" + table.owner.replace(" ", "-")],
        metadata=metadata,
        partitions_def=BUSINESS_DATES,
        skippable=True,
        kinds={"duckdb", "sql" if table.sql is not None else "python"},
    )


def check_spec(rule: Rule) -> dg.AssetCheckSpec:
    """A rule as a check of its table, with a result for each business date."""
    with warnings.catch_warnings():
        # Checks with partitions are a preview; Dagster is pinned and the tests use them.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return dg.AssetCheckSpec(
            check_name(rule),
            asset=asset_key(rule.table),
            description=(
                f"{rule.id} ({rule.severity}, {rule.citation}). {rule.meaning}"
                f" Remediation: {rule.remediation}"
            ),
            metadata={"owner": rule.owner, "citation": rule.citation, "severity": rule.severity},
            partitions_def=BUSINESS_DATES,
        )


def check_name(rule: Rule) -> str:
    """Check names allow no hyphen."""
    return rule.id.replace("-", "_")


def table_metadata(result: StageResult, table: Table) -> dict[str, object]:
    """Row count, snapshots and figures to plot of a table after a run."""
    return {
        "dagster/row_count": result.rows[table.name],
        "snapshot read": result.read_snapshot,
        "snapshot written": result.written_snapshot,
        # Numbers: the UI draws each as a plot over the dates.
        **result.figures.get(table.name, {}),
    }


def blocked_metadata(result: StageResult, table: Table) -> dict[str, object]:
    """Why a table was not made."""
    return {"status": "BLOCKED", "blocked by": result.blocked[table.name]}


def check_evaluation(check: CheckResult) -> dict[str, object]:
    """An evaluation as keyword arguments of Dagster's classes.

    A check that could not be evaluated is an error. INFO findings do not fail a check.
    """
    broke = check.status is Status.BROKEN
    is_error = check.rule.severity is Severity.ERROR or broke
    informs = check.rule.severity is Severity.INFO and not broke
    return {
        "asset_key": asset_key(check.rule.table),
        "check_name": check_name(check.rule),
        "passed": check.status is Status.PASSED or informs,
        "severity": dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        "metadata": _check_metadata(check),
    }


def _check_metadata(check: CheckResult) -> dict[str, object]:
    """Status, count and sample rows; measured value and bound, if the check has them."""
    metadata: dict[str, object] = {"status": str(check.status), "rows": check.count}
    if check.message:
        metadata["message"] = check.message
    if check.measured is not None and check.rule.measure is not None:
        of, side = check.rule.measure, "at least" if check.rule.measure.at_least else "at most"
        # Numbers: the UI draws each as a plot over the dates.
        metadata |= {
            "value": check.measured.value,
            "bound": check.measured.bound,
            "measured": f"value: {of.value}; bound, {side}: {of.bound}",
            "measured of": check.measured.subject,
        }
    if check.samples:
        records = [
            dg.TableRecord({name: str(value) for name, value in row.items()})
            for row in check.samples
        ]
        metadata["sample rows"] = dg.MetadataValue.table(records=records)
    return metadata


def _schema(table: Table) -> dg.TableSchema:
    sources = column_lineage(table.name)
    return dg.TableSchema(
        [
            dg.TableColumn(
                name, kind, _about(table.notes.get(name) or meaning_of(name), sources.get(name, []))
            )
            for name, kind in table.columns.items()
        ]
    )


def _about(note: str, sources: Sequence[tuple[str, str]]) -> str | None:
    """Meaning and origin of a column; the open-source UI shows no other column lineage."""
    shown = [f"{table}.{column}" for table, column in sources[:_ORIGINS_SHOWN]]
    if len(sources) > len(shown):
        shown.append(f"{len(sources) - len(shown)} more columns")
    origin = ", ".join(shown)
    return "; ".join(part for part in (note, f"from {origin}" if origin else "") if part) or None
