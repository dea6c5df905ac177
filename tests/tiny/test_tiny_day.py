"""The tiny day of docs/tiny-day.md runs through all stages; every number equals the hand's.

Day 1, day 2, then the corrected audit file of day 2 arrives and day 2 runs again, then
day 3. The expected rows are read from the document (``expected.py``), so that the document
and this test cannot drift apart.
"""

from collections import Counter
from datetime import date, datetime
from fractions import Fraction

import pytest
from expected import Expected, read_document
from tiny_run import CORRECTED

from reporting.lake import Lake

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("tiny")]


def _merged(found: list[Expected]) -> dict[tuple, list[Expected]]:
    """Tables of the document that describe the same rows of the lake, in two places."""
    merged: dict[tuple, list[Expected]] = {}
    for expected in found:
        key = (expected.tables, expected.day, expected.before_correction, expected.distinct)
        merged.setdefault(key, []).append(expected)
    return merged


MERGED = _merged(read_document())


@pytest.mark.parametrize("key", MERGED, ids=lambda key: f"{'+'.join(key[0])}-{key[1]}-{key[2:]}")
def test_rows_equal_the_hands(lakes, key):
    tables, day, before_correction, distinct = key
    lake = lakes[before_correction]
    parts = MERGED[key]
    columns = _columns(lake, tables[0])
    names = _names(parts[0], columns)
    assert all(_names(part, columns) == names for part in parts)
    hand = [row for part in parts for row in _hand_rows(part, names, columns)]
    lines = [part.line for part in parts]
    ours = _lake_rows(lake, tables, day, names or sorted(columns))
    if distinct:
        ours = sorted(set(ours), key=repr)
    too_many = Counter(ours) - Counter(hand)
    missing = Counter(hand) - Counter(ours)
    assert not too_many and not missing, (
        f"docs/tiny-day.md line {lines}, columns {names}:\n"
        f"only by hand: {sorted(missing, key=repr)}\nonly in the lake: {sorted(too_many, key=repr)}"
    )


def test_three_packs_were_made(lakes, ran):
    made = (
        lakes[False]
        .connection.execute(
            "SELECT pack, file_name, pages FROM disclose.pack_files WHERE business_date = ?",
            [CORRECTED],
        )
        .fetchall()
    )
    assert len({pack for pack, _, _ in made}) == 3
    for _, name, pages in made:
        content = (ran[0].packs / CORRECTED / name).read_bytes()
        assert content.startswith(b"%PDF") and pages >= 2


def _columns(lake: Lake, table: str) -> dict[str, str]:
    return lake.columns()[table]


def _names(part: Expected, columns: dict[str, str]) -> tuple[str, ...]:
    """The lake's columns that the document's table speaks of, in order, each once."""
    names = [part.spread] if part.spread and part.spread in columns else []
    shared = len(part.tables) == 1 and _others(part)
    for header in part.headers:
        if header.startswith("how"):
            continue
        for name in header.partition(" @ ")[0].split(" = "):
            if name in columns:
                names += [name] if name not in names else []
            else:
                assert shared, f"docs/tiny-day.md line {part.line}: no column {name}"
    return tuple(names)


def _others(part: Expected) -> bool:
    """Whether the same table of the document also describes another lake table."""
    return any(
        other.line == part.line and other.tables != part.tables
        for group in MERGED.values()
        for other in group
    )


def _hand_rows(part: Expected, names: tuple[str, ...], columns: dict[str, str]) -> list[tuple]:
    rows = []
    for cells in part.rows:
        row: dict[str, str] = {}
        by_value: dict[str, dict[str, str]] = {}
        for header, cell in zip(part.headers, cells, strict=True):
            head, _, value = header.partition(" @ ")
            target = by_value.setdefault(value, {}) if value else row
            target |= dict.fromkeys(head.split(" = "), cell)
        spread = part.spread in names if part.spread else False
        whole = [row | own | {part.spread: v} for v, own in by_value.items()] if spread else [row]
        rows += [tuple(_value(one[name], columns[name]) for name in names) for one in whole]
    return rows


def _value(cell: str, kind: str):
    """A cell as the lake would give it; doubles to nine decimals."""
    if cell == "–":
        return None
    if kind == "BIGINT":
        return int(cell)
    if kind == "DOUBLE":
        return round(float(Fraction(cell)), 9)
    if kind == "BOOLEAN":
        return {"true": True, "false": False}[cell]
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(cell)
    if kind == "DATE":
        return date.fromisoformat(cell)
    return cell


def _lake_rows(lake: Lake, tables: tuple[str, ...], day: str, names) -> list[tuple]:
    rows = []
    picked = ", ".join(f'"{name}"' for name in names)
    for table in tables:
        found = lake.connection.execute(
            f"SELECT {picked} FROM {table} WHERE business_date = ?", [day]
        ).fetchall()
        rows += [tuple(_rounded(value) for value in row) for row in found]
    return rows


def _rounded(value):
    return round(value, 9) + 0.0 if isinstance(value, float) else value
