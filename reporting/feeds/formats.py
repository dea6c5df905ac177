"""The format of a file, its unpacked copy, and the check of its first bytes."""

import csv
import os
import secrets
import zlib
from pathlib import Path

from reporting.contract.streams import Stream
from reporting.feeds.records import Limits

_EXTENSIONS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json"}
_GZIP_MAGIC = b"\x1f\x8b"
_UTF8_BOM = b"\xef\xbb\xbf"
_BLOCK_BYTES = 1 << 20
# Longer marks first: the UTF-32 mark begins with the UTF-16 one.
_FOREIGN = {
    b"\xff\xfe\x00\x00": "UTF-32 text",
    b"\x00\x00\xfe\xff": "UTF-32 text",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    _GZIP_MAGIC: "gzip without the ending .gz",
    b"PAR1": "Parquet",
    b"PK\x03\x04": "a ZIP archive",
}


class Refused(Exception):
    """The file breaks a landing rule and is refused."""

    def __init__(self, rule_id: str, detail: str) -> None:
        super().__init__(detail)
        self.rule_id = rule_id
        self.detail = detail


def format_of(name: str) -> str:
    """csv, ndjson or json, with .gz if compressed, from the file extension."""
    stem = name.removesuffix(".gz")
    for extension, format_name in _EXTENSIONS.items():
        if stem.endswith(extension):
            return format_name + name[len(stem) :]
    raise Refused("LAND-FORMAT", "the name must end in .csv, .ndjson, .jsonl or .json (or + .gz)")


def plain_copy(stored: Path, format_name: str, staging: Path, limits: Limits) -> Path:
    """The file to read: the stored object itself, or its unpacked copy in ``staging``."""
    if not format_name.endswith(".gz"):
        return stored
    staging.mkdir(parents=True, exist_ok=True)
    place = staging / f"{stored.name}.plain"
    temporary = staging / f"{stored.name}.{secrets.token_hex(8)}"
    try:
        with open(stored, "rb") as source, open(temporary, "xb") as target:
            _gunzip(source, target, limits)
        os.replace(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)
    return place


def _gunzip(source, target, limits: Limits) -> None:
    packed = plain = 0
    unpacker = None
    while block := source.read(_BLOCK_BYTES):
        packed += len(block)
        while block:
            if unpacker is None:  # a gzip file may consist of several members
                unpacker = zlib.decompressobj(wbits=31)
            try:
                out = unpacker.decompress(block, _BLOCK_BYTES)
            except zlib.error as error:
                raise Refused("LAND-GZIP", "is not a whole, valid gzip file") from error
            plain += len(out)
            _check_size(packed, plain, limits)
            target.write(out)
            if unpacker.eof:
                block, unpacker = unpacker.unused_data, None
            else:
                block = unpacker.unconsumed_tail
    if unpacker is not None or not packed:
        raise Refused("LAND-GZIP", "is not a whole, valid gzip file")


def _check_size(packed: int, plain: int, limits: Limits) -> None:
    if plain > limits.max_plain_bytes:
        raise Refused("LAND-SIZE", f"unpacks to more than {limits.max_plain_bytes} bytes")
    if plain > limits.ratio_from_bytes and plain > packed * limits.max_ratio:
        raise Refused("LAND-RATIO", f"unpacks to more than {limits.max_ratio} times its size")


def check_start(plain: Path, format_name: str, stream: Stream, limits: Limits) -> None:
    """Raise Refused if the first bytes do not fit the format or the stream."""
    with open(plain, "rb") as source:
        first = source.readline(limits.max_line_bytes + 1)
        size = os.fstat(source.fileno()).st_size
    for mark, words in _FOREIGN.items():
        if first.startswith(mark):
            raise Refused("LAND-FORMAT", f"is {words}, not UTF-8 text")
    kind = format_name.removesuffix(".gz")
    if kind == "json" and size > limits.max_page_bytes:
        raise Refused("LAND-SIZE", f"a page document may have {limits.max_page_bytes} bytes")
    if kind == "csv":
        if len(first) > limits.max_line_bytes:
            raise Refused("LAND-FORMAT", f"line 1 has more than {limits.max_line_bytes} bytes")
        header = stream.names_of(header_fields(first))
        if len(set(header)) != len(header):
            raise Refused("LAND-FORMAT", "line 1: the header names a column twice")
        for column in stream.columns:
            if column.required and column.name not in header:
                raise Refused("LAND-FORMAT", f"line 1: the header lacks the column {column.name}")
        for group in stream.one_of:
            if not set(group) & set(header):
                words = " or ".join(group)
                raise Refused("LAND-FORMAT", f"line 1: the header lacks the column {words}")


def header_fields(line: bytes) -> list[str]:
    """The column names in the first line of a CSV file. Raises Refused if it is not a header."""
    try:
        text = line.removeprefix(_UTF8_BOM).decode("utf-8").rstrip("\r\n")
        rows = list(csv.reader([text], strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("LAND-FORMAT", "line 1 is not a CSV header in UTF-8") from error
    if not rows or not rows[0]:
        raise Refused("LAND-FORMAT", "line 1 is empty, where a CSV header should be")
    return rows[0]
