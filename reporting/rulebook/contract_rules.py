"""Rules whose SELECT follows from the contract, because they hold for every stream.

Each has its record in ``data_checks/rulebook/``, like a rule with a file in ``data_checks/sql/``.
"""

from reporting.contract import STREAMS
from reporting.contract.casts import numbered_rows, typed_value
from reporting.contract.streams import Column, Stream


def duplicate_keys() -> str:
    """Keys that one file states several times, in a stream that may not repeat a key."""
    streams = [s for s in STREAMS.values() if s.key and not s.may_repeat_a_key]
    return "UNION ALL\n".join(_duplicate_keys(stream) for stream in streams)


def _duplicate_keys(stream: Stream) -> str:
    key = ", ".join(stream.key)
    return f"""\
SELECT
    '{stream.name}: ' || CONCAT_WS('/', {key}) AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.{stream.name}
WHERE business_date = $business_date
GROUP BY file_sha256, {key}
HAVING COUNT(*) > 1
"""


def conflicting_terms() -> str:
    """Rows that do not count and whose terms differ from those of the row that counts."""
    streams = [stream for stream in STREAMS.values() if stream.terms]
    numbered = "".join(f"numbered_{s.name} AS (\n{numbered_rows(s)}),\n" for s in streams)
    compared = "    UNION ALL\n".join(_compared(stream) for stream in streams)
    return f"""\
WITH {numbered}compared AS (
{compared})
SELECT
    subject,
    'differs from the row that counts in ' || differences AS detail,
    file_sha256,
    line
FROM compared
WHERE differences <> ''
"""


def _compared(stream: Stream) -> str:
    key = ", ".join(f"other.{column}" for column in stream.key)
    same_key = " AND ".join(f"counted.{column} = other.{column}" for column in stream.key)
    differences = ",\n            ".join(
        f"CASE WHEN {condition} THEN '{column}' END" for column, condition in _changes(stream)
    )
    return f"""\
    SELECT
        '{stream.name}: ' || CONCAT_WS('/', {key}) AS subject,
        CONCAT_WS(
            ', ',
            {differences}
        ) AS differences,
        other.file_sha256,
        other.line
    FROM numbered_{stream.name} AS other
    JOIN numbered_{stream.name} AS counted
        ON {same_key}
        AND counted.newest = 1
"""


def _changes(stream: Stream) -> list[tuple[str, str]]:
    """For each term the SQL condition that it differs between ``other`` and ``counted``."""
    columns = {column.name: column for column in stream.columns}

    def differ(name: str) -> str:
        column = columns[name]
        values = [_comparable(column, f"{row}.{name}") for row in ("other", "counted")]
        return f"{values[0]} IS DISTINCT FROM {values[1]}"

    statuses = ", ".join(f"'{status}'" for status in stream.terms.open_statuses)
    both_open = f"other.status IN ({statuses}) AND counted.status IN ({statuses})"
    return [
        *((name, differ(name)) for name in stream.terms.always),
        *((name, f"{both_open} AND {differ(name)}") for name in stream.terms.while_open),
    ]


def _comparable(column: Column, text: str) -> str:
    """SQL of a value in which 50 equals 50.0, and a time equals itself in another zone."""
    if column.kind == "decimal":
        return f"CAST({text} AS DECIMAL(38, 12))"
    return typed_value(column, text)


SELECTS = {
    "VALIDATE-DUPLICATE-KEY": duplicate_keys(),
    "VALIDATE-TERMS-CONFLICT": conflicting_terms(),
}
"""The SELECT of each such rule, by rule id."""
