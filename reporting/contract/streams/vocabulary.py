"""The words in which the contract is written: kinds of text, columns, streams.

No stream is declared here; those are in the feeds (``market_feed``, ``clearing_feed``).
"""

from dataclasses import dataclass

# Full-match patterns per kind. Width limits keep every accepted value, and what it is
# multiplied with (a quantity with a price, an amount with basis points), inside int64.
# A date and a time must also exist (``feeds/checks.py``).
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
    "quantity": r"-?[0-9]{1,10}(\.[0-9]{1,2}0*)?",
    "price": r"[0-9]{1,9}(\.[0-9]{1,6})?",
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
    """One column of a stream: its wire name, the kind of text, and its meaning.

    ``required``: an empty or absent value sends the row to quarantine.
    ``choices``: the only accepted values, where the contract lists them.
    ``headings``: what a CSV header may call it instead, in tables that others publish.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stream:
    """One stream: who sends it, what a row is, and its columns in order.

    ``key`` names the row: of rows with the same key the last file's counts, so that a
    sender corrects a row by sending it again under the next sequence number.
    ``wrapper`` is the key under which the public API puts the rows of a page.
    ``one_of`` lists groups of columns of which at least one must be filled: the
    generations of the public API name the same fact differently.
    ``daily``: the stream is expected every business date; ``each_cycle``: and by each of its
    cycles, because margin cannot be computed within the day without it.
    """

    name: str
    sender: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    wrapper: str | None = None
    one_of: tuple[tuple[str, ...], ...] = ()
    daily: bool = True
    each_cycle: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def names_of(self, header: list[str]) -> list[str]:
        """The fields of a CSV header with our names in place of others' headings."""
        ours = {heading: column.name for column in self.columns for heading in column.headings}
        return [ours.get(field, field) for field in header]


def must(name: str, kind: str, meaning: str, choices: tuple[str, ...] = ()) -> Column:
    """A column that every row fills."""
    return Column(name, kind, meaning, required=True, choices=choices)


def may(
    name: str,
    kind: str,
    meaning: str,
    choices: tuple[str, ...] = (),
    headings: tuple[str, ...] = (),
) -> Column:
    """A column that may be empty or absent."""
    return Column(name, kind, meaning, choices=choices, headings=headings)
