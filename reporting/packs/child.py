"""The process that renders: one request on standard input, PDFs into a scratch folder.

It limits its own time and, far above what it may hold, its address space before it loads the
engine, sees no fonts of the machine, and answers one JSON line: files written, or what went wrong.
"""

import gc
import json
import os
import resource
import sys
from pathlib import Path

FONT_CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""
# Beyond what is held: code, stacks of threads and what allocators keep in reserve.
ADDRESS_SPACE_BYTES = 2 * 2**30


def main() -> int:
    scratch, memory_bytes, cpu_seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    address_space = memory_bytes + ADDRESS_SPACE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A short life with many long-lived objects: looking for garbage costs a tenth of it.
    gc.disable()
    request = json.load(sys.stdin)
    try:
        answer = {"files": render_request(request, scratch)}
    except MemoryError:
        answer = {"error": f"rendering needed more than {memory_bytes // 2**20} MiB of memory"}
    print(json.dumps(answer))
    return 0 if "files" in answer else 1


def render_request(request: dict, scratch: Path) -> list[dict]:
    """Render every pack of ``request`` into ``scratch``; name, pages per file.

    The engine is loaded here and not above: only after the limits are set, and after
    the font configuration is in place that hides the machine's fonts.
    """
    config = scratch / "fonts.conf"
    config.write_text(FONT_CONFIG.format(folder=scratch))
    os.environ["FONTCONFIG_FILE"] = str(config)
    os.environ.setdefault("MPLCONFIGDIR", str(scratch))

    from reporting.packs.common import files
    from reporting.packs.daily import pack as daily_risk_and_margin
    from reporting.packs.default import pack as default_management
    from reporting.packs.document.fonts import REGULAR, unpack
    from reporting.packs.drill_record import pack as default_record
    from reporting.packs.stress import pack as stress_tests

    chart_font = unpack(REGULAR, scratch)
    from reporting.packs.document.render import Renderer, Setting

    views = {
        "daily-risk-and-margin": daily_risk_and_margin.view,
        "stress-tests": stress_tests.view,
        "default-management": default_management.view,
        "default-record": default_record.view,
    }
    renderer = Renderer(chart_font)
    tables = request["tables"]
    setting = Setting(
        request["business_date"],
        request["edition"],
        files.synthetic_words(tables),
        tuple(request["provenance"].items()),
    )
    written = []
    for pack in request["packs"]:
        pdf, pages = renderer.render(views[pack](tables), setting)
        name = f"{pack}.pdf"
        (scratch / name).write_bytes(pdf)
        written.append({"pack": pack, "name": name, "pages": pages})
    return written


if __name__ == "__main__":
    sys.exit(main())
