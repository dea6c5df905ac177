"""The numbers worked out by hand in docs/tiny-day.md, read from the document itself.

A table counts when an HTML comment before it says which lake table and date it is:

    <!-- expect: recompute.marks 2026-06-01 -->

- ``a, b``: the rows are those of both tables, each compared on the columns that it has
- ``a + b``: the rows are those of the tables together
- ``before the correction``: in the state of the lake before day 2 was corrected
- ``spread NAME``: a header ``column @ value`` holds the rows whose NAME is ``value``
- ``distinct``: rows of the lake that look alike in these columns count once
- ``<!-- expect none: a, b DATE -->``: the tables are empty on that date

A header ``x = y`` is compared with both columns; one that begins with ``how`` is for the reader.
"""

import re
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tiny-day.md"

_COMMENT = re.compile(
    r"<!-- expect(?P<none> none)?: (?P<tables>[a-z_., +]+) (?P<day>\d{4}-\d{2}-\d{2})"
    r"(?P<before> before the correction)?(?:; spread (?P<spread>[a-z_]+))?(?P<distinct>; distinct)?"
    r" -->"
)


@dataclass(frozen=True)
class Expected:
    """Rows that one lake table, or several together, must hold on a date.

    ``rows`` are cells of text by header; ``line`` is the comment's line in the document.
    """

    tables: tuple[str, ...]
    day: str
    before_correction: bool
    spread: str | None
    distinct: bool
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int


def read_document(path: Path = DOCUMENT) -> list[Expected]:
    """Every expected table of the document, one element per lake table or union.

    Raises ValueError naming the line of a comment that is misspelt or has no table.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines):
        if "<!-- expect" not in line:
            continue
        comment = _COMMENT.fullmatch(line)
        if comment is None:
            raise ValueError(f"{path.name} line {number + 1}: {line!r} is no expectation")
        headers, rows = ((), ()) if comment["none"] else _table(lines, number + 1)
        for tables in comment["tables"].split(", "):
            found.append(
                Expected(
                    tables=tuple(tables.split(" + ")),
                    day=comment["day"],
                    before_correction=comment["before"] is not None,
                    spread=comment["spread"],
                    distinct=comment["distinct"] is not None,
                    headers=headers,
                    rows=rows,
                    line=number + 1,
                )
            )
    return found


def _table(lines: list[str], start: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    cells = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        cells.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
    if len(cells) < 3 or any(len(row) != len(cells[0]) for row in cells):
        raise ValueError(f"line {start + 1}: no table with rows of one length")
    return cells[0], tuple(cells[2:])
