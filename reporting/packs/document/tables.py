"""Tables of a document: columns, formatting of their cells, totals, and rows left out.

A table's rows are text: every number is formatted here, exactly.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from reporting.columns import DEFAULT_WIDTH, format_of, heading_of, width_of
from reporting.wording import dollars, numbers, words

Row = Mapping[str, object]
LINES_PER_CELL = 4
# Characters of a figure's width that a line holds in the normal and in the smaller size.
NORMAL_LINE = 112
DENSE_LINE = 127
LONGEST_SPELLING = len("[U+10FFFF]")
NUMERIC = ("money", "money_micros", "qty", "count", "price", "bps", "times", "ratio", "figure")
UNITS = {
    "money": "US$",
    "money_micros": "US$",
    "qty": "contracts",
    "price": "US$",
    "time": "UTC",
}
FORMATS: dict[str, Callable] = {
    "money_micros": dollars.amount_of_micros,
    "count": numbers.count,
    "bps": numbers.percent_of_bps,
    "times": numbers.times_of_bps,
    "ratio": numbers.ratio_of_e6,
    "time": numbers.moment,
    "day": numbers.day_in_words,
    "figure": str,
}
_COLUMN = re.compile(r"(?P<key>\w+)(:(?P<format>\w+))?(?P<total>\+)?")


@dataclass(frozen=True)
class Column:
    """One printed column: the row's key, its heading and format; ``total`` sums it below.

    Formats: text, severity, money, money_micros, qty, count,
    price, bps, times, ratio, figure (a number that is text already), time, day. ``width`` is the
    number of characters after which text wraps.
    """

    key: str
    head: str
    format: str = "text"
    total: bool = False
    width: int = DEFAULT_WIDTH

    @property
    def numeric(self) -> bool:
        return self.format in NUMERIC

    @property
    def unit(self) -> str:
        return UNITS.get(self.format, "")


def columns_of(names: str, rows: list[Row], heads: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a table by their names: ``account_id fees_centicents+ share:figure``.

    Heading, format and width are those of ``sql/columns.yaml``. ``:figure`` sets another format,
    ``+`` asks for a total, ``heads`` replaces headings in this table alone. A whole number
    without a format is a count.
    """
    columns = []
    for name in names.split():
        key, _, given, total = _COLUMN.fullmatch(name).groups()
        shown = given or format_of(key) or ("count" if _whole(key, rows) else "text")
        head = heads.get(key) or heading_of(key)
        columns.append(Column(key, head, shown, bool(total), width_of(key)))
    return tuple(columns)


def _whole(key: str, rows: list[Row]) -> bool:
    values = [row[key] for row in rows if row[key] is not None]
    return bool(values) and all(type(value) is int for value in values)


@dataclass(frozen=True)
class Table:
    """A table ready to print. ``source`` names the disclose table behind it.

    ``total_rows`` counts all rows of the source; ``left_out`` those not printed.
    ``empty_words`` stands in place of the table where there are no rows.
    """

    title: str
    source: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] | None
    total_rows: int
    empty_words: str
    note: str = ""
    left_out_words: str = ""
    part: ClassVar[str] = "table"

    @property
    def left_out(self) -> int:
        return self.total_rows - len(self.rows)

    @property
    def widths(self) -> tuple[str, ...]:
        """Column widths in per cent: each column by its longest word, in a fixed layout."""
        weights = self._weights
        whole = sum(weights)
        return tuple(numbers.scaled(weight * 10_000 // whole, 2, 1) for weight in weights)

    @property
    def short(self) -> bool:
        """Whether the table is so short that it should not be broken over two pages."""
        return len(self.rows) <= 8

    @property
    def density(self) -> str:
        """The size of type that holds the columns: normal (empty), ``dense`` or ``tiny``."""
        whole = sum(self._weights)
        return "" if whole <= NORMAL_LINE else "dense" if whole <= DENSE_LINE else "tiny"

    @property
    def _weights(self) -> tuple[int, ...]:
        """Characters that each column needs: numbers and heads cannot wrap, text can."""
        weights = []
        for place, column in enumerate(self.columns):
            lines = [line for line in (*self.rows, self.totals) if line]
            longest = max([len(line[place]) for line in lines], default=0)
            head = max(len(word) for word in column.head.split(" ")) + 1
            if column.numeric or column.format in ("time", "day", "severity"):
                weights.append(max(head, longest) + 2)
            else:
                weights.append(max(head, min(longest, column.width)) + 4)
        return tuple(weights)


def table(
    title: str,
    source: str,
    rows: Iterable[Row],
    columns: str,
    empty: str,
    heads: Mapping[str, str] | None = None,
    top: int | None = None,
    total_rows: int | None = None,
    note: str = "",
    total_words: str = "Total",
) -> Table:
    """Format ``rows`` into a ``Table``; print at most ``top``, total over **all** rows.

    ``columns`` and ``heads`` as ``columns_of`` reads them. ``total_rows``: the size of the
    population where the source itself holds only its head; then no totals are asked for.
    """
    rows = list(rows)
    shown = columns_of(columns, rows, heads or {})
    decimals = _decimals(shown, rows)
    printed = rows if top is None else rows[:top]
    cells = tuple(
        tuple(_cell(column, row[column.key], decimals) for column in shown) for row in printed
    )
    totals = None
    if rows and any(column.total for column in shown):
        totals = tuple(
            _cell(column, sum(row[column.key] or 0 for row in rows), decimals)
            if column.total
            else ("" if position else total_words)
            for position, column in enumerate(shown)
        )
    population = len(rows) if total_rows is None else total_rows
    left_out = population - len(cells)
    rest = ""
    if left_out:
        verb = "is" if left_out == 1 else "are"
        rest = f"{words.number_of(left_out, 'further row')} {verb} left out here"
        rest += "; the total includes all rows." if totals else "."
    return Table(title, source, shown, cells, totals, population, empty, note, rest)


def grid(
    heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], text_columns: int = 1, note: str = ""
) -> Table:
    """A table of cells that are text already; the first ``text_columns`` hold no numbers."""
    columns = tuple(
        Column("", head, "text" if place < text_columns else "figure")
        for place, head in enumerate(heads)
    )
    rows = tuple(rows)
    return Table("", "", columns, rows, None, len(rows), "", note)


def _decimals(columns: tuple[Column, ...], rows: list[Row]) -> dict[str, int]:
    """Decimals by column key, the fewest that cut no digit off: all amounts of money of a
    table alike, prices and quantities column by column."""
    money = [row[column.key] for row in rows for column in columns if column.format == "money"]
    decimals = {column.key: dollars.common_decimals(money) for column in columns}
    for column in columns:
        values = [row[column.key] or 0 for row in rows if column.format in ("price", "qty")]
        if column.format == "price":
            decimals[column.key] = dollars.common_decimals(values)
        elif column.format == "qty":
            decimals[column.key] = 0 if all(value % 100 == 0 for value in values) else 2
    return decimals


def _cell(column: Column, value, decimals: dict[str, int]) -> str:
    if value is None:
        return numbers.NONE
    if column.format in ("money", "price"):
        return dollars.amount(value, decimals[column.key])
    if column.format == "qty":
        return numbers.scaled(value, 2, decimals[column.key])
    if column.format in FORMATS:
        return FORMATS[column.format](value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return cut(str(value), LINES_PER_CELL * column.width)


def cut(text: str, most: int) -> str:
    """``text``, cut where it would print as more than ``most`` characters, saying so.

    Characters beyond Latin, Greek and Cyrillic may be spelled out by their codes, and
    count as much.
    """
    if len(text) * LONGEST_SPELLING <= most:
        return text
    printed = 0
    for place, character in enumerate(text):
        plain = character.isprintable() and ord(character) < 0x0500
        printed += 1 if plain else LONGEST_SPELLING
        if printed > most:
            return f"{text[:place]}… (+{numbers.count(len(text) - place)} characters)"
    return text
