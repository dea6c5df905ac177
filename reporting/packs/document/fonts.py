"""The bundled fonts: which characters they have, and text made safe to print with them.

A character that no bundled font has, and every control, format or direction mark, is
spelled out (``[U+202E]``): nothing vanishes, nothing reorders a line, and no font of the
machine is ever needed.
"""

import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

from reporting.settings import ROOT

FOLDER = ROOT / "templates" / "fonts"
REGULAR = "source-sans-3-latin-400-normal"
_TEXT_SUBSETS = ("latin", "latin-ext", "greek", "cyrillic")
# Control, format, surrogate, private use, unassigned, line and paragraph separators.
_SPELLED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


_PLAIN = {"\u2264": "<=", "\u2265": ">=", "\u2260": "<>"}
"""Signs of outcome states that the fonts lack, in plain writing."""


class SafeText:
    """Spells out every character outside ``characters``; call it with the text."""

    def __init__(self, characters: frozenset[int]) -> None:
        self._characters = characters

    def __call__(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        return "".join(map(self._one, text))

    def _one(self, character: str) -> str:
        known = ord(character) in self._characters
        if known and unicodedata.category(character) not in _SPELLED:
            return character
        return _PLAIN.get(character) or f"[U+{ord(character):04X}]"


def text_characters() -> frozenset[int]:
    """Characters that running text can show: all subsets of the sans-serif."""
    names = (f"source-sans-3-{subset}-400-normal" for subset in _TEXT_SUBSETS)
    return frozenset().union(*(_characters(name) for name in names))


def chart_characters() -> frozenset[int]:
    """Characters that charts can show: the Latin subset, by which text is measured."""
    return _characters(REGULAR)


def _characters(name: str) -> frozenset[int]:
    with TTFont(FOLDER / (name + ".woff2"), lazy=True) as font:
        return frozenset(font.getBestCmap())


def unpack(name: str, folder: Path) -> Path:
    """Write a bundled font as TrueType into ``folder``, for programs that read no WOFF2."""
    target = folder / (name + ".ttf")
    with TTFont(FOLDER / (name + ".woff2"), recalcTimestamp=False) as font:
        font.flavor = None
        font.save(target)
    return target
