"""Values that landing takes and returns: limits, known files, landed files, findings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from reporting.contract.finding import Finding


class Status(StrEnum):
    """The outcome of landing a file.

    LANDED: its rows count. DUPLICATE: the same bytes have landed before. BLOCKED: another file
    has its sequence number, and a person must decide. REFUSED: it breaks a landing rule.
    WAITING: an earlier sequence number is missing and may still arrive before the cut-off.
    """

    LANDED = "LANDED"
    DUPLICATE = "DUPLICATE"
    BLOCKED = "BLOCKED"
    REFUSED = "REFUSED"
    WAITING = "WAITING"


@dataclass(frozen=True)
class Limits:
    """Size limits in bytes; reading stops beyond them.

    ``max_ratio``: the largest allowed ratio of a file to its gzip. Files smaller than
    ``ratio_from_bytes`` can do no harm and are exempt.
    ``max_page_bytes``: the limit of a page document, lower because it is split in memory.
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
    """A file of another business date, as recorded in the lake."""

    sender: str
    stream: str
    sequence: int
    sha256: str
    business_date: date
    status: str


@dataclass(frozen=True)
class LandedFile:
    """One file that arrived with a readable manifest, whatever its status.

    ``file_sha256`` and ``manifest_sha256`` are the hashes of file and manifest; both are objects
    in the store. ``format`` is csv, ndjson or json, with ``.gz`` if compressed. ``bytes`` is the
    size as sent. ``rows_read`` and ``rows_good`` are None until ``load`` has read the file.
    ``staged`` is the unpacked copy to read, None unless the status is LANDED.
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
        """The subject of findings about the file."""
        return f"{self.stream}: {self.name}"


@dataclass(frozen=True)
class Landing:
    """The files of one business date in the order (sender, stream, sequence, hash)."""

    business_date: date
    files: Sequence[LandedFile]
    findings: Sequence[Finding]
