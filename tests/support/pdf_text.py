"""The text of a PDF as a reader finds and copies it, by poppler, which knows nothing of us."""

import re
import subprocess
import unicodedata
from pathlib import Path

LIGATURE_PAIRS = re.compile(r"\b\w*(?:ff|fi|fl|ft|tt)\w*\b")
"""Words that a font may print with a ligature, and a PDF then loses letters of."""


def text_of(pdf: Path) -> str:
    """All pages in reading order. Raises CalledProcessError where poppler cannot read them."""
    done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def without_letters(text: str) -> set[str]:
    """Characters that are no text: private use, unassigned, replacement, ligatures."""
    return {
        character
        for character in set(text) - set("\n\f")
        if unicodedata.category(character) in ("Co", "Cn", "Cc")
        or character == "\N{REPLACEMENT CHARACTER}"
        or "\ufb00" <= character <= "\ufb06"
    }
