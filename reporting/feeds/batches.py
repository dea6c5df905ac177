"""A staged file as Arrow batches for the database, one function for each format.

The database splits ordinary lines itself, which is fast. It would misread quoted CSV fields and
fractional JSON numbers, so lines with those are split here, exactly.
"""

import csv
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reporting.contract.streams import Stream
from reporting.feeds import json_text
from reporting.feeds.formats import header_fields
from reporting.feeds.lines import BATCH_SCHEMA, BadLine, Lines, excerpt, read_lines
from reporting.feeds.records import LandedFile

_RECORDS_PER_BATCH = 20_000


def csv_header(file: LandedFile, stream: Stream) -> list[str]:
    """The columns of a staged CSV file in file order, under the contract's names."""
    with open(file.staged, "rb") as source:
        return stream.names_of(header_fields(source.readline(file.max_line_bytes + 1)))


def csv_batches(file: LandedFile) -> Iterator[pa.RecordBatch]:
    """The lines below the header; ``fields`` follow the column order of the file."""
    for lines in read_lines(file.staged, file.max_line_bytes):
        if len(lines.numbers) and lines.numbers[0] == 1:
            lines = Lines(lines.numbers[1:], lines.text[1:], lines.bad)
        quoted = pc.match_substring(lines.text, '"')
        yield from _batches(lines, quoted, "ROW-FIELDS", _csv_fields)


def ndjson_batches(file: LandedFile, stream: Stream) -> Iterator[pa.RecordBatch]:
    """One record per line; ``fields`` follow the column order of the contract."""
    for lines in read_lines(file.staged, file.max_line_bytes):
        yield from _json_batches(lines, stream)


def page_batches(file: LandedFile, stream: Stream) -> Iterator[pa.RecordBatch]:
    """The records of a page document, each with the line on which it starts."""
    numbers, texts, bad = [], [], []
    for record in json_text.page_records(file.staged.read_bytes(), stream.wrapper):
        fault = record if isinstance(record, BadLine) else _fault(*record, file.max_line_bytes)
        if fault:
            bad.append(fault)
        else:
            numbers.append(record[0])
            texts.append(record[1])
        if len(texts) + len(bad) >= _RECORDS_PER_BATCH:
            yield from _json_batches(_lines(numbers, texts, bad), stream)
            numbers, texts, bad = [], [], []
    yield from _json_batches(_lines(numbers, texts, bad), stream)


def _fault(line: int, text: str, max_line_bytes: int) -> BadLine | None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        return BadLine(line, "ROW-TEXT", excerpt(text))
    if size > max_line_bytes:
        return BadLine(line, "ROW-LENGTH", excerpt(text))
    return None


def _lines(numbers: list[int], texts: list[str], bad: list[BadLine]) -> Lines:
    return Lines(np.array(numbers, dtype=np.int64), pa.array(texts, pa.string()), bad)


def _json_batches(lines: Lines, stream: Stream) -> Iterator[pa.RecordBatch]:
    inexact = pc.match_substring_regex(lines.text, json_text.DUCKDB_WOULD_CHANGE)

    def split(text: str) -> list[str | None]:
        return json_text.values(text, stream.column_names)

    yield from _batches(lines, inexact, "ROW-JSON", split)


def _csv_fields(text: str) -> list[str]:
    return next(csv.reader([text], strict=True))


def _batches(lines: Lines, by_hand: pa.BooleanArray, rule_id: str, split) -> Iterator:
    """One batch of the lines, those marked ``by_hand`` already split, and one of the bad lines."""
    fields = pa.nulls(len(lines.text), BATCH_SCHEMA.field("fields").type)
    rules = pa.nulls(len(lines.text), pa.string())
    if pc.any(by_hand).as_py():
        split_fields: list[Sequence[str | None] | None] = [None] * len(lines.text)
        faults: list[str | None] = [None] * len(lines.text)
        for index in np.flatnonzero(by_hand.to_numpy(zero_copy_only=False)).tolist():
            try:
                split_fields[index] = split(lines.text[index].as_py())
            except (csv.Error, json_text.BadRecord):
                faults[index] = rule_id
        fields = pa.array(split_fields, fields.type)
        rules = pa.array(faults, pa.string())
    if len(lines.text):
        columns = [pa.array(lines.numbers), lines.text, fields, rules]
        yield pa.RecordBatch.from_arrays(columns, schema=BATCH_SCHEMA)
    if lines.bad:
        rows = [
            {"line": bad.line, "text": bad.excerpt, "fields": None, "rule_id": bad.rule_id}
            for bad in lines.bad
        ]
        yield pa.RecordBatch.from_pylist(rows, schema=BATCH_SCHEMA)
