"""A hypothetical book as a file: JSON or CSV, read with errors that name the entry.

Belongs here: from the file to contracts by ticker. ``valued_book`` computes the margin.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from reporting.errors import UserError

_FIELDS = {"ticker", "contracts", "side"}
_MAX_QTY = 10**15
_HUNDREDTHS = 100


def read_book(name: str, text: str) -> dict[str, int]:
    """Net YES contracts by ticker, in hundredths, in the order of the file.

    name: of the file, for errors; a name that ends in .csv is CSV, all else JSON. One NO is -1.
    Entries of one ticker add up. Raises UserError naming file and entry.
    """
    entries = _csv(name, text) if Path(name).suffix.lower() == ".csv" else _json(name, text)
    book: dict[str, int] = {}
    for where, entry in entries:
        ticker, qty = _position(where, entry)
        book[ticker] = book.get(ticker, 0) + qty
    if not book:
        raise UserError(f"{name}: holds no position")
    return book


def _json(name: str, text: str) -> Iterator[tuple[str, Mapping]]:
    try:
        document = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise UserError(f"{name}: is not JSON: {error}") from None
    positions = document.get("positions") if isinstance(document, dict) else None
    if not isinstance(positions, list):
        raise UserError(f'{name}: needs {{"positions": [{{"ticker": ..., "contracts": ...}}]}}')
    for i, entry in enumerate(positions):
        where = f"{name}: positions[{i}]"
        if not isinstance(entry, dict):
            raise UserError(f"{where}: must be an object")
        yield where, entry


def _csv(name: str, text: str) -> Iterator[tuple[str, Mapping]]:
    rows = csv.DictReader(io.StringIO(text))
    for row in rows:
        where = f"{name}, line {rows.line_num}"
        if None in row:
            raise UserError(f"{where}: has more values than the heading has columns")
        yield where, row


def _position(where: str, entry: Mapping) -> tuple[str, int]:
    if unknown := sorted(str(field) for field in entry.keys() - _FIELDS):
        known = ", ".join(sorted(_FIELDS))
        raise UserError(f"{where}: {unknown[0]} is no field of a position; they are {known}")
    ticker = entry.get("ticker")
    if not isinstance(ticker, str) or not ticker.strip():
        raise UserError(f"{where}: ticker is missing")
    side = entry.get("side") or "yes"
    if side not in ("yes", "no"):
        raise UserError(f"{where}: side must be yes or no, not {side}")
    try:
        contracts = Decimal(str(entry.get("contracts")).strip())
    except InvalidOperation:
        contracts = Decimal("NaN")
    qty = contracts * _HUNDREDTHS
    if not contracts.is_finite() or qty != qty.to_integral_value() or abs(qty) > _MAX_QTY:
        raise UserError(
            f"{where}: contracts must be a number with at most two decimals, not"
            f" {entry.get('contracts')}"
        )
    return ticker.strip(), int(qty) if side == "yes" else -int(qty)
