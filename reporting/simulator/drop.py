"""Writes files into the drop folder, each with its manifest, which comes last.

A file is written under a temporary name and renamed; the manifest follows the same way,
so that nobody ever sees half of either. Same arguments give the same bytes.
"""

import csv
import gzip
import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from reporting.contract import END_OF_DAY, STREAMS
from reporting.contract.manifest import SUFFIX, Manifest
from reporting.simulator import clock

TEMPORARY = ".part"


class _Sink(io.RawIOBase):
    """A file that also counts and hashes the bytes that reach the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self.hash = hashlib.sha256()
        self.bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.hash.update(data)
        self.bytes += len(data)
        return self._file.write(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class DropFile:
    """One file being written; a context manager that publishes it on a clean exit.

    ``add`` takes ready text; ``totals`` are control totals as exact decimals per column.
    """

    def __init__(self, path: Path, manifest_fields: dict, compress: bool) -> None:
        self._path = path
        self._fields = manifest_fields
        self._sink = _Sink(path.with_name(path.name + TEMPORARY))
        self._out = (
            gzip.GzipFile(filename="", fileobj=self._sink, mode="wb", compresslevel=6, mtime=0)
            if compress
            else self._sink
        )
        self.rows = 0
        self._totals: dict[str, Decimal] = {}

    def add(self, data: bytes, rows: int, totals: dict[str, Decimal] | None = None) -> None:
        """Append text that holds ``rows`` rows."""
        self._out.write(data)
        self.rows += rows
        for column, value in (totals or {}).items():
            self._totals[column] = self._totals.get(column, Decimal(0)) + value

    def __enter__(self) -> "DropFile":
        return self

    def __exit__(self, kind, value, trace) -> None:
        if kind is None:
            self.publish()
        else:
            self._close()

    def publish(self) -> None:
        """Finish the file: give it its name, then write its manifest."""
        self._close()
        os.replace(self._path.with_name(self._path.name + TEMPORARY), self._path)
        manifest = Manifest(
            file=self._path.name,
            sha256=self._sink.hash.hexdigest(),
            bytes=self._sink.bytes,
            rows=self.rows,
            control_totals={name: f"{total:f}" for name, total in self._totals.items()},
            **self._fields,
        )
        final = self._path.with_name(self._path.name + SUFFIX)
        part = final.with_name(final.name + TEMPORARY)
        part.write_text(json.dumps(manifest.to_json(), indent=1) + "\n", encoding="utf-8")
        os.replace(part, final)

    def _close(self) -> None:
        if self._out is not self._sink:
            self._out.close()
        self._sink.close()


class DropFolder:
    """The drop folder of one simulation; numbers the files of each stream.

    ``compress`` gzips the large text streams (trades and everything NDJSON or CSV).
    """

    def __init__(self, out: Path, compress: bool = False) -> None:
        self.out = out
        self.files = 0
        self._compress = compress
        self._sequences: Counter = Counter()

    def open(
        self,
        day: date,
        stream: str,
        extension: str,
        *,
        synthetic: bool,
        history: bool = False,
        cycle: str = END_OF_DAY,
    ) -> DropFile:
        """Start the file of one stream and business date, or of a cycle within it."""
        sender = STREAMS[stream].sender
        self._sequences[sender, stream] += 1
        self.files += 1
        folder = self.out / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        suffix, packed = "", ".gz" if self._compress else ""
        # The clearing house sends after the morning's payments; the venue after midnight.
        following = day + timedelta(days=1)
        as_of = clock.new_york(following, 9) if sender == "clearing" else clock.new_york(following)
        within = {}
        if cycle != END_OF_DAY:
            suffix = f"_{cycle.replace(':', '')}"
            as_of, within = clock.cycle(day, cycle), {"cycle": cycle}
        fields = {
            "stream": stream,
            "sender": sender,
            "business_date": day.isoformat(),
            "sequence": self._sequences[sender, stream],
            "as_of": clock.utc_text(as_of),
            "synthetic": synthetic,
            "history": history,
            **within,
        }
        path = folder / f"{stream}_{day.isoformat()}{suffix}.{extension}{packed}"
        return DropFile(path, fields, self._compress)

    def write_records(
        self,
        day: date,
        stream: str,
        records: Iterable[dict],
        *,
        synthetic: bool,
        history: bool = False,
        cycle: str = END_OF_DAY,
    ) -> None:
        """A public stream as NDJSON, records as they are."""
        facts = {"synthetic": synthetic, "history": history, "cycle": cycle}
        with self.open(day, stream, "ndjson", **facts) as file:
            for record in records:
                file.add(json_line(record), 1)

    def write_table(
        self,
        day: date,
        stream: str,
        rows: Iterable[Sequence[object]],
        cycle: str = END_OF_DAY,
    ) -> None:
        """A small clearing stream as CSV; the columns are those of the contract, in order."""
        with self.open_table(day, stream, cycle) as file:
            for row in rows:
                file.add(_csv_line(row), 1)

    def open_table(self, day: date, stream: str, cycle: str = END_OF_DAY) -> DropFile:
        """A clearing stream as CSV with its header written."""
        file = self.open(day, stream, "csv", synthetic=True, cycle=cycle)
        file.add(_csv_line(STREAMS[stream].column_names), 0)
        return file

    def write_published(
        self, day: date, stream: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Published data as CSV, in columns of the contract: real, not synthetic."""
        with self.open(day, stream, "csv", synthetic=False) as file:
            file.add(_csv_line(columns), 0)
            for row in rows:
                file.add(_csv_line(row), 1)


def json_line(record: dict) -> bytes:
    """One NDJSON line; keys keep their order, text its characters."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _csv_line(row: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(row)
    return text.getvalue().encode()
