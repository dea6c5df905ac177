"""Reads a drop folder with the standard library only, for the simulator's tests."""

import csv
import gzip
import hashlib
import json
from pathlib import Path


def days(folder: Path) -> list[Path]:
    """The folders of the business dates, in order."""
    return sorted(path for path in folder.iterdir() if path.is_dir())


def rows(day: Path, stream: str) -> list[dict]:
    """Rows of one stream of one day, as text (CSV) or JSON values."""
    (path,) = [p for p in day.glob(f"{stream}_????-??-??.*") if ".manifest." not in p.name]
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        if ".csv" in path.suffixes:
            return list(csv.DictReader(file))
        if ".json" in path.suffixes:
            return json.load(file)
        return [json.loads(line) for line in file]


def manifests(folder: Path) -> list[tuple[Path, dict]]:
    """Every data file with its manifest."""
    found = []
    for path in sorted(folder.glob("*/*.manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found.append((path.with_name(path.name.removesuffix(".manifest.json")), manifest))
    return found


def digest(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below the folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
