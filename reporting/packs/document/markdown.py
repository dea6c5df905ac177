"""A document as Markdown: for committees, notices and anything that is kept as text.

Text is written as it stands, so that a sentence may hold a code span; text that comes from a
feed goes through ``plain`` first. Signs are those of a keyboard: a minus is a hyphen.
"""

import re
from collections.abc import Iterable, Iterator

from reporting.packs.document.parts import Conclusion, Document, Figure, Item, Listing, Section
from reporting.packs.document.tables import Table
from reporting.wording.numbers import MINUS, NONE

_MINUS = re.compile(rf"{MINUS}(?=[$.\d])")


def plain(text: object) -> str:
    """Text of a feed as text of Markdown: nothing in it marks anything up."""
    return re.sub(r"([\\`*|<>\[\]])", r"\\\1", " ".join(str(text).split()))


def markdown(document: Document) -> str:
    """The whole document; the same document gives the same text."""
    blocks = [f"# {document.title}", *_items(document.summary)]
    blocks += [f"- {card.label}: {card.value} ({card.note})" for card in document.cards]
    for section in document.sections:
        blocks += _section(section)
    return _MINUS.sub("-", "\n\n".join(blocks)) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    if section.conclusions:
        yield "\n".join(map(_conclusion, section.conclusions))
    yield from _items(section.items)


def _conclusion(conclusion: Conclusion) -> str:
    return f"- **{conclusion.verdict}.** {conclusion.words}"


def _items(items: Iterable[Item]) -> Iterator[str]:
    """One block of lines a part, two where it has a title."""
    for item in items:
        if isinstance(item, str):
            yield item
        elif item.part == "labelled":
            yield f"**{item.label}** {item.words}"
        elif item.part == "figure":
            yield _figure(item)
        elif item.part == "table":
            yield from _table(item)
        else:
            if item.title:
                yield f"### {item.title}"
            yield (
                _listing(item)
                if item.part == "listing"
                else "\n".join(f"- **{term}**: {meaning}" for term, meaning in item.entries)
            )


def _listing(listing: Listing) -> str:
    return "\n".join(
        f"{f'{number}.' if listing.numbered else '-'} {entry}"
        for number, entry in enumerate(listing.entries, 1)
    )


def _figure(figure: Figure) -> str:
    """Text has no charts: it says what the chart would show."""
    return f"**{figure.title}.** {figure.alt}"


def _table(table: Table) -> Iterator[str]:
    """A table without rows is replaced by its words, or left out if it has none."""
    if not table.rows:
        if table.empty_words:
            yield table.empty_words
        return
    if table.title:
        yield f"**{table.title}**"
    if table.note:
        yield table.note
    sides = tuple("--:" if column.numeric else "---" for column in table.columns)
    heads = tuple(column.head for column in table.columns)
    lines = (heads, sides, *table.rows, *((table.totals,) if table.totals else ()))
    yield "\n".join(f"| {' | '.join(map(_cell, cells))} |" for cells in lines)
    if table.left_out_words:
        yield table.left_out_words


def _cell(text: str) -> str:
    return "-" if text == NONE else text
