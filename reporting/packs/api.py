"""The front of the packs: tables of ``sql/disclose`` in, finished PDF files out.

Rendering happens in a child process (``process``, ``child``) that is limited in memory and time
and sees none of the machine's fonts; files appear under their final name only when they are
complete and on disk.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from reporting.files import put, sync
from reporting.packs.process import PackError, run_child
from reporting.settings import ROOT

PACKS = ("daily-risk-and-margin", "stress-tests", "default-management")
"""Packs that can be rendered, in the order in which a reader takes them up."""
RECORD = "default-record"
"""Pack of one default drill, made by ``reporting drill`` from its record alone."""
EDITIONS = ("confidential",)
"""Editions on offer. ``confidential`` names members and accounts."""
SUPERSEDED = "superseded"
"""Folder beside the packs of a date for those that its figures no longer give."""
DISCLOSE_SQL = ROOT / "sql" / "disclose"
MEMORY_BYTES = 3 * 2**30
TIMEOUT_SECONDS = 300


@dataclass(frozen=True)
class PackFile:
    """One finished pack: its file, hash, size in bytes and number of pages."""

    pack: str
    edition: str
    file_name: str
    sha256: str
    bytes: int
    pages: int


def render_packs(
    tables: Mapping[str, list[dict]],
    business_date: date,
    out: Path,
    edition: str = "confidential",
    packs: tuple[str, ...] = PACKS,
    provenance: Mapping[str, str] | None = None,
    memory_bytes: int = MEMORY_BYTES,
    timeout_seconds: int = TIMEOUT_SECONDS,
) -> list[PackFile]:
    """Write ``<out>/<business_date>-<pack>-<edition>.pdf`` for each of ``packs``.

    ``tables``: result rows of ``sql/disclose/<name>.sql`` by ``<name>``; amounts are
    integers in the unit of the column's name; for ``RECORD`` alone, ``files_landed`` and the
    record as JSON text in ``default_record``. ``provenance``: what the packs were
    prepared from, printed on the cover in the given order; identical arguments give
    identical bytes, so it must not name a run or a time. A file of other bytes under the
    name of a new one is kept in ``superseded``. Raises ``PackError``; then no file of this
    call has its final name.
    """
    if edition not in EDITIONS:
        raise PackError(f"edition {edition!r} is not on offer; choose from: {', '.join(EDITIONS)}")
    unknown = sorted(set(packs) - {*PACKS, RECORD})
    if unknown:
        raise PackError(f"no pack {unknown[0]!r}; choose from: {', '.join((*PACKS, RECORD))}")
    needed = {path.stem for path in DISCLOSE_SQL.glob("*.sql")}
    if set(packs) == {RECORD}:
        needed = {"default_record", "files_landed"}
    missing = sorted(needed - set(tables))
    if missing:
        raise PackError(
            f"no table {missing[0]!r}: run sql/disclose/{missing[0]}.sql for the business date"
        )
    request = {
        "business_date": business_date.isoformat(),
        "edition": edition,
        "packs": list(packs),
        "provenance": dict(provenance or {}),
        "tables": {name: _plain_rows(name, rows) for name, rows in tables.items()},
    }
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".packs-", dir=out) as folder:
        scratch = Path(folder).resolve()
        answer = run_child(request, scratch, memory_bytes, timeout_seconds)
        files = []
        for entry in answer["files"]:
            name = f"{business_date.isoformat()}-{entry['pack']}-{edition}.pdf"
            data = (scratch / entry["name"]).read_bytes()
            files.append(
                PackFile(
                    entry["pack"],
                    edition,
                    name,
                    hashlib.sha256(data).hexdigest(),
                    len(data),
                    entry["pages"],
                )
            )
        for entry, file in zip(answer["files"], files, strict=True):
            set_aside_unless(out / file.file_name, file.sha256)
            put(scratch / entry["name"], out / file.file_name)
    return files


def set_aside_all_but(out: Path, listed: Mapping[str, str]) -> None:
    """Move the PDFs of ``out`` that are not ``listed`` (hash by name) to ``superseded``.

    They were right once and somebody may have them, so they are kept; but a reader of the
    folder must not take them for packs of today's figures.
    """
    if out.is_dir():
        for pdf in sorted(out.glob("*.pdf")):
            set_aside_unless(pdf, listed.get(pdf.name, ""))
        sync(out)


def set_aside_unless(path: Path, sha256: str) -> None:
    """Keep a file of other bytes as ``superseded/<start of its hash>-<name>``."""
    if not path.exists():
        return
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found == sha256:
        return
    folder = path.parent / SUPERSEDED
    folder.mkdir(exist_ok=True)
    put(path, folder / f"{found[:12]}-{path.name}")


def _plain_rows(table: str, rows: list[dict]) -> list[dict]:
    return [{name: _plain(table, name, value) for name, value in row.items()} for row in rows]


def _plain(table: str, column: str, value):
    """A value as JSON knows it: dates and times as ISO text (UTC), whole decimals as int."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    kind = type(value).__name__
    raise PackError(f"disclose.{table}.{column}: a {kind} cannot be printed; use whole numbers")
