"""Publishing: a finished file goes into the drop folder like a sender's, manifest last."""

import hashlib
import json
import shutil
from datetime import date, datetime
from pathlib import Path

from reporting import files
from reporting.contract.manifest import SUFFIX, Manifest
from reporting.contract.streams import STREAMS
from reporting.feeds import drop_folder, manifests


def is_published(out: Path, business_date: date, stream: str) -> bool:
    """Whether the drop folder has the stream's file of the date with its manifest."""
    place = _place(out, business_date, stream)
    return place.with_name(place.name + SUFFIX).exists()


def publish(
    out: Path,
    business_date: date,
    stream: str,
    source: Path,
    control_totals: dict[str, str],
    as_of: datetime,
) -> int:
    """Copy ``source`` (NDJSON) into the drop folder, write its manifest, return its row count.

    A file without a manifest, left behind by a killed run, is replaced.
    """
    with open(source, "rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        rows = sum(1 for _ in content)
        size = content.tell()
    place = _place(out, business_date, stream)
    place.parent.mkdir(exist_ok=True)
    manifest = Manifest(
        file=place.name,
        stream=stream,
        sender=STREAMS[stream].sender,
        business_date=business_date.isoformat(),
        sequence=_next_sequence(out, stream),
        sha256=sha256,
        bytes=size,
        rows=rows,
        as_of=as_of.isoformat(),
        control_totals=control_totals,
    )
    copy = source.with_suffix(".copy")
    shutil.copyfile(source, copy)
    files.put(copy, place)
    text = json.dumps(manifest.to_json(), indent=1)
    files.write(place.with_name(place.name + SUFFIX), text, source.parent)
    return rows


def _place(out: Path, business_date: date, stream: str) -> Path:
    day = business_date.isoformat()
    return out / day / f"{stream}_{day}.ndjson"


def _next_sequence(out: Path, stream: str) -> int:
    """The sequence number after the highest one of the stream in the drop folder."""
    numbers = [0]
    for day in drop_folder.list_days(out):
        for path in (out / day.isoformat()).glob(f"{stream}_*{SUFFIX}"):
            try:
                manifest = manifests.parse(path.read_bytes())
            except manifests.BadManifest:  # landing reports it
                continue
            if manifest.stream == stream:
                numbers.append(manifest.sequence)
    return max(numbers) + 1
