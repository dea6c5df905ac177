"""Show what a change to the code changed in the results: ``make same BASE=<commit>``.

Both commits run the demo and, where ``../shared`` lies beside the checkout, two days of the
real tape. Compared are the bytes of the demo's drop folder, every table of the lake, and every
PDF. A difference of figures, identifiers, files or lines fails. A difference of words is
counted and shown, and does not fail; so do tables, columns and rules that only one side has.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "same"
TAPE = ROOT.parent / "shared" / "data" / "kalshi" / "raw"
RISK = ROOT.parent / "shared" / "data" / "risk"
DEMO = ("--days", "3", "--accounts", "200", "--trades", "5000", "--seed", "1")
TAPE_DATES = ("2025-03-04", "2025-03-05")
REAL = ("--tape", str(WORK / "tape"), "--risk", str(RISK), "--seed", "1")

WORDS = {"words", "detail", "message", "meaning", "note"}
"""Columns of prose: other words are shown, other figures in them fail."""

DERIVED = {"finding_id"}
"""Hashes of prose: they follow the words."""

# The numbers of a text: 10.50 and 10.5000 are one.
_NUMBERS = (
    "list_transform(regexp_extract_all(\"{column}\", '[0-9][0-9,]*([.][0-9]+)?'),"
    " number -> regexp_replace(number, '[.]0+$|([.][0-9]*[1-9])0+$', '\\1'))"
)

OF_PACKS = "disclose.pack_files"
"""Hash and size of each PDF: left out, as the PDFs themselves are compared."""

_DUMP = """
import sys
from pathlib import Path
from pyarrow import parquet
from reporting.lake import open_lake
from reporting.settings import from_environment
home, out = Path(sys.argv[1]), Path(sys.argv[2])
with open_lake(from_environment(home, home), read_only=True) as lake:
    for name in sorted(lake.columns()):
        schema, table = name.split(".")
        rows = lake.connection.sql(f'SELECT * FROM "{schema}"."{table}"').to_arrow_table()
        parquet.write_table(rows, out / f"{name}.parquet")
"""


@dataclass
class Report:
    """What differs: ``failures`` must not, ``notes`` may."""

    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def main() -> int:
    """Run both commits, compare, print, and say by the exit code whether figures are equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="commit to compare the working tree with")
    base = _commit(parser.parse_args().base)
    trees = {"base": _tree_of(base), "now": ROOT}
    cases = {"demo": DEMO} | ({"tape": REAL} if TAPE.is_dir() else {})
    if "tape" in cases:
        _cut_tape(WORK / "tape")
    else:
        print(f"The real tape is left out: {TAPE} is absent.")
    report = Report()
    for case, options in cases.items():
        results = {
            side: _results(tree, WORK / (base if side == "base" else "now") / case, options)
            for side, tree in trees.items()
        }
        _compare(case, results["base"], results["now"], report)
    for note in report.notes:
        print(f"  words   {note}")
    for failure in report.failures:
        print(f"  DIFFERS {failure}")
    print(f"{len(report.failures)} differences of figures, {len(report.notes)} of words")
    return 1 if report.failures else 0


def _cut_tape(folder: Path) -> None:
    """Two days of the real tape, as the files lie there."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in sorted(TAPE.rglob("*.json.gz")):
        if path.name.startswith(TAPE_DATES):
            copy = folder / path.relative_to(TAPE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _commit(name: str) -> str:
    shown = subprocess.run(
        ["git", "rev-parse", "--verify", f"{name}^{{commit}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if shown.returncode:
        sys.exit(f"{name} is no commit here; give one as in `make same BASE=HEAD~1`")
    return shown.stdout.strip()


def _tree_of(commit: str) -> Path:
    """The files of a commit in a folder of their own."""
    tree = WORK / commit / "tree"
    if not tree.is_dir():
        tree.parent.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, capture_output=True, check=True
        )
        part = tree.with_name("tree.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        subprocess.run(["tar", "-x", "-C", str(part)], input=packed.stdout, check=True)
        part.rename(tree)
    return tree


def _results(tree: Path, folder: Path, options: tuple[str, ...]) -> Path:
    """Folder with ``in`` (drop folder), ``tables`` and ``packs``; a base is made once."""
    done = folder / "done"
    if tree != ROOT and done.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tables").mkdir(parents=True)
    print(f"runs {folder.relative_to(WORK)} ...", flush=True)
    drop, home = str(folder / "in"), str(folder / "home")
    _reporting(tree, "simulate", "--out", drop, *options)
    _reporting(tree, "run", "--input", drop, "--home", home)
    _python(tree, _DUMP, home, str(folder / "tables"))
    done.touch()
    return folder


def _reporting(tree: Path, *arguments: str) -> None:
    _python(tree, "from reporting.cli.main import main; main()", *arguments)


def _python(tree: Path, code: str, *arguments: str) -> None:
    log = WORK / "log.txt"
    with open(log, "w", encoding="utf-8") as output:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree)},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    # A run with findings of severity ERROR may say so by its exit code.
    if done.returncode and "Traceback" in log.read_text(encoding="utf-8"):
        sys.exit(f"{tree}: {' '.join(arguments)} broke; see {log}")


def _compare(case: str, base: Path, now: Path, report: Report) -> None:
    if _hashes(base / "in") != _hashes(now / "in"):
        report.failures.append(f"{case}: the drop folders differ")
    names = {side: {p.stem for p in (side / "tables").glob("*.parquet")} for side in (base, now)}
    for name in sorted(names[base] ^ names[now]):
        report.notes.append(f"{case} {name}: only {'before' if name in names[base] else 'now'}")
    with duckdb.connect() as connection:
        for name in sorted((names[base] & names[now]) - {OF_PACKS}):
            _compare_table(connection, case, name, base, now, report)
    _compare_packs(case, base / "home" / "packs", now / "home" / "packs", report)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _compare_table(
    connection: duckdb.DuckDBPyConnection,
    case: str,
    name: str,
    base: Path,
    now: Path,
    report: Report,
) -> None:
    before, after = (str(side / "tables" / f"{name}.parquet") for side in (base, now))
    columns = [
        connection.sql(f"DESCRIBE SELECT * FROM '{file}'").fetchall() for file in (before, after)
    ]
    kinds = [{row[0]: row[1] for row in described} for described in columns]
    if kinds[0] != kinds[1]:
        report.failures.append(
            f"{case} {name}: columns {set(kinds[0].items()) ^ set(kinds[1].items())}"
        )
        return
    compared = [
        _NUMBERS.format(column=column) if column in WORDS else f'"{column}"'
        for column in kinds[0]
        if column not in DERIVED
    ]
    for label, selected in (("", compared), ("words", [f'"{c}"' for c in kinds[0]])):
        listed = ", ".join(selected)
        sides = [f"SELECT {listed} FROM '{file}'" for file in (before, after)]
        gone, come = (
            connection.sql(f"SELECT COUNT(*) FROM ({first} EXCEPT ALL {second})").fetchone()[0]
            for first, second in (sides, sides[::-1])
        )
        if gone or come:
            text = f"{case} {name}: {gone} rows only before, {come} only now"
            (report.notes if label else report.failures).append(text)
            return


def _compare_packs(case: str, base: Path, now: Path, report: Report) -> None:
    files = [{p.relative_to(side): p for p in sorted(side.rglob("*.pdf"))} for side in (base, now)]
    if files[0].keys() != files[1].keys():
        report.failures.append(f"{case}: other packs, {files[0].keys() ^ files[1].keys()}")
    for name in sorted(files[0].keys() & files[1].keys()):
        first, second = files[0][name], files[1][name]
        if first.read_bytes() == second.read_bytes():
            continue
        gone, come = _lost(_figures(first), _figures(second))
        text = f"{case} {name}: other bytes"
        if gone or come:
            report.failures.append(f"{text}, figures only before {gone[:8]}, only now {come[:8]}")
        else:
            report.notes.append(f"{text}, the same figures")


def _figures(path: Path) -> list[str]:
    """Every amount of a PDF: numbers with a separator or a point, or of three digits."""
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    numbers = re.findall(r"\d[\d,]*[.,]\d+|\d{3,}", text.stdout.decode())
    return sorted(re.sub(r"[.]0+$|([.]\d*[1-9])0+$", r"\1", number) for number in numbers)


def _lost(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    counts = Counter(before), Counter(after)
    return sorted(counts[0] - counts[1]), sorted(counts[1] - counts[0])


if __name__ == "__main__":
    sys.exit(main())
