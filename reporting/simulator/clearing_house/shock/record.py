"""The scenario record of the shock, read from ``shock.yaml``, which says what each entry means."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("shock.yaml")


@dataclass(frozen=True)
class ShockRecord:
    """The declared scenario; the pairs are the least and the most."""

    version: str
    words: str
    sector: str
    days_before_end: int
    least_days: int
    within_days: int
    severities: tuple[float, ...]
    accounts_beyond_margin: tuple[int, int]
    fund_used_bps: int
    late_calls: int
    disputed_calls: int
    discount_cents: tuple[int, int]
    non_bidders: int


@cache
def shock_record() -> ShockRecord:
    """The record in ``shock.yaml``."""
    entry = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    return ShockRecord(**(entry | lists))
