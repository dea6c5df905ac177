"""Look-ups in a margin schedule: the dict of the feed, in whole basis points and centicents."""

from collections.abc import Mapping

BPS = 10_000
"""Basis points of one."""
DOLLAR = 10_000
"""Centicents of a dollar."""
SECONDS_PER_DAY = 86_400


def of_category(values: Mapping, category: str):
    """The value of a category, else the default."""
    return values.get(category, values["default"])


def fair_price_band(schedule: Mapping, category: str) -> int:
    """How far from its mark a contract may settle at a "fair" price, in centicents."""
    return of_category(schedule["fair_price_band_centicents"], category)
