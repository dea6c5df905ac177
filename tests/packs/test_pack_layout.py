"""Nothing is printed over something else: in the packs, and wherever on a page a box comes to lie.

Positions of words are read from the PDF by poppler, which knows nothing of the layout.
"""

import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from reporting.packs.default import pack as default_management
from reporting.packs.document.parts import Section, Terms
from reporting.packs.document.render import Setting

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs")]

SETTING = Setting("2025-04-08", "confidential", "generated", ())
BOX = Terms(tuple((f"term {n}", "as long as what it means " * 4) for n in range(16)), "Box")
Word = tuple[float, float, float, float, str]


def words_by_page(pdf: bytes) -> list[list[Word]]:
    """Left, top, right and bottom in points, and the text, of the words of each page."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    pages = ElementTree.fromstring(done.stdout).iter("{http://www.w3.org/1999/xhtml}page")
    return [
        [
            (*(float(word.get(side)) for side in ("xMin", "yMin", "xMax", "yMax")), word.text)
            for word in page
        ]
        for page in pages
    ]


def overlapping(words: list[Word]) -> list[tuple[str, str]]:
    """Pairs of words of which one covers a third of the other."""
    if not words:
        return []
    left, top, right, bottom = np.array([word[:4] for word in words]).T
    wide = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    high = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    area = (right - left) * (bottom - top)
    covers = wide.clip(0) * high.clip(0) > np.minimum.outer(area, area) / 3
    return [(words[one][4], words[other][4]) for one, other in np.argwhere(np.triu(covers, 1))]


@pytest.mark.parametrize("before", range(20, 36, 3))
def test_a_box_of_two_columns_covers_nothing(tables, renderer, before) -> None:
    """``before`` paragraphs push the box over the end of a page, of which some have no room left
    for it, and what follows stands below it."""
    items = (*("A paragraph before the box." for _ in range(before)), BOX)
    items += tuple("A paragraph after the box." for _ in range(30))
    pack = replace(default_management.view(tables), sections=(Section("Section", items),))
    pages = words_by_page(renderer.render(pack, SETTING)[0])
    texts = [" ".join(word[4] for word in page) for page in pages]
    assert sum(text.count("term 15") for text in texts) == 1
    assert {
        number: found for number, page in enumerate(pages, 1) if (found := overlapping(page))
    } == {}


def test_nothing_in_the_packs_covers_something_else(rendered) -> None:
    folder, files = rendered
    for file in files:
        for number, words in enumerate(words_by_page((folder / file.file_name).read_bytes()), 1):
            assert overlapping(words) == [], (file.pack, number)
