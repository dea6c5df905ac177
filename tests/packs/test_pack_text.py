"""The text of every pack can be searched and copied: nothing that is printed loses its letters."""

from dataclasses import fields, is_dataclass

import pytest
from support.pdf_text import LIGATURE_PAIRS, text_of, without_letters

from reporting.packs.daily import pack as daily_risk_and_margin
from reporting.packs.default import pack as default_management
from reporting.packs.document.parts import Figure
from reporting.packs.document.tables import Table
from reporting.packs.stress import pack as stress_tests

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs")]

VIEWS = {
    "daily-risk-and-margin": daily_risk_and_margin.view,
    "stress-tests": stress_tests.view,
    "default-management": default_management.view,
}


def printed(part) -> list[str]:
    """Every text of a document that is printed in full: no cells of tables and no labels of
    charts, which may be cut or broken anywhere."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, Table):
        heads = [column.head for column in part.columns] if part.rows else []
        return [part.title, *heads, *([part.note] if part.rows else [part.empty_words])]
    if isinstance(part, Figure):
        names = [name for name, _ in part.data.get("series", ())]
        return [part.title, part.note, *names]
    if is_dataclass(part):
        return [text for field in fields(part) for text in printed(getattr(part, field.name))]
    if isinstance(part, tuple):
        return [text for entry in part for text in printed(entry)]
    return []


def test_every_word_that_could_lose_letters_is_found(rendered, tables) -> None:
    folder, files = rendered
    found = set()
    for file in files:
        text = text_of(folder / file.file_name)
        assert without_letters(text) == set(), file.pack
        words = {
            word
            for entry in printed(VIEWS[file.pack](tables))
            for word in LIGATURE_PAIRS.findall(entry)
        }
        assert {word for word in words if word not in text} == set(), file.pack
        found |= words
    assert {"affiliates", "first", "after"} <= found
