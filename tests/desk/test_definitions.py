"""What Dagster loads: the graph of assets as text, and what each asset says of itself."""

import os
from pathlib import Path

import dagster as dg
import pytest

from reporting.definitions import defs
from reporting.desk.metadata import asset_key, check_name
from reporting.engine.tables import all_tables
from reporting.lake.connection import STAGES
from reporting.rulebook import load_rulebook

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
REGENERATE = "REPORTING_WRITE_ASSET_GRAPH"


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def as_text(graph) -> str:
    """Each stage with its tables; what a table is made from, and the checks on it."""
    lines = [
        "The graph of assets. Written by the test beside it:",
        f"    {REGENERATE}=1 pytest tests/desk/test_definitions.py",
    ]
    for stage in STAGES:
        lines += ["", stage]
        for key in sorted(key for key in graph.get_all_asset_keys() if key.path[0] == stage):
            node = graph.get(key)
            assert node.group_name == stage
            lines.append(f"  {key.path[1]}")
            for parent in sorted(".".join(parent.path) for parent in node.parent_keys):
                lines.append(f"    <- {parent}")
            for check in sorted(check.name for check in node.check_keys):
                lines.append(f"    ?  {check}")
    return "\n".join(lines) + "\n"


def test_asset_graph_is_the_one_that_was_looked_at(graph):
    text = as_text(graph)
    if os.environ.get(REGENERATE):
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), f"if this is meant: {REGENERATE}=1, and read the diff"


def test_every_table_is_an_asset_with_its_meaning_owner_and_partitions(graph):
    assert {".".join(key.path) for key in graph.get_all_asset_keys()} == set(all_tables())
    for name, table in all_tables().items():
        node = graph.get(asset_key(name))
        assert table.meaning[1:] in node.description
        assert node.owners == ["team:" + table.owner.replace(" ", "-")]
        assert isinstance(node.partitions_def, dg.DailyPartitionsDefinition)
        assert node.metadata["grain"] == table.grain


def test_every_rule_is_a_check_of_its_table_for_each_date(graph):
    for rule in load_rulebook().values():
        node = graph.get(dg.AssetCheckKey(asset_key(rule.table), check_name(rule)))
        assert isinstance(node.partitions_def, dg.DailyPartitionsDefinition)
        assert rule.id in node.description and rule.citation in node.description
    assert len(graph.asset_check_keys) == len(load_rulebook())


@pytest.mark.parametrize(
    ("table", "column", "sources"),
    [
        # Read off sql/recompute/open_interest.sql: through a sum in a common table.
        ("recompute.open_interest", "volume_qty", [("validate.trades", "count_qty")]),
        ("recompute.open_interest", "open_interest_qty", [("recompute.positions", "closing_qty")]),
        ("recompute.open_interest", "category", [("recompute.contracts", "category")]),
        ("recompute.open_interest", "business_date", []),
    ],
)
def test_column_lineage_is_read_from_the_sql(graph, table, column, sources):
    lineage = graph.get(asset_key(table)).metadata["dagster/column_lineage"]
    found = [
        (".".join(dep.asset_key.path), dep.column_name) for dep in lineage.deps_by_column[column]
    ]
    assert found == sources


def test_the_columns_of_a_table_say_what_they_mean_and_where_they_come_from(graph):
    schema = graph.get(asset_key("recompute.positions")).metadata["dagster/column_schema"]
    about = {column.name: (column.type, column.description) for column in schema.columns}
    # The type and the words are those of the header of sql/recompute/positions.sql.
    assert about["traded_qty"] == (
        "BIGINT",
        "net YES contracts (1e-2) traded that day; from recompute.trade_sides.signed_qty",
    )


def test_a_column_of_a_model_table_means_what_its_name_says(graph):
    schema = graph.get(asset_key("stress.cover")).metadata["dagster/column_schema"]
    about = {column.name: column.description for column in schema.columns}
    assert about["cover_2_centicents"] == "the two largest shortfalls of groups; 1e-4 dollars"
    assert None not in about.values()


def test_of_many_origins_only_the_first_are_named(graph):
    schema = graph.get(asset_key("recompute.metrics")).metadata["dagster/column_schema"]
    (value,) = [column.description for column in schema.columns if column.name == "value"]
    assert value.startswith("the number; from ") and value.endswith(" more columns")
    assert value.count(",") == 5


def test_every_select_from_tables_has_lineage_for_some_column(graph):
    for name, table in all_tables().items():
        if table.sql is not None and table.reads:
            lineage = graph.get(asset_key(name)).metadata["dagster/column_lineage"]
            assert any(lineage.deps_by_column.values()), name


def test_the_job_of_the_day_goes_stage_by_stage():
    job = defs.resolve_job_def("day")
    upstream = {
        node.name: {dependency.node for dependency in inputs.values()}
        for node, inputs in job.graph.dependencies.items()
    }
    assert upstream == {
        "land": set(),
        "validate": {"land"},
        "recompute": {"validate"},
        "stress": {"recompute"},
        "disclose": {"stress"},
    }


def test_the_job_of_a_day_that_runs_ends_with_its_margin():
    job = defs.resolve_job_def("intraday")
    assert {node.name for node in job.nodes} == {"land", "validate", "recompute"}


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_can_be_run_alone(stage):
    job = defs.resolve_job_def(f"{stage}_only")
    assert [node.name for node in job.nodes] == [stage]
