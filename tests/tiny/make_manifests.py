"""Write the manifests of the tiny day's files: what their sender would promise.

The data files are plain text, kept as they are; run this after editing one of them:
``python tests/tiny/make_manifests.py``. Nothing is computed here but hash, size, rows and
the control total of contracts traded.
"""

import csv
import hashlib
import json
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parent
PUBLIC = ("trades", "markets", "events", "series", "market_data")
# Sequence numbers count up by one per file of a stream. Day 2 sends trade_audit twice.
DAYS = {"2026-06-01": 1, "2026-06-02": 2, "2026-06-03": 3}
AFTER_CORRECTION = {("trade_audit", "2026-06-03"): 4, ("market_data", "2026-06-02"): 1}
CORRECTION = 3


def main() -> None:
    for folder in ("input", "correction"):
        for path in sorted((FOLDER / folder).glob("2026-*/*")):
            if not path.name.endswith(".manifest.json"):
                write_manifest(path, corrected=folder == "correction")


def write_manifest(path: Path, corrected: bool) -> None:
    """Write ``<file>.manifest.json`` beside a data file."""
    stream = path.name.partition(".")[0].removesuffix("-corrected")
    day = path.parent.name
    content = path.read_bytes()
    rows = rows_of(path)
    manifest = {
        "manifest_version": 1,
        "file": path.name,
        "stream": stream,
        "sender": "venue" if stream in PUBLIC else "clearing",
        "business_date": day,
        "sequence": CORRECTION if corrected else AFTER_CORRECTION.get((stream, day), DAYS[day]),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": len(rows),
        "as_of": f"{day}T23:{30 if corrected else 0:02d}:00Z",
        "synthetic": True,
    }
    if stream == "trades":
        total = sum(Decimal(row["count_fp"]) for row in rows)
        manifest["control_totals"] = {"count_fp": str(total)}
    text = json.dumps(manifest, indent=1) + "\n"
    path.with_name(path.name + ".manifest.json").write_text(text, encoding="utf-8")


def rows_of(path: Path) -> list:
    """The records of a data file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in text.splitlines()]
    if path.suffix == ".json":
        document = json.loads(text)
        return document["markets"] if isinstance(document, dict) else document
    return list(csv.DictReader(text.splitlines()))


if __name__ == "__main__":
    main()
