"""The files in a day's drop folder, known from their manifests alone.

For callers that poll for new files. Nothing is checked here: an unusable manifest gives no
information, and landing reports why it is unusable.
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

    ``sha256``, ``stream`` and ``cycle`` come from the manifest and are empty if it is unusable.
    ``cycle`` is the end of the day if the manifest names none. ``is_there`` is false while only
    the manifest has arrived. ``changed_ns`` is the time of the last change of file or manifest
    by the clock of this machine, which a sender cannot set.
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
    """The manifest of that name; None if it is unusable."""
    if not drop_folder.SAFE_NAME.fullmatch(manifest_name):
        return None
    try:
        with folder.open(manifest_name) as source:
            return manifests.parse(source.read(Limits.max_manifest_bytes))
    except (NotPlain, manifests.BadManifest):
        return None


def _arrival(folder: DropFolder, manifest_name: str) -> Arrival:
    name = manifest_name.removesuffix(SUFFIX)
    manifest = promise(folder, manifest_name)
    sha256, stream, cycle = (
        (manifest.sha256, manifest.stream, manifest.cycle or END_OF_DAY)
        if manifest
        else ("", "", "")
    )
    file_changed_ns = folder.changed_ns(name)
    changed_ns = max(file_changed_ns, folder.changed_ns(manifest_name))
    return Arrival(name, sha256, stream, cycle, file_changed_ns > 0, changed_ns)
