"""Typed tables that follow from the contract alone: the casts and the row that counts.

A stream without a file in ``sql/validate/`` gets its typed table from ``typed_select``. The
unit of a lake column follows from the kind of its wire column:

- ``quantity``: ``_qty``, contracts times 100
- ``price``, ``cents``: ``_centicents``, cut to 1e-4 dollars; ``rounded_price`` and
  ``fine_cents``: rounded to it
- ``multiplier``: ``_e4``, times 10,000
- ``time``: ``_utc`` in place of ``_time``
- ``whole``, ``bps``, ``date`` and ``flag``: the same name, cast; ``decimal`` and all other kinds
  stay text, so that nothing is rounded.
"""

from reporting.contract.streams.vocabulary import Column, Stream

_OWNERS = {"venue": "market operations", "clearing": "clearing operations"}

# Suffix of the lake column, and its value before it becomes a BIGINT.
_NUMBERS = {
    "whole": ("", "{text}"),
    "bps": ("", "{text}"),
    "quantity": ("_qty", "CAST({text} AS DECIMAL(18, 2)) * 100"),
    "price": ("_centicents", "FLOOR(CAST({text} AS DECIMAL(18, 6)) * 10000)"),
    "cents": ("_centicents", "CAST({text} AS DECIMAL(18, 2)) * 100"),
    "rounded_price": ("_centicents", "CAST({text} AS DECIMAL(18, 4)) * 10000"),
    "fine_cents": ("_centicents", "CAST({text} AS DECIMAL(18, 4)) * 100"),
    "multiplier": ("_e4", "CAST({text} AS DECIMAL(18, 4)) * 10000"),
}


def typed_select(stream: Stream) -> str:
    """The SELECT of ``validate.<stream>``, with the header of a file in ``sql/validate/``."""
    which = "of rows with one key the last file's counts" if stream.key else "rows have no key"
    columns = ",\n    ".join(["business_date", *_lake_columns(stream), "file_sha256", "line"])
    head = (
        f"-- grain: {stream.grain}\n"
        f"-- meaning: the stream {stream.name} of the day, cast from text; {which}\n"
        f"-- owner: {_OWNERS[stream.sender]}\n"
    )
    if not stream.key:
        return (
            f"{head}SELECT\n    {columns}\nFROM land.{stream.name}\n"
            "WHERE business_date = $business_date\n"
        )
    return (
        f"{head}WITH numbered AS (\n{numbered_rows(stream)})\n"
        f"SELECT\n    {columns}\nFROM numbered\nWHERE newest = 1\n"
    )


def numbered_rows(stream: Stream) -> str:
    """SELECT of a day's landed rows with ``newest``: 1 for the row of a key that counts.

    That is a row of the last file by sequence. Within a file the first row counts, or the last
    where the sender may repeat a key: its rows are successive states.
    """
    key = ", ".join(f"landed.{column}" for column in stream.key)
    last_line = "landed.line DESC" if stream.may_repeat_a_key else "landed.line"
    return f"""\
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY {key}
            ORDER BY files.sequence DESC, landed.file_sha256, {last_line}
        ) AS newest
    FROM land.{stream.name} AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
"""


def typed_value(column: Column, text: str) -> str:
    """SQL of a column's typed value; ``text`` is the SQL of its text."""
    if column.kind in _NUMBERS:
        return f"CAST({_number(column, text)} AS BIGINT)"
    match column.kind:
        case "flag" if column.required:
            return f"LOWER({text}) = 'true'"
        case "flag":
            return f"COALESCE(LOWER({text}), 'false') = 'true'"
        case "date":
            return f"CAST({text} AS DATE)"
        case "time":
            return f"CAST(CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
        case "id" if not column.required:
            return f"NULLIF({text}, '')"
    return _filled(column, text)


def _lake_columns(stream: Stream) -> list[str]:
    newer = {column.replaces: column for column in stream.columns if column.replaces}
    columns = []
    for column in stream.columns:
        if not column.cast or column.replaces:
            continue
        value, name = typed_value(column, column.name), _lake_name(column)
        if column.name in newer:
            both = [_number(source, source.name) for source in (newer[column.name], column)]
            value = f"CAST(COALESCE({', '.join(both)}) AS BIGINT)"
        columns.append(value if value == name else f"{value} AS {name}")
    return columns


def _lake_name(column: Column) -> str:
    name = column.lake_name or column.name
    if column.kind == "time":
        return name.removesuffix("_time").removesuffix("_ts") + "_utc"
    return name + _NUMBERS.get(column.kind, ("", ""))[0]


def _number(column: Column, text: str) -> str:
    return _NUMBERS[column.kind][1].format(text=_filled(column, text))


def _filled(column: Column, text: str) -> str:
    """The text, or what stands for it where the sender gave none."""
    if column.default:
        return f"COALESCE(NULLIF({text}, ''), '{column.default}')"
    if column.default == "" or (column.kind == "text" and not column.required):
        return f"COALESCE({text}, '')"
    return text
