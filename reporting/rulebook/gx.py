"""Run rules as one Great Expectations suite inside a DuckDB connection.

Great Expectations' SQL engine closes its connection before it reads the result,
which DuckDB does not survive; here the engine keeps one connection, the caller's,
so that a suite also sees what the caller's open transaction has written. Import
this module only where rules run: Great Expectations takes seconds to import.
"""

import builtins
import contextlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import duckdb
import sqlalchemy
from duckdb_engine import ConnectionWrapper
from sqlalchemy.pool import StaticPool

from reporting.rulebook.on_demand import on_demand

# One of its expectations, which no rule is, draws charts and compares distributions with
# these: a third of the time that its import takes.
with on_demand("altair", "scipy.stats"):
    import great_expectations as gx
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.execution_engine import ExecutionEngine, SqlAlchemyExecutionEngine
    from great_expectations.expectations import UnexpectedRowsExpectation

from reporting.rulebook.results import CheckResult, Status
from reporting.rulebook.rules import Rule


class _BorrowedConnection(ConnectionWrapper):
    """The caller's connection: its transaction is the caller's to end, not SQLAlchemy's."""

    def begin(self) -> None:
        return None

    commit = rollback = close = begin


class _OneConnectionEngine(SqlAlchemyExecutionEngine):
    @contextlib.contextmanager
    def get_connection(self) -> Iterator[sqlalchemy.Connection]:
        if not self._connection:
            self._connection = self.engine.connect()
        yield self._connection


class DuckDBDatasource(SQLDatasource):
    """A datasource over a connection that the caller holds."""

    type: Literal["duckdb"] = "duckdb"

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        return _OneConnectionEngine

    def get_engine(self) -> sqlalchemy.Engine:
        return self._engine

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        if self._execution_engine is None:
            self._execution_engine = _OneConnectionEngine(
                engine=self._engine, create_temp_table=False
            )
        return self._execution_engine


class CountUnexpectedRows(UnexpectedRowsExpectation):
    """Expects that a SELECT gives no row, and counts those that it gives.

    The parent also fetches them, by running the SELECT a second time; here the caller
    reads the rows of a failed rule, all of them, once.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict,
        runtime_configuration: dict | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


def run_suite(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rules: Sequence[Rule],
    queries: Mapping[str, str],
    business_date: date,
) -> list[CheckResult]:
    """Run rules as one suite, each by its SELECT in ``queries``; one result per rule."""
    connection.execute("SET VARIABLE business_date = CAST(? AS DATE)", [business_date])
    suites = _suites(connection)
    suite = suites.suite(name, rules, queries)
    # The library remarks on standard output when a query does not name its batch.
    with contextlib.redirect_stdout(io.StringIO()):
        outcome = suites.batch.validate(suite, result_format="BASIC")
    by_rule = {
        result.expectation_config.meta["rule_id"]: result
        for result in outcome.results
        if result.expectation_config is not None
    }
    return [_result(rule, by_rule[rule.id]) for rule in rules]


class _Suites:
    """The suites of one connection.

    Building a suite takes longer than running it, and it does not change from date to date: the
    date is a variable of the connection.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        datasource = DuckDBDatasource(name="lake", connection_string="duckdb://")
        datasource._engine = sqlalchemy.create_engine(
            "duckdb://", creator=lambda: _BorrowedConnection(connection), poolclass=StaticPool
        )
        # The public add_* methods know only the built-in kinds of datasource.
        source = self._context._add_fluent_datasource(datasource)
        asset = source.add_query_asset("day", query="SELECT 1 AS one")
        self.batch = asset.add_batch_definition_whole_table("day").get_batch()
        self._built: dict[tuple[str, ...], gx.ExpectationSuite] = {}

    def suite(
        self, name: str, rules: Sequence[Rule], queries: Mapping[str, str]
    ) -> gx.ExpectationSuite:
        """The suite of these queries, built the first time."""
        key = (name, *(queries[rule.id] for rule in rules))
        if key not in self._built:
            suite = gx.ExpectationSuite(name=f"{name} {len(self._built)}")
            with contextlib.redirect_stdout(io.StringIO()):
                for rule in rules:
                    suite.add_expectation(
                        CountUnexpectedRows(
                            unexpected_rows_query=_dated(queries[rule.id]),
                            description=rule.meaning,
                            meta={"rule_id": rule.id},
                        )
                    )
                self._built[key] = self._context.suites.add(suite)
        return self._built[key]


_LAST: list[_Suites] = []


def _suites(connection: duckdb.DuckDBPyConnection) -> _Suites:
    """The suites of a connection; those of an earlier one are dropped with it."""
    if not _LAST or _LAST[0].connection is not connection:
        _LAST[:] = [_Suites(connection)]
    return _LAST[0]


def _dated(query: str) -> str:
    """The SELECT with the connection's variable in place of ``$business_date``.

    A suite takes no bound parameters, and it reads braces as its own.
    """
    dated = query.replace("$business_date", "getvariable('business_date')")
    return dated.replace("{", "{{").replace("}", "}}")


def _result(rule: Rule, outcome: ExpectationValidationResult) -> CheckResult:
    message = _broken(outcome.exception_info or {})
    if message:
        return CheckResult(rule, Status.BROKEN, message=message)
    count = int(outcome.result["observed_value"])
    if count == 0:
        return CheckResult(rule, Status.PASSED)
    return CheckResult(rule, Status.FAILED, count)


def _broken(info: dict) -> str:
    """First line of what broke a check, or nothing. The record is flat or keyed by metric."""
    records = [info] if "raised_exception" in info else list(info.values())
    for record in records:
        if record.get("raised_exception"):
            text = str(record.get("exception_message") or "the check could not be run")
            return text.strip().splitlines()[0]
    return ""
