"""Open the lake, read it as of a snapshot, and commit one stage of one date.

Every connection is locked down once attached: no file outside the home folder
can be read or written by SQL, no extension can be fetched, and the configuration
cannot be changed again.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from reporting.errors import UserError
from reporting.lake.extensions import connect_with
from reporting.lake.recovery import undo_killed_commit
from reporting.lake.statements import literal, options, statement
from reporting.settings import Settings

STAGES = ("land", "validate", "recompute", "stress", "disclose")
"""The stages in flow order; each is a schema of the lake and a folder of ``sql/``."""

_BUSY_MILLISECONDS = 60_000


@dataclass(frozen=True)
class Snapshot:
    """One commit: its number, time and message."""

    snapshot_id: int
    committed_utc: datetime
    author: str
    message: str
    stage: str
    business_date: str
    read_snapshot: int | None


class Transaction:
    """Handle of an open commit."""

    def __init__(self) -> None:
        self.abandoned = False

    def abandon(self) -> None:
        """Roll the commit back at its end; it leaves nothing behind."""
        self.abandoned = True


class Lake:
    """A connection to the lake. Use ``open_lake`` to get one."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, author: str, catalog_schema: str
    ) -> None:
        self.connection = connection
        self._author = author
        self.catalog_schema = catalog_schema

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> "Lake":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def snapshot_id(self) -> int:
        """Number of the newest snapshot."""
        return self.connection.execute("SELECT id FROM lake.current_snapshot()").fetchone()[0]

    def snapshots(self) -> list[Snapshot]:
        """All commits, oldest first."""
        rows = self.connection.execute(
            "SELECT snapshot_id, snapshot_time, author, commit_message, commit_extra_info"
            " FROM lake.snapshots() ORDER BY snapshot_id"
        ).fetchall()
        return [_snapshot(row) for row in rows]

    def stages_written(self, business_date: date) -> set[str]:
        """The stages of a date that were ever committed."""
        rows = self.connection.execute(
            "SELECT DISTINCT commit_extra_info FROM lake.snapshots()"
            " WHERE commit_extra_info LIKE ?",
            [f'%"business_date": "{business_date}"%'],
        ).fetchall()
        return {json.loads(row[0])["stage"] for row in rows}

    @contextmanager
    def commit(
        self, stage: str, business_date: date | str, message: str, read_snapshot: int | None = None
    ) -> Iterator["Transaction"]:
        """One transaction: everything inside becomes one snapshot, or nothing does.

        ``read_snapshot``: the snapshot that the work is based on; it is stored with the commit.
        """
        about = {
            "stage": stage,
            "business_date": str(business_date),
            "read_snapshot": read_snapshot,
        }
        transaction = Transaction()
        self.connection.execute("BEGIN")
        try:
            yield transaction
            if transaction.abandoned:
                self._rollback()
                return
            self.connection.execute(
                "CALL lake.set_commit_message(?, ?, extra_info => ?)",
                [self._author, message, json.dumps(about)],
            )
            self.connection.execute("COMMIT")
        except BaseException:
            self._rollback()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One transaction for many reads of the lake, all of the same snapshot.

        It is also faster: outside of one, every statement asks the catalog for the newest snapshot.
        Temporary tables may be made inside; an error removes them again.
        """
        self.connection.execute("BEGIN")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.TransactionException:
            # DuckDB ends a transaction by itself after some errors.
            return

    def columns(self) -> dict[str, dict[str, str]]:
        """Columns and types of every table of the lake, by ``stage.table``."""
        rows = self.connection.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = 'lake' ORDER BY schema_name, table_name, column_index"
        ).fetchall()
        columns: dict[str, dict[str, str]] = {}
        for schema, table, column, kind in rows:
            columns.setdefault(f"{schema}.{table}", {})[column] = kind
        return columns


def open_lake(
    settings: Settings, *, read_only: bool = False, as_of: int | None = None, isolated: bool = False
) -> Lake:
    """Attach the lake of ``settings``.

    ``as_of`` reads the state of an earlier snapshot and implies ``read_only``.
    ``isolated`` allows no file access but the lake's own data (for ``reporting sql``).
    """
    read_only = read_only or as_of is not None
    postgres = settings.catalog.startswith("postgres")
    if read_only and not postgres and not settings.lake_catalog.exists():
        raise UserError(
            f"there is no lake in {settings.home}; make one with `reporting run --home ...`"
        )
    settings.lake_data.mkdir(parents=True, exist_ok=True)
    settings.staging.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | int | bool] = {
        "memory_limit": settings.memory_limit,
        "temp_directory": str(settings.staging / "spill"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if settings.threads:
        config["threads"] = settings.threads
    connection = connect_with(config, "ducklake", "postgres" if postgres else "sqlite")
    connection.execute("SET TimeZone = 'UTC'")
    # A progress bar would appear in the output of a command.
    connection.execute("SET enable_progress_bar = false")
    # The lake's files never change, and a process that runs many dates reads them many times.
    connection.execute("SET parquet_metadata_cache = true")
    target = settings.catalog if postgres else f"sqlite:{settings.lake_catalog}"
    attach_options: dict[str, str | int | bool] = {"DATA_PATH": f"{settings.lake_data}/"}
    if not postgres:
        # The data lie beside the catalog, wherever the home folder was moved to.
        attach_options["OVERRIDE_DATA_PATH"] = True
        # A commit waits that long for a reader with an open transaction.
        attach_options["META_BUSY_TIMEOUT"] = _BUSY_MILLISECONDS
    if read_only:
        attach_options["READ_ONLY"] = True
        if not postgres:
            undo_killed_commit(settings.lake_catalog)
    if as_of is not None:
        attach_options["SNAPSHOT_VERSION"] = as_of
    try:
        connection.execute(
            statement(
                "ATTACH {target} AS lake ({options})",
                target=literal(f"ducklake:{target}"),
                options=options(attach_options),
            )
        )
    except duckdb.Error as error:
        connection.close()
        raise UserError(_attach_message(settings, as_of, error)) from None
    connection.execute("USE lake")
    allowed = [settings.lake_data] if isolated else [settings.home]
    connection.execute("SET allowed_directories = ?", [[f"{path}/" for path in allowed]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return Lake(connection, settings.author, "public" if postgres else "main")


def open_newest(settings: Settings) -> Lake:
    """The newest snapshot of the lake, for a long read.

    Later commits do not show, and no transaction is open that would keep a run from committing.
    """
    with open_lake(settings, read_only=True) as lake:
        snapshot = lake.snapshot_id()
    return open_lake(settings, as_of=snapshot)


def _attach_message(settings: Settings, as_of: int | None, error: duckdb.Error) -> str:
    first = str(error).splitlines()[0]
    if settings.catalog:
        # The connection string may hold a password.
        first = first.replace(settings.catalog.removeprefix("postgres:"), "...")
    if as_of is not None:
        return f"snapshot {as_of} cannot be read: {first}; `reporting status` lists snapshots"
    where = "REPORTING_CATALOG" if settings.catalog else str(settings.lake_catalog)
    return f"the lake catalog {where} cannot be opened: {first}"


def _snapshot(row: tuple) -> Snapshot:
    about = json.loads(row[4]) if row[4] else {}
    return Snapshot(
        snapshot_id=row[0],
        committed_utc=row[1],
        author=row[2] or "",
        message=row[3] or "",
        stage=about.get("stage", ""),
        business_date=about.get("business_date", ""),
        read_snapshot=about.get("read_snapshot"),
    )
