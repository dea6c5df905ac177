"""The vocabulary of the contract: kinds of text, columns and streams.

No stream is declared here. The feeds declare them (``market_feed``, ``clearing_feed``).
"""

from dataclasses import dataclass

# One pattern for each kind; the whole text must match. The widths keep every accepted value,
# its products (quantity times price, amount times basis points) and each step of its cast
# (``casts.py``) inside int64.
# A date or time must also exist in the calendar (``feeds/checks.py``).
PATTERNS = {
    "text": r"[^\x00-\x1f]*",
    "json": r"[^\x00]*",
    # Old tickers of the exchange hold blanks, commas and signs: "GDP-232022 Q4-T0.0",
    # "JOBLESS-22SEP10-C220,000", "FEDDECISION-23JUL-H>25".
    "id": r"[A-Za-z0-9](?:[A-Za-z0-9 ,>._:/-]{0,118}[A-Za-z0-9._:/-])?",
    "whole": r"-?[0-9]{1,14}",
    "bps": r"[0-9]{1,6}",
    "cents": r"[0-9]{1,9}(\.0+)?",
    "decimal": r"-?[0-9]{1,14}(\.[0-9]{1,12})?",
    # The lake keeps four decimals of these two.
    "multiplier": r"-?[0-9]{1,9}(\.[0-9]{1,12})?",
    "fine_cents": r"-?[0-9]{1,11}(\.[0-9]{1,12})?",
    "quantity": r"-?[0-9]{1,10}(\.[0-9]{1,2}0*)?",
    "price": r"[0-9]{1,8}(\.[0-9]{1,6})?",
    # A price that the lake rounds to a centicent; it cuts a ``price``.
    "rounded_price": r"[0-9]{1,9}(\.[0-9]{1,6})?",
    "flag": r"true|false|True|False",
    # Tables of futures exchanges: 06/2026, 20260601, "1,250 USD".
    "month": r"(0[1-9]|1[0-2])/[12][0-9]{3}",
    "compact_date": r"[12][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])",
    "money": r"[0-9]{1,3}(,?[0-9]{3}){0,3}(\.[0-9]{1,2})? [A-Z]{3}",
    "date": r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}",
    "time": r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-8])(:?[0-5][0-9])?)",
}


END_OF_DAY = "EOD"
CYCLES = ("12:00", "16:00", END_OF_DAY)
"""Settlement cycles of a business date, in order: New York times, and the end of the day."""


@dataclass(frozen=True)
class Column:
    """One column of a stream: its wire name, its kind and its meaning.

    ``required``: a row without a value goes to quarantine.
    ``choices``: the only accepted values, where the contract lists them.
    ``headings``: other names that a published CSV header may use for this column.

    The rest says how the column reaches the lake (``contract/casts.py``).
    ``replaces``: the column of an older API generation that states the same fact. The lake has
    one column for both, named after the older one.
    ``lake_name``: the name in the lake, without its unit, where it differs from the wire name.
    ``default``: the text that stands for an absent value; an absent ``text`` is empty anyway.
    ``cast``: whether the typed table has this column at all.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    replaces: str = ""
    lake_name: str = ""
    default: str | None = None
    cast: bool = True


@dataclass(frozen=True)
class Terms:
    """The columns of a stream that are terms of the contract.

    They must not change within a business date. ``always``: whatever the status. ``while_open``:
    only between two rows whose ``status`` is one of ``open_statuses``, because the venue moves
    these times when a market closes early.
    """

    always: tuple[str, ...]
    while_open: tuple[str, ...] = ()
    open_statuses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stream:
    """One stream: its sender, its grain and its columns in order.

    ``key`` identifies a row. Where several files have the same key, the row of the last file
    counts, so a sender corrects a row by sending it again under the next sequence number.
    ``wrapper`` is the key under which a page of the public API holds its rows. Pages overlap and
    report the same market again after its status changed, so such a stream may repeat a key
    within one file; ``terms`` must then agree.
    ``one_of`` lists groups of columns; a row must fill at least one column of each group. The
    generations of the public API name the same fact differently.
    ``daily``: the stream is due every business date. ``each_cycle``: it is also due at every
    cycle, because intraday margin cannot be computed without it.
    """

    name: str
    sender: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    wrapper: str | None = None
    one_of: tuple[tuple[str, ...], ...] = ()
    terms: Terms | None = None
    daily: bool = True
    each_cycle: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The wire names, in the order of the contract."""
        return tuple(column.name for column in self.columns)

    @property
    def may_repeat_a_key(self) -> bool:
        """Whether one file may hold several rows of a key."""
        return self.wrapper is not None

    def names_of(self, header: list[str]) -> list[str]:
        """The fields of a CSV header, with published headings replaced by our names."""
        ours = {heading: column.name for column in self.columns for heading in column.headings}
        return [ours.get(field, field) for field in header]


def stream(
    sender: str, name: str, grain: str, *columns: Column, key: str = "", **more: object
) -> Stream:
    """A stream by its sender; ``key``: its columns with spaces between; ``more``: other fields."""
    return Stream(name, sender, grain, columns, tuple(key.split()), **more)


def terms(always: str, while_open: str = "", open_statuses: str = "") -> Terms:
    """The terms of a stream, each text as names with spaces between."""
    return Terms(*(tuple(names.split()) for names in (always, while_open, open_statuses)))


def must(name: str, kind: str, meaning: str, choices: str = "", lake_name: str = "") -> Column:
    """A column that every row must fill; ``choices`` with spaces between."""
    return may(name, kind, meaning, choices, required=True, lake_name=lake_name)


def may(name: str, kind: str, meaning: str, choices: str = "", **more: object) -> Column:
    """A column that may be empty or absent; ``more`` are the other fields of ``Column``."""
    return Column(name, kind, meaning, choices=tuple(choices.split()), **more)
