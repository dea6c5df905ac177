"""What lies in a day's drop folder, without reading the files: only manifests are opened.

For those who ask often whether something new came. Nothing is judged here: a manifest that
cannot be used promises nothing, and landing says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reporting.contract import END_OF_DAY
from reporting.contract.manifest import SUFFIX, Manifest
from reporting.feeds import drop_folder, manifests
from reporting.feeds.drop_folder import DropFolder, NotPlain
from reporting.feeds.records import Limits


@dataclass(frozen=True)
class Arrival:
    """A file that has a manifest.

    ``sha256``, ``stream`` and ``cycle`` are what the manifest promises, empty where it cannot
    be used; ``cycle`` is the end of the day where the manifest names none.
    ``is_there`` is false while only the manifest came. ``changed_ns`` is when file or
    manifest last changed, by the clock of this machine: a sender cannot set it.
    """

    name: str
    sha256: str
    stream: str
    cycle: str
    is_there: bool
    changed_ns: int


def arrivals(inbox: Path, business_date: date) -> Sequence[Arrival]:
    """The files of a date that have a manifest, by name."""
    try:
        with drop_folder.opened(inbox, business_date) as folder:
            if folder is None:
                return []
            names = [name for name in folder.names() if name.endswith(SUFFIX)]
            return [_arrival(folder, name) for name in names]
    except NotPlain:
        return []


def promise(folder: DropFolder, manifest_name: str) -> Manifest | None:
    """The manifest of that name, None where it cannot be used."""
    if not drop_folder.SAFE_NAME.fullmatch(manifest_name):
        return None
    try:
        with folder.open(manifest_name) as source:
            return manifests.parse(source.read(Limits.max_manifest_bytes))
    except (NotPlain, manifests.BadManifest):
        return None


def _arrival(folder: DropFolder, manifest_name: str) -> Arrival:
    name = manifest_name.removesuffix(SUFFIX)
    said = promise(folder, manifest_name)
    sha256, stream, cycle = (
        (said.sha256, said.stream, said.cycle or END_OF_DAY) if said else ("", "", "")
    )
    file, manifest = folder.changed_ns(name), folder.changed_ns(manifest_name)
    return Arrival(name, sha256, stream, cycle, file > 0, max(file, manifest))
