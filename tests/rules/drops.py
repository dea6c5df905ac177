"""What landing finds in a drop folder that a test fills by hand (``feeds.delivery``).

Belongs here: the findings of a landing in a form that is easy to compare.
"""

import hashlib
import json
from pathlib import Path

from feeds.delivery import Inbox, read, trade

GOOD = trade() + "\n"
"""A file of one good trade."""


def findings(inbox: Inbox, **options: object) -> list[tuple]:
    """(rule, subject, file, line) of what landing and loading find, as ``Inbox.land`` is asked.

    Streams that nobody sent are left out: each test sends one or two of them.
    """
    landing = inbox.land(**options)
    return [
        (finding.rule_id, finding.subject, finding.file_sha256, finding.line)
        for finding in [*landing.findings, *read(landing).loaded.findings]
        if finding.rule_id != "LAND-MISSING-STREAM"
    ]


def quarantine(inbox: Inbox, **options: object) -> list[tuple]:
    """(line, rule, column) of the rows set aside, in the order of stream and line."""
    return read(inbox.land(**options)).quarantine()


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def rewrite_manifest(delivered: Path, **changes: object) -> None:
    """Change fields of the manifest beside a delivered file; None takes a field away."""
    manifest = delivered.with_name(delivered.name + ".manifest.json")
    promised = json.loads(manifest.read_text()) | changes
    kept = {name: value for name, value in promised.items() if value is not None}
    manifest.write_text(json.dumps(kept))
