"""A plain file as batches of numbered lines, in bounded memory.

Only the text is checked here. A line that is too long, has a control character or is not UTF-8
is set aside with its number. Empty lines hold no data but are numbered. A byte-order mark at the
start and CR before a line end are accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

_BLOCK_BYTES = 4 << 20
_BOM = b"\xef\xbb\xbf"
# All control characters except tab and line feed.
_CONTROLS = bytes(set(range(32)) - {9, 10})
EXCERPT_CHARACTERS = 200

BATCH_SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("text", pa.string()),
        ("fields", pa.list_(pa.string())),
        ("rule_id", pa.string()),
    ]
)
"""Rows on their way into the database. ``fields``: the values if Python had to split the text,
else null. ``rule_id``: the rule that the text itself breaks; ``text`` is then an excerpt.
"""


@dataclass(frozen=True)
class BadLine:
    """A line (counted from 1) from which no record can be read."""

    line: int
    rule_id: str
    excerpt: str


@dataclass(frozen=True)
class Lines:
    """Lines of a file: ``numbers`` int64[n] from 1, ``text`` strings[n], and the bad lines."""

    numbers: np.ndarray
    text: pa.StringArray
    bad: list[BadLine] = field(default_factory=list)


def excerpt(raw: bytes | str) -> str:
    """The printable start of a text, by which a person recognises it."""
    if isinstance(raw, bytes):
        raw = raw[: 4 * EXCERPT_CHARACTERS].decode("utf-8", "replace")
    start = raw[:EXCERPT_CHARACTERS]
    return "".join(character if character.isprintable() else "?" for character in start)


def read_lines(path: Path, max_line_bytes: int) -> Iterator[Lines]:
    """All lines of the file that are not empty, in order."""
    number = 1
    for chunk in _chunks(path, max_line_bytes):
        chunk = chunk.replace(b"\r\n", b"\n")
        ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == 10)
        lengths = np.diff(ends, prepend=-1) - 1
        numbers = np.arange(number, number + len(ends), dtype=np.int64)
        number += len(ends)
        if lengths.max() <= max_line_bytes and _is_clean(chunk):
            yield _clean_lines(chunk, numbers, lengths)
        else:
            yield _sorted_out(chunk, numbers, max_line_bytes)


def _chunks(path: Path, max_line_bytes: int) -> Iterator[bytes]:
    """The file in pieces that end with a line end; of an overlong line only the start is kept."""
    with open(path, "rb", buffering=0) as source:
        rest = source.read(len(_BOM)).removeprefix(_BOM)
        while block := source.read(_BLOCK_BYTES):
            if len(rest) > max_line_bytes:
                rest = rest[: max_line_bytes + 1]
                line_end = block.find(b"\n")
                block = b"" if line_end < 0 else block[line_end:]
            block = rest + block
            cut = block.rfind(b"\n") + 1
            rest = block[cut:]
            if cut:
                yield block[:cut]
    if rest:
        yield rest + b"\n"


def _is_clean(chunk: bytes) -> bool:
    if len(chunk.translate(None, _CONTROLS)) != len(chunk):
        return False
    if chunk.isascii():
        return True
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _clean_lines(chunk: bytes, numbers: np.ndarray, lengths: np.ndarray) -> Lines:
    # Without its line ends, the chunk is the data buffer of an Arrow string array.
    filled = lengths > 0
    lengths, numbers = lengths[filled], numbers[filled]
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    text = pa.StringArray.from_buffers(
        len(lengths), pa.py_buffer(offsets), pa.py_buffer(chunk.translate(None, b"\n"))
    )
    return Lines(numbers, text)


def _sorted_out(chunk: bytes, numbers: np.ndarray, max_line_bytes: int) -> Lines:
    good_numbers, good, bad = [], [], []
    for number, raw in zip(numbers.tolist(), chunk.split(b"\n"), strict=False):
        if not raw:
            continue
        if len(raw) > max_line_bytes:
            bad.append(BadLine(number, "ROW-LENGTH", excerpt(raw)))
        elif not _is_clean(raw):
            bad.append(BadLine(number, "ROW-TEXT", excerpt(raw)))
        else:
            good_numbers.append(number)
            good.append(raw.decode("utf-8"))
    return Lines(np.array(good_numbers, dtype=np.int64), pa.array(good, pa.string()), bad)
