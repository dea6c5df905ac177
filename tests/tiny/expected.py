"""The numbers worked out by hand in docs/tiny-day.md, read from the document itself.

A table counts when an HTML comment before it says which lake table and date it is:

    <!-- expect: recompute.marks 2026-06-01 -->

- ``a, b``: the rows are those of both tables, each compared on the columns that it has
- ``a + b``: the rows are those of the tables together
- ``before the correction``: in the state of the lake before day 2 was corrected
- ``spread NAME``: a header ``column @ value`` holds the rows whose NAME is ``value``
- ``distinct``: rows of the lake that look alike in these columns count once
- ``<!-- expect none: a, b DATE -->``: the tables are empty on that date

    <!-- losses: EVENT 2026-06-01 -->

is the table of losses in every state, in dollars, from which the worst case is read.

A header ``x = y`` is compared with both columns; one that begins with ``how`` is for the reader.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tiny-day.md"

_COMMENT = re.compile(
    r"<!-- expect(?P<none> none)?: (?P<tables>[a-z_., +]+) (?P<day>\d{4}-\d{2}-\d{2})"
    r"(?P<before> before the correction)?(?:; spread (?P<spread>[a-z_]+))?(?P<distinct>; distinct)?"
    r" -->"
)
_LOSSES = re.compile(r"<!-- losses: (?P<event>[A-Z0-9-]+) (?P<day>\d{4}-\d{2}-\d{2}) -->")


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


@dataclass(frozen=True)
class Losses:
    """Loss of each book in each state of an event, micros, as the document's table has it.

    ``worst`` is the number in bold; ``totals`` is the table's last row.
    """

    event: str
    day: str
    books: dict[tuple[str, str], tuple[int, ...]]
    worst: dict[tuple[str, str], int]
    totals: tuple[int, ...]


def read_losses(path: Path = DOCUMENT) -> list[Losses]:
    """Every table of losses of the document."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines):
        comment = _LOSSES.fullmatch(line)
        if comment is None:
            continue
        headers, rows = _table(lines, number + 1)
        states = [place for place, head in enumerate(headers) if head.startswith("loss: ")]
        books, worst = {}, {}
        for row in rows[:-1]:
            account, _, kind = row[0].partition(" ")
            book = account, "fully_collateralised" if kind else "margined"
            books[book] = tuple(_micros(row[place]) for place in states)
            worst[book] = next(_micros(row[p]) for p in states if row[p].startswith("**"))
        totals = tuple(_micros(cell) for cell in rows[-1][1:])
        found.append(Losses(comment["event"], comment["day"], books, worst, totals))
    return found


def _micros(cell: str) -> int:
    """Dollars, perhaps in bold, as micros; anything finer is refused."""
    dollars = Fraction(cell.strip("*").replace("\N{MINUS SIGN}", "-"))
    micros = dollars * 10**6
    if micros.denominator != 1:
        raise ValueError(f"{cell} is finer than a micro")
    return int(micros)


def _table(lines: list[str], start: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    cells = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        cells.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
    if len(cells) < 3 or any(len(row) != len(cells[0]) for row in cells):
        raise ValueError(f"line {start + 1}: no table with rows of one length")
    return cells[0], tuple(cells[2:])
