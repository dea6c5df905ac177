"""In place of the process that sets the pages of packs, which takes ten seconds of processor.

For tests of what is done with finished PDFs, not of their pages. Like a real pack, a file
here has the bytes that its request gives: the same for the same figures, others for others.
That this holds of real packs is proved in ``packs/test_pack_files`` and
``pipeline/test_rerun``.
"""

import hashlib
import json
from pathlib import Path


def write_files(request: dict, scratch: Path, memory_bytes: int, timeout_seconds: int) -> dict:
    """What ``reporting.packs.api`` has its child process do, without pages."""
    files = []
    for pack in request["packs"]:
        figures = json.dumps([pack, request], sort_keys=True).encode()
        name = f"{pack}.pdf"
        (scratch / name).write_bytes(b"%PDF-" + hashlib.sha256(figures).hexdigest().encode())
        files.append({"pack": pack, "name": name, "pages": 2})
    return {"files": files}
