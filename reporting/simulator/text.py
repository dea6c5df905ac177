"""Columns of text as byte matrices, joined to rows without a loop over rows.

A cell is a row of a ``uint8`` matrix padded with NUL; joining lays the cells side by
side and drops every NUL. That writes a million rows in about a second.
"""

import numpy as np

Cells = np.ndarray
"""uint8 matrix, one row per cell, NUL where a narrower cell ends or begins."""


def table(words: list[str]) -> Cells:
    """The words as cells, to be indexed by number. No word may hold a NUL."""
    raw = [word.encode() for word in words]
    width = max((len(word) for word in raw), default=1) or 1
    return np.array(raw, dtype=f"S{width}").view(np.uint8).reshape(len(raw), width)


def decimal(values: np.ndarray, places: int = 0) -> Cells:
    """Integers counted in 10**-places as decimal text with exactly that many places."""
    values = np.asarray(values, np.int64)
    left = np.abs(values)
    width = max(len(str(int(left.max(initial=0)))), places + 1)
    cells = np.zeros((len(values), width + 1 + (places > 0)), np.uint8)
    cells[values < 0, 0] = ord("-")
    column = cells.shape[1] - 1
    for digit in range(width):
        if places and digit == places:
            cells[:, column] = ord(".")
            column -= 1
        shown = (left > 0) | (digit <= places)
        cells[:, column] = np.where(shown, left % 10 + ord("0"), 0)
        left //= 10
        column -= 1
    return cells


def dollars(centicents: int) -> str:
    """One price in dollars, four places."""
    return f"{int(centicents) // 10_000}.{int(centicents) % 10_000:04d}"


def hundredths(quantity: int) -> str:
    """One quantity in contracts, two places."""
    return f"{int(quantity) // 100}.{int(quantity) % 100:02d}"


def utc_times(micros: np.ndarray) -> Cells:
    """UTC microseconds as ``2026-05-04T14:00:00.000000Z``."""
    stamps = np.datetime_as_string(micros.astype("datetime64[us]"), unit="us")
    cells = np.ascontiguousarray(stamps.astype("S26")).view(np.uint8).reshape(len(micros), 26)
    return np.hstack([cells, np.full((len(micros), 1), ord("Z"), np.uint8)])


def random_ids(rng: np.random.Generator, count: int) -> Cells:
    """Identifiers in the shape of a version-4 UUID (36 characters)."""
    nibbles = np.frombuffer(rng.bytes(count * 16), np.uint8).reshape(count, 16)
    hexadecimal = np.empty((count, 32), np.uint8)
    hexadecimal[:, 0::2] = nibbles >> 4
    hexadecimal[:, 1::2] = nibbles & 15
    hexadecimal[:, 12] = 4
    hexadecimal[:, 16] = (hexadecimal[:, 16] & 3) | 8
    letters = np.frombuffer(b"0123456789abcdef", np.uint8)[hexadecimal]
    cells = np.full((count, 36), ord("-"), np.uint8)
    source = 0
    for start, length in ((0, 8), (9, 4), (14, 4), (19, 4), (24, 12)):
        cells[:, start : start + length] = letters[:, source : source + length]
        source += length
    return cells


def join_rows(count: int, parts: list[bytes | Cells]) -> bytes:
    """Lay literals and cells side by side in every row; the text of all rows."""
    widths = [len(part) if isinstance(part, bytes) else part.shape[1] for part in parts]
    rows = np.zeros((count, sum(widths)), np.uint8)
    start = 0
    for part, width in zip(parts, widths, strict=True):
        literal = isinstance(part, bytes)
        rows[:, start : start + width] = np.frombuffer(part, np.uint8) if literal else part
        start += width
    return rows[rows != 0].tobytes()


def csv_rows(count: int, columns: list[bytes | Cells]) -> bytes:
    """CSV rows of cells that need no quoting (numbers, ids, times)."""
    parts: list[bytes | Cells] = []
    for column in columns:
        parts += [column, b","]
    parts[-1] = b"\r\n"
    return join_rows(count, parts)
