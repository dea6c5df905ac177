"""The checks of one row, as database expressions generated from the contract.

No text from a file becomes part of a statement. Values arrive as data; names and patterns come
from ``reporting.contract``.
"""

from collections.abc import Iterator, Sequence

from duckdb import CaseExpression as Case
from duckdb import ColumnExpression as Col
from duckdb import ConstantExpression as Const
from duckdb import DuckDBPyRelation, Expression, SQLExpression
from duckdb import FunctionExpression as Function
from sqlglot import exp

from reporting.contract.streams import PATTERNS, Column, Stream
from reporting.feeds.lines import EXCERPT_CHARACTERS

NULL = Const(None)
_MOMENTS = {"date": exp.DataType.build("DATE"), "time": exp.DataType.build("TIMESTAMPTZ")}


def json_values(batches: DuckDBPyRelation, stream: Stream) -> DuckDBPyRelation:
    """Adds ``parts``: the values of each record in contract order, null if it is not a record."""
    text, keys = Col("text"), Function("json_keys", Col("text"))
    paths = Const([f'$."{name}"' for name in stream.column_names])
    repeated = Function("len", keys) != Function("len", Function("list_distinct", keys))
    # The order matters: each branch is only evaluated where those before it did not apply.
    parts = (
        Case(Col("rule_id").isnotnull(), NULL)
        .when(Col("fields").isnotnull(), Col("fields"))
        .when(~Function("json_valid", text), NULL)
        .when(Function("json_type", text) != Const("OBJECT"), NULL)
        .when(repeated, NULL)
        .otherwise(Function("json_extract_string", text, paths))
    )
    return batches.select(Col("line"), text, Col("rule_id"), parts.alias("parts"))


def csv_values(batches: DuckDBPyRelation, width: int) -> DuckDBPyRelation:
    """Adds ``parts``: the fields of each line, null unless there are ``width`` of them."""
    split = Case(Col("fields").isnotnull(), Col("fields")).otherwise(
        Function("string_split", Col("text"), Const(","))
    )
    lines = batches.select(Col("line"), Col("text"), Col("rule_id"), split.alias("split"))
    right = Col("rule_id").isnull() & (Function("len", Col("split")) == Const(width))
    parts = Case(right, Col("split")).otherwise(NULL)
    return lines.select(Col("line"), Col("text"), Col("rule_id"), parts.alias("parts"))


def checked_rows(
    rows: DuckDBPyRelation, stream: Stream, places: Sequence[int], unread_rule: str, sha256: str
) -> DuckDBPyRelation:
    """file_sha256, line, the contract's columns, rule_id, column_name, excerpt.

    ``places``: the position of each column in ``parts``, from 1, or 0 if the file lacks it.
    ``unread_rule``: the rule that a row breaks if its ``parts`` are null. Empty text becomes null.
    """
    columns = []
    for column, place in zip(stream.columns, places, strict=True):
        value = Function("list_extract", Col("parts"), Const(place)) if place else NULL
        filled = Case(value == Const(""), NULL).otherwise(value).cast("VARCHAR")
        columns.append(filled.alias(column.name))
    rows = rows.select(
        Col("line"), Col("text"), Col("rule_id").alias("text_rule"), Col("parts"), *columns
    )

    faults = list(_column_faults(stream))
    code = Case(Col("text_rule").isnotnull(), Const(-1)).when(Col("parts").isnull(), Const(0))
    for number, (condition, _, _) in enumerate(faults, start=1):
        code = code.when(condition, Const(number))
    named = [Col(column.name) for column in stream.columns]
    carried = [Col(name) for name in ("line", "text", "text_rule", "parts")]
    rows = rows.select(*carried, *named, code.otherwise(NULL).alias("fault"))

    fault = Col("fault")
    rule_ids = Const([rule_id for _, rule_id, _ in faults])
    names = Const([name for _, _, name in faults])
    rule = (
        Case(fault == Const(-1), Col("text_rule"))
        .when(fault == Const(0), Const(unread_rule))
        .otherwise(Function("list_extract", rule_ids, fault))
    )
    column_name = Case(fault > Const(0), Function("list_extract", names, fault)).otherwise(NULL)
    source = Col("text")
    where = dict(zip(stream.column_names, places, strict=True))
    value_places = Const([where.get(name, 0) for _, _, name in faults])
    value = Function("list_extract", Col("parts"), Function("list_extract", value_places, fault))
    seen = Case((fault > Const(0)) & value.isnotnull() & (value != Const("")), value)
    return rows.select(
        Const(sha256).alias("file_sha256"),
        Col("line"),
        *named,
        Case(fault.isnotnull(), rule).otherwise(NULL).cast("VARCHAR").alias("rule_id"),
        column_name.cast("VARCHAR").alias("column_name"),
        Case(fault.isnotnull(), _printable(seen.otherwise(source)))
        .otherwise(NULL)
        .alias("excerpt"),
    )


def _column_faults(stream: Stream) -> Iterator[tuple[Expression, str, str]]:
    """(condition, rule id, column) in column order; the first that applies is reported."""
    for column in stream.columns:
        value = Col(column.name)
        if column.required:
            yield value.isnull(), "ROW-REQUIRED", column.name
        yield (
            ~Function("regexp_full_match", value, Const(PATTERNS[column.kind])),
            "ROW-KIND",
            column.name,
        )
        if column.kind in _MOMENTS:
            # 30 February and 25:00 match the pattern.
            yield value.isnotnull() & _exists(column).isnull(), "ROW-KIND", column.name
        if column.choices:
            choices = map(Const, column.choices)
            yield value.isnotnull() & value.isnotin(*choices), "ROW-CHOICE", column.name
    for group in stream.one_of:
        empty = Col(group[0]).isnull()
        for name in group[1:]:
            empty = empty & Col(name).isnull()
        yield empty, "ROW-ONE-OF", " or ".join(group)


def _exists(column: Column) -> Expression:
    """The date or moment that a text names, null if it does not exist."""
    name = exp.column(column.name, quoted=True)
    return SQLExpression(exp.TryCast(this=name, to=_MOMENTS[column.kind]).sql("duckdb"))


def _printable(text: Expression) -> Expression:
    start = Function("left", text, Const(EXCERPT_CHARACTERS))
    return Function("regexp_replace", start, Const(r"[\p{C}]"), Const("?"), Const("g"))
