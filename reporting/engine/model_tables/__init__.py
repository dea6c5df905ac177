"""Tables that the model makes: what they hold and what they read, a file per part of the flow.

The values come from ``recompute.py``, ``cycles.py``, ``stress.py`` and ``disclose.py``; this
is their declaration, as the header of a SQL file is for a SELECT.
"""

import pyarrow

from reporting.engine.model_tables import (
    backtest,
    comparison,
    cycles,
    disclose,
    margin,
    metrics,
    stress,
)
from reporting.engine.model_tables.declaration import ModelTable

__all__ = ["MODEL_TABLES", "ModelTable", "schema_of"]

MODEL_TABLES = (
    *margin.TABLES,
    *comparison.TABLES,
    *cycles.TABLES,
    *metrics.TABLES,
    *stress.TABLES,
    *backtest.TABLES,
    *disclose.TABLES,
)

_ARROW = {
    "VARCHAR": pyarrow.string(),
    "BIGINT": pyarrow.int64(),
    "DOUBLE": pyarrow.float64(),
    "BOOLEAN": pyarrow.bool_(),
    "TIMESTAMP": pyarrow.timestamp("us"),
    "DATE": pyarrow.date32(),
}


def schema_of(name: str) -> pyarrow.Schema:
    """The columns of a declared table, for a producer that may have no row."""
    columns = next(table.columns for table in MODEL_TABLES if table.name == name)
    return pyarrow.schema([(column, _ARROW[kind]) for column, kind in columns.items()])
