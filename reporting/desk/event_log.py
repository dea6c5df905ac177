"""Dagster's event log in SQLite, with connections kept open.

Dagster makes a new engine and waits for the disk for every event: 15 ms each, and a
day has 600 of them. Here the databases in use keep their connection, and the disk is
waited for at checkpoints only: the log shows what happened, the lake and its run
records prove it. Files and tables are Dagster's own, so both classes read them.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import StaticPool

from dagster import EventLogEntry

_INDEX = "index"
_BUSY_SECONDS = 60


class DeskEventLog(SqliteEventLogStorage):
    """Event log of the desk; ``dagster.yaml`` names it."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Before super().__init__: that already reads.
        self._lock = threading.RLock()
        self._engines: dict[str, sqlalchemy.Engine] = {}
        self._batch: dict[str, sqlalchemy.Connection] | None = None
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

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store all events or none, in one transaction per database."""
        with self._lock, ExitStack() as open_until_all_are_stored:
            self._batch = {}
            try:
                for shard in sorted({event.run_id for event in events} | {_INDEX}):
                    self._batch[shard] = open_until_all_are_stored.enter_context(
                        self._engine(shard).begin()
                    )
                super().store_event_batch(events)
            finally:
                self._batch = None

    def dispose(self) -> None:
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()

    @contextmanager
    def _connection(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._lock:
            if self._batch is not None and shard in self._batch:
                yield self._batch[shard]
                return
            with self._engine(shard).begin() as connection:
                yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            with super()._connect(shard):
                # Dagster makes or upgrades the file when it first opens it.
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
        """A server sees many runs, one after the other; few files stay open."""
        if shard != _INDEX and len(self._engines) > _OPEN_FILES:
            for other in [other for other in self._engines if other != _INDEX]:
                self._engines.pop(other).dispose()


_OPEN_FILES = 8


def _wait_at_checkpoints_only(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
