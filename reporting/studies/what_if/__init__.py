"""Margin of a hypothetical book on a date: the number, its parts, and what drives it."""

from reporting.studies.what_if.book_file import read_book
from reporting.studies.what_if.valued_book import WhatIf, what_if

__all__ = ["WhatIf", "read_book", "what_if"]
