"""Landing: one day's drop folder becomes stored files, each with a status and findings.

Faults of a whole file are found here. Faults of single rows are found in ``loading``.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from reporting.contract.finding import Finding
from reporting.contract.manifest import SUFFIX, Manifest
from reporting.contract.streams import STREAMS
from reporting.feeds import drop_folder, formats, manifests, sequence
from reporting.feeds.arrivals import promise
from reporting.feeds.drop_folder import DropFolder, NotPlain, shown
from reporting.feeds.formats import Refused
from reporting.feeds.records import KnownFile, LandedFile, Landing, Limits, Status
from reporting.feeds.store import Store, Stored, TooLarge

DEFAULT_LIMITS = Limits()


def land_day(
    inbox: Path,
    business_date: date,
    store: Store,
    known: Sequence[KnownFile],
    staging: Path,
    limits: Limits = DEFAULT_LIMITS,
    waiting_allowed: bool = False,
    accepted: frozenset[str] = frozenset(),
) -> Landing:
    """Land the folder ``inbox/<business date>``.

    ``known``: the files in land.files of other dates. Of later dates only the sequence numbers
    count, so that running a date again gives the same result.
    ``waiting_allowed``: true before the cut-off. A gap then makes files wait, and a file without
    its manifest (or the reverse) is not yet a finding. A daily stream without a file always is.
    ``accepted``: SHA-256 of the files that a person released from a conflict over a sequence
    number. A released file lands; its rivals stay blocked without a finding.
    ``staging``: receives unpacked copies of gzip files, named by hash. It may be emptied after
    ``load``. Raises OSError only for faults of this machine.
    """
    day = _Day(business_date, store, staging, limits)
    try:
        with drop_folder.opened(inbox, business_date) as folder:
            if folder is not None:
                day.read(folder, report_unfinished=not waiting_allowed)
    except NotPlain as error:
        day.find("LAND-LINK", _stray(business_date.isoformat()), str(error))
    decide = partial(sequence.decide, day.files, known, business_date, accepted, waiting_allowed)
    files, findings = decide()
    if _has_gap(files, findings):  # gaps are rare; only then are the other folders read
        files, findings = decide(_promised_elsewhere(inbox, business_date))
    findings += _missing_streams(files, business_date, waiting_allowed)
    return Landing(business_date, files, day.findings + findings)


def _has_gap(files: Sequence[LandedFile], findings: Sequence[Finding]) -> bool:
    waits = any(file.status == Status.WAITING for file in files)
    return waits or any(finding.rule_id == "LAND-SEQUENCE-GAP" for finding in findings)


def _promised_elsewhere(inbox: Path, business_date: date) -> frozenset[sequence.Number]:
    """The numbers in the manifests of other dates, which are checked when those dates land."""
    numbers = set()
    for other in drop_folder.list_days(inbox):
        if other == business_date:
            continue
        with drop_folder.opened(inbox, other) as folder:
            for name in folder.names() if folder is not None else []:
                if name.endswith(SUFFIX) and (manifest := promise(folder, name)):
                    numbers.add((manifest.sender, manifest.stream, manifest.sequence))
    return frozenset(numbers)


class _Day:
    """The files and findings of one drop folder while it is read."""

    def __init__(self, business_date: date, store: Store, staging: Path, limits: Limits) -> None:
        self.business_date = business_date
        self.store = store
        self.staging = staging
        self.limits = limits
        self.files: list[LandedFile] = []
        self.findings: list[Finding] = []

    def find(self, rule_id: str, subject: str, detail: str, sha256: str = "") -> None:
        self.findings.append(Finding(rule_id, subject, detail, sha256))

    def read(self, folder: DropFolder, report_unfinished: bool) -> None:
        plain = set()
        for name in folder.names():
            if kind := folder.kind(name):
                self.find("LAND-LINK", _stray(name), f"is {kind}; only plain files are read")
            elif not drop_folder.SAFE_NAME.fullmatch(name):
                detail = "the name has characters that are not allowed"
                self.find("LAND-NAME", _stray(name), detail)
            else:
                plain.add(name)
        promised = {name.removesuffix(SUFFIX) for name in plain if name.endswith(SUFFIX)}
        arrived = {name for name in plain if not name.endswith(SUFFIX)}
        if report_unfinished:
            for name in sorted(arrived - promised):
                self.find("LAND-NO-MANIFEST", _stray(name), f"there is no {name + SUFFIX}")
            for name in sorted(promised - arrived):
                self.find("LAND-NO-FILE", _stray(name), "there is a manifest but no such file")
        for name in sorted(promised & arrived):
            self._read_file(folder, name)

    def _read_file(self, folder: DropFolder, name: str) -> None:
        try:
            manifest, manifest_stored = self._manifest(folder, name)
            with folder.open(name) as source:
                stored = self.store.keep(source.read, self.limits.max_bytes)
        except Refused as error:
            self.find(error.rule_id, _stray(name), error.detail)
            return
        except NotPlain as error:
            self.find("LAND-LINK", _stray(name), str(error))
            return
        except TooLarge as error:
            self.find("LAND-SIZE", _stray(name), f"has {error}")
            return
        format_name, staged, status = "", None, Status.LANDED
        try:
            format_name = formats.format_of(name)
            self._check_promise(manifest, stored)
            staged = formats.plain_copy(
                self.store.path(stored.sha256), format_name, self.staging, self.limits
            )
            stream = STREAMS[manifest.stream]
            formats.check_start(staged, format_name, stream, self.limits)
        except Refused as error:
            staged, status = None, Status.REFUSED
            self.find(error.rule_id, f"{manifest.stream}: {name}", error.detail, stored.sha256)
        self.files.append(
            LandedFile(
                file_sha256=stored.sha256,
                stream=manifest.stream,
                sender=manifest.sender,
                sequence=manifest.sequence,
                name=name,
                format=format_name,
                bytes=stored.bytes,
                rows_claimed=manifest.rows,
                status=status,
                as_of_utc=manifests.as_of_utc(manifest),
                synthetic=manifest.synthetic,
                history=manifest.history,
                manifest_sha256=manifest_stored.sha256,
                control_totals=manifest.control_totals,
                max_line_bytes=self.limits.max_line_bytes,
                staged=staged,
            )
        )

    def _manifest(self, folder: DropFolder, name: str) -> tuple[Manifest, Stored]:
        """The manifest of a file, kept in the store and read from there."""
        try:
            with folder.open(name + SUFFIX) as source:
                stored = self.store.keep(source.read, self.limits.max_manifest_bytes)
        except TooLarge as error:
            raise Refused("LAND-MANIFEST", f"the manifest has {error}") from error
        try:
            manifest = manifests.parse(self.store.path(stored.sha256).read_bytes())
        except manifests.BadManifest as error:
            raise Refused("LAND-MANIFEST", f"the manifest {error}") from error
        if manifest.file != name:
            raise Refused("LAND-MANIFEST", "the field file is not the manifest's own name")
        if manifest.business_date != self.business_date.isoformat():
            raise Refused("LAND-DATE", f"is for {manifest.business_date}, not for this folder")
        stream = STREAMS.get(manifest.stream)
        if stream is None:
            raise Refused("LAND-STREAM", f"the contract has no stream {shown(manifest.stream)}")
        if stream.sender != manifest.sender:
            detail = f"{stream.name} is sent by {stream.sender}, not {shown(manifest.sender)}"
            raise Refused("LAND-STREAM", detail)
        for column in manifest.control_totals:
            if column not in stream.column_names:
                raise Refused("LAND-MANIFEST", f"a control total is no column of {stream.name}")
        return manifest, stored

    def _check_promise(self, manifest: Manifest, stored: Stored) -> None:
        if stored.bytes != manifest.bytes:
            raise Refused(
                "LAND-HASH", f"has {stored.bytes} bytes, the manifest says {manifest.bytes}"
            )
        if stored.sha256 != manifest.sha256:
            raise Refused(
                "LAND-HASH",
                f"its bytes hash to {stored.sha256[:12]}..., the manifest says "
                f"{manifest.sha256[:12]}...",
            )


def _stray(name: str) -> str:
    """The subject of a finding about a name of unknown stream."""
    return f"drop folder: {shown(name)}"


def _missing_streams(
    files: Sequence[LandedFile], business_date: date, waiting_allowed: bool
) -> list[Finding]:
    """Findings for the daily streams without a landed file."""
    not_yet = "; not yet: the cut-off has not passed" if waiting_allowed else ""
    landed = {file.stream for file in files if file.status == Status.LANDED}
    return [
        Finding(
            "LAND-MISSING-STREAM",
            f"{stream.name}: {business_date.isoformat()}",
            f"no file of {stream.sender} landed for this business date{not_yet}",
        )
        for stream in STREAMS.values()
        if stream.daily and stream.name not in landed
    ]
