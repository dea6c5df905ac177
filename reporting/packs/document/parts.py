"""What a document is made of: paragraphs, tables, figures, lists, terms, conclusions, cards.

Data only, no layout. Pure functions build a ``Document``; ``render`` prints it as PDF and
``markdown`` writes it as text. Tables are in ``tables``.
"""

from dataclasses import dataclass
from typing import ClassVar

from reporting.packs.document.alt_text import alt_text
from reporting.packs.document.tables import Table


@dataclass(frozen=True)
class Figure:
    """A chart: ``form`` names a function of ``charts``, ``data`` its arguments."""

    title: str
    form: str
    data: dict
    source: str
    note: str = ""
    part: ClassVar[str] = "figure"

    @property
    def alt(self) -> str:
        """What the chart shows, in words."""
        return alt_text(self.form, self.data)


@dataclass(frozen=True)
class Terms:
    """Pairs of a term and its meaning (a definition list)."""

    entries: tuple[tuple[str, str], ...]
    title: str = ""
    part: ClassVar[str] = "terms"

    @property
    def halves(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The entries in two columns of about the same amount of text, in reading order."""
        sizes = [len(term) + len(meaning) for term, meaning in self.entries]
        cut = 0
        while 2 * sum(sizes[:cut]) < sum(sizes):
            cut += 1
        return self.entries[:cut], self.entries[cut:]


@dataclass(frozen=True)
class Listing:
    """A list of sentences, numbered or with points."""

    entries: tuple[str, ...]
    title: str = ""
    numbered: bool = False
    part: ClassVar[str] = "listing"


@dataclass(frozen=True)
class Labelled:
    """A paragraph that begins with a label in bold, such as SYNTHETIC."""

    label: str
    words: str
    part: ClassVar[str] = "labelled"


@dataclass(frozen=True)
class Conclusion:
    """What follows from the numbers: a verdict, its reason in a sentence or two, and a request
    to the venue where there is one."""

    verdict: str
    words: str
    ask: str = ""


Item = str | Table | Figure | Terms | Listing | Labelled


@dataclass(frozen=True)
class Section:
    """A section: its conclusions first, then its items in reading order (text is a paragraph)."""

    title: str
    items: tuple[Item, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()


@dataclass(frozen=True)
class Card:
    """One key figure of page one. ``tone`` is plain, good or bad."""

    label: str
    value: str
    note: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Change:
    """One line of "what changed": today against the previous business date."""

    label: str
    today: str
    previous: str
    change: str
    unit: str


@dataclass(frozen=True)
class Document:
    """A whole document. ``summary`` stands before the first section.

    ``changes`` are against ``previous_date``, which is None where there is no earlier date.
    """

    title: str
    sections: tuple[Section, ...]
    summary: tuple[str | Labelled, ...] = ()
    name: str = ""
    subtitle: str = ""
    cards: tuple[Card, ...] = ()
    terms: Terms | None = None
    changes: tuple[Change, ...] = ()
    previous_date: str | None = None
