"""What landing takes and gives: limits, files known before, files landed, findings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from reporting.contract.finding import Finding


class Status(StrEnum):
    """What became of a file.

    LANDED: its rows count. DUPLICATE: the same bytes again, nothing to do. BLOCKED: another
    file holds its sequence number, a person decides. REFUSED: broke a rule of landing.
    WAITING: an earlier number of its sequence is missing and may still come before the cut-off.
    """

    LANDED = "LANDED"
    DUPLICATE = "DUPLICATE"
    BLOCKED = "BLOCKED"
    REFUSED = "REFUSED"
    WAITING = "WAITING"


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes beyond which nothing is read on.

    ``max_ratio``: how many times larger than its gzip a file may be; files below
    ``ratio_from_bytes`` are too small to do harm and are not measured.
    ``max_page_bytes``: a page document is split in memory, so it is bounded more tightly.
    ``max_line_bytes``: a longer line goes to quarantine.
    """

    max_bytes: int = 8 << 30
    max_plain_bytes: int = 32 << 30
    max_ratio: int = 200
    ratio_from_bytes: int = 1 << 20
    max_manifest_bytes: int = 1_000_000
    max_page_bytes: int = 64 << 20
    max_line_bytes: int = 128 << 10


@dataclass(frozen=True)
class KnownFile:
    """A file of an earlier business date, as the lake remembers it."""

    sender: str
    stream: str
    sequence: int
    sha256: str
    business_date: date
    status: str


@dataclass(frozen=True)
class LandedFile:
    """One file that came with a readable manifest, whatever became of it.

    ``file_sha256`` is the hash of the bytes that came, ``manifest_sha256`` that of its
    manifest; both are objects of the store. ``format`` is csv, ndjson or json, with
    ``.gz`` where it came compressed. ``bytes`` counts the bytes as they came.
    ``rows_read`` and ``rows_good`` are None until ``load`` has read the file.
    ``staged`` is the plain copy to read from, None unless the status is LANDED.
    """

    file_sha256: str
    stream: str
    sender: str
    sequence: int
    name: str
    format: str
    bytes: int
    rows_claimed: int
    status: Status
    as_of_utc: datetime
    synthetic: bool
    history: bool
    manifest_sha256: str
    rows_read: int | None = None
    rows_good: int | None = None
    control_totals: dict[str, str] = field(default_factory=dict)
    max_line_bytes: int = Limits.max_line_bytes
    staged: Path | None = None

    @property
    def subject(self) -> str:
        return f"{self.stream}: {self.name}"


@dataclass(frozen=True)
class Landing:
    """The files of one business date in the order (sender, stream, sequence, hash)."""

    business_date: date
    files: Sequence[LandedFile]
    findings: Sequence[Finding]
