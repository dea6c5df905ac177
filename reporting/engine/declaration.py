"""How a table of the lake is declared, and the tables that Python makes.

Belongs here: what a table says of itself, and ``@table``, which stands on the function that makes
one. The values that such a function takes are attributes, by the names of its parameters, of the
object that its stage hands to ``run_stage``. No table is named here: the stages say where theirs
are (``tables_in``).
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages

import pyarrow

from reporting.columns import type_of

Rows = pyarrow.Table | str
"""Rows without ``business_date``: an Arrow table, or the name of a temporary table."""

Producer = Callable[..., Rows]
"""Makes the rows of one table for a date."""

_ARROW = {
    "VARCHAR": pyarrow.string(),
    "BIGINT": pyarrow.int64(),
    "DOUBLE": pyarrow.float64(),
    "BOOLEAN": pyarrow.bool_(),
    "TIMESTAMP": pyarrow.timestamp("us"),
    "DATE": pyarrow.date32(),
}


@dataclass(frozen=True)
class Table:
    """One table. ``name`` is ``stage.table``; ``reads`` holds such names too.

    columns: DuckDB type by column, in order. notes: meaning by column, where it differs from
    ``sql/columns.yaml``. sql: its SELECT. producer: the function that makes it, if it has no
    SELECT. made_with: another table of the same computation; if one of them cannot be made,
    neither is. only_with: a table of the same stage; this one is skipped when that one is empty.
    holds_up_readers: whether the tables that read it are skipped when it cannot be made; if not,
    they must say themselves that its rows are missing.
    """

    name: str
    grain: str
    meaning: str
    owner: str
    reads: frozenset[str]
    columns: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    sql: str | None = None
    producer: Producer | None = None
    made_with: str = ""
    only_with: str | None = None
    holds_up_readers: bool = True

    @property
    def stage(self) -> str:
        """The stage that makes it."""
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        """The name without the stage."""
        return self.name.partition(".")[2]

    def make(self, values: object) -> Rows:
        """Rows from the values of the stage that the producer asks for by name."""
        names = inspect.signature(self.producer).parameters
        return self.producer(**{name: getattr(values, name) for name in names})


_tables: dict[str, Table] = {}
_packages: list[str] = []


def table(
    name: str,
    *,
    grain: str,
    meaning: str,
    reads: str,
    columns: str,
    owner: str = "risk",
    made_with: str = "",
) -> Callable[[Producer], Producer]:
    """Declare the function below as the one that makes a table.

    ``reads`` and ``columns`` are names with spaces between. The columns are in order, without
    ``business_date``; their types are those of ``sql/columns.yaml``. ``made_with``: as in
    ``Table``.
    """

    def declared(producer: Producer) -> Producer:
        declare(
            Table(
                name,
                grain,
                meaning,
                owner,
                frozenset(reads.split()),
                typed(name, columns.split()),
                producer=producer,
                made_with=made_with,
            )
        )
        return producer

    return declared


def declare(declared: Table) -> None:
    """Add a table that is no file of ``sql/``. Raises ValueError when its name is taken."""
    if declared.name in _tables:
        raise ValueError(f"{declared.name} is declared twice")
    _tables[declared.name] = declared


def typed(table_name: str, columns: Iterable[str]) -> dict[str, str]:
    """Columns of a table with their types, the business date first."""
    names = ["business_date", *(name for name in columns if name != "business_date")]
    return {name: type_of(name, table_name) for name in names}


def tables_in(package: str) -> None:
    """Name a package that declares tables.

    Its modules are imported when the tables are first asked for: a command that never asks does
    not wait for the model.
    """
    if package not in _packages:
        _packages.append(package)


def declared_tables() -> Mapping[str, Table]:
    """The tables that are no file of ``sql/``, by name.

    Raises LookupError when no stage has been imported, so that a part is never taken for all.
    """
    if not _packages:
        raise LookupError("no table is declared yet: import reporting.stages first")
    for package in _packages:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    return _tables


def schema_of(name: str) -> pyarrow.Schema:
    """The Arrow schema of a declared table, without ``business_date``."""
    declared = _tables[name] if name in _tables else declared_tables()[name]
    return arrow_schema(
        {column: kind for column, kind in declared.columns.items() if column != "business_date"}
    )


def arrow_schema(columns: Mapping[str, str]) -> pyarrow.Schema:
    """Columns with DuckDB types as Arrow's."""
    return pyarrow.schema([(column, _ARROW[kind]) for column, kind in columns.items()])
