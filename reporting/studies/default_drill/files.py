"""The folder of a drill: record, notices and PDF.

Belongs here: names of files, and that an earlier file is kept, not overwritten.
"""

import hashlib
import json
from datetime import date
from pathlib import Path

from reporting import files
from reporting.errors import UserError
from reporting.packs.api import RECORD, render_packs, set_aside_unless
from reporting.packs.document.markdown import markdown
from reporting.studies.default_drill.notices import member_notice, public_notice
from reporting.studies.default_drill.record import canonical

RECORD_FILE, PUBLIC, MEMBERS = "record.json", "notice.md", "member-notices.md"


def write_record(record: dict, files: list[dict], out: Path, with_pdf: bool = True) -> list[Path]:
    """Write the files of a drill and return their paths.

    An existing file with different bytes is moved to ``superseded``. Raises UserError if the folder
    cannot be written to.
    """
    contents = {
        RECORD_FILE: canonical(record),
        PUBLIC: markdown(public_notice(record)).encode(),
        MEMBERS: markdown(member_notice(record)).encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = [_put(out / name, content) for name, content in contents.items()]
    except OSError as error:
        raise UserError(f"--out {out}: {error.strerror}; give a folder to write to") from None
    if with_pdf:
        tables = {
            "default_record": [{"record": json.dumps(record, ensure_ascii=False)}],
            "files_landed": files,
        }
        inputs = record["inputs"]
        provenance = {
            "drill": record["drill_id"],
            "inputs sha256": inputs["inputs_sha256"],
            "record sha256": hashlib.sha256(contents[RECORD_FILE]).hexdigest(),
        }
        day = date.fromisoformat(record["business_date"])
        (pdf,) = render_packs(tables, day, out, packs=(RECORD,), provenance=provenance)
        paths.append(out / pdf.file_name)
    return paths


def _put(path: Path, content: bytes) -> Path:
    set_aside_unless(path, hashlib.sha256(content).hexdigest())
    files.write(path, content)
    return path
