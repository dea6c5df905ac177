"""Dagster's event log in SQLite, with connections kept open.

Dagster opens a new engine and waits for the disk at every event: 15 ms each, and a day has 600.
Here the databases in use keep their connection and wait for the disk only at checkpoints. That is
safe: the log shows what happened, but the lake and its run records prove it. Files and tables are
Dagster's own, so both classes read them.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy
from dagster import AssetCheckEvaluation, EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import StaticPool

_INDEX = "index"
_BUSY_SECONDS = 60
_OPEN_FILES = 8


class DeskEventLog(SqliteEventLogStorage):
    """Event log of the desk, named in ``dagster.yaml``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Before super().__init__: that already reads.
        self._lock = threading.RLock()
        self._engines: dict[str, sqlalchemy.Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "DeskEventLog":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def run_connection(self, run_id: str | None = None) -> Iterator[sqlalchemy.Connection]:
        with self._connection(run_id or "") as connection:
            yield connection

    @contextmanager
    def index_connection(self) -> Iterator[sqlalchemy.Connection]:
        with self._connection(_INDEX) as connection:
            yield connection

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Dagster asks the database for every event of a check."""
        return super().supports_asset_checks

    def store_asset_events(self, events: Sequence[EventLogEntry]) -> None:
        """Store many materialisations and check evaluations of a new run at once.

        Asset pages show the same as after ``store_event`` one by one, in a tenth of the time. The
        page of the run itself lists none of these events.
        """
        rows = [self._event_to_row(event) for event in events]
        if not rows:
            return
        with self.index_connection() as connection:
            last = sqlalchemy.select(sqlalchemy.func.max(SqlEventLogStorageTable.c.id))
            first_id = (connection.execute(last).scalar() or 0) + 1
            for number, row in enumerate(rows, first_id):
                row["id"] = number
            connection.execute(SqlEventLogStorageTable.insert(), rows)
            newest = {}
            checks = []
            for event, row in zip(events, rows, strict=True):
                if isinstance(event.get_dagster_event().event_specific_data, AssetCheckEvaluation):
                    checks.append(_check_row(event, row))
                else:
                    newest[row["asset_key"]] = (event, row["id"])
            for event, number in newest.values():
                self._store_asset_event(connection, event, number)
            if checks:
                connection.execute(AssetCheckExecutionsTable.insert(), checks)

    def dispose(self) -> None:
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()

    @contextmanager
    def _connection(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            with super()._connect(shard):
                # Dagster creates or upgrades the file when it first opens it.
                pass
            self._close_other_runs(shard)
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            sqlalchemy.event.listen(engine, "connect", _wait_at_checkpoints_only)
            self._engines[shard] = engine
        return self._engines[shard]

    def _close_other_runs(self, shard: str) -> None:
        """Keep few files open: a server sees many runs, one after the other."""
        if shard != _INDEX and len(self._engines) > _OPEN_FILES:
            for other in [other for other in self._engines if other != _INDEX]:
                self._engines.pop(other).dispose()


def _check_row(event: EventLogEntry, row: Mapping[str, Any]) -> dict[str, Any]:
    evaluation = event.get_dagster_event().event_specific_data
    status = AssetCheckExecutionRecordStatus
    return {
        "asset_key": evaluation.asset_key.to_string(),
        "check_name": evaluation.check_name,
        "partition": evaluation.partition,
        "run_id": event.run_id,
        "execution_status": (status.SUCCEEDED if evaluation.passed else status.FAILED).value,
        "evaluation_event": row["event"],
        "evaluation_event_timestamp": row["timestamp"],
        "evaluation_event_storage_id": row["id"],
    }


def _wait_at_checkpoints_only(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
