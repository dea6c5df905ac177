"""Read the rates of the futures-style comparison: ``data_checks/peer_rates.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from pathlib import Path

import yaml

from reporting.settings import ROOT

PEER_RATES = ROOT / "data_checks" / "peer_rates.yaml"
_WHERE = f"data_checks/{PEER_RATES.name}"
_AMOUNTS = ("price_range", "spread_charge", "short_minimum", "credit_bps")
_ENTRY = {
    "effective_from": date,
    "approver": str,
    "reason": str,
    "extreme_multiple": int,
    "extreme_cover_bps": int,
    "rates": list,
}


@dataclass(frozen=True)
class PeerRate:
    """Rates of one kind of event; centicents per contract, the credit in basis points."""

    price_range: int
    spread_charge: int
    short_minimum: int
    credit_bps: int


@dataclass(frozen=True)
class PeerRates:
    """The rates in force on a date; ``by_series`` and ``by_category`` go before ``other``."""

    effective_from: date
    approver: str
    reason: str
    extreme_multiple: int
    extreme_cover_bps: int
    by_series: Mapping[str, PeerRate]
    by_category: Mapping[str, PeerRate]
    other: PeerRate

    def of(self, series: str, category: str) -> PeerRate:
        """The rate of an event."""
        return self.by_series.get(series) or self.by_category.get(category) or self.other


def peer_rates_in_force(business_date: date, path: Path = PEER_RATES) -> PeerRates:
    """The latest rates that are in force on a date. Raises ValueError naming the fault."""
    known = [version for version in _load(path) if version.effective_from <= business_date]
    if not known:
        raise ValueError(f"{_WHERE}: nothing is in force on {business_date}")
    return max(known, key=attrgetter("effective_from"))


@cache
def _load(path: Path) -> list[PeerRates]:
    return [_rates(record) for record in yaml.safe_load(path.read_text())]


def _rates(record: dict) -> PeerRates:
    where = f"{_WHERE}: from {record.get('effective_from')}"
    _check(where, record, _ENTRY)
    by_series: dict[str, PeerRate] = {}
    by_category: dict[str, PeerRate] = {}
    other: dict[str, PeerRate] = {}
    for row in record["rates"]:
        kinds = dict.fromkeys(_AMOUNTS, int)
        named = [name for name in ("series_ticker", "category") if name in row]
        _check(f"{where}, {row}", row, kinds | dict.fromkeys(named, str))
        if len(named) == 2:
            raise ValueError(f"{where}: a rate is for a series or for a category, not both: {row}")
        place = {"series_ticker": by_series, "category": by_category}.get("".join(named), other)
        key = row["".join(named)] if named else ""
        if key in place:
            raise ValueError(f"{where}: two rates for {key or 'all others'}")
        place[key] = PeerRate(**{name: row[name] for name in _AMOUNTS})
    if not other:
        raise ValueError(f"{where}: no rate for all others")
    fields = {name: record[name] for name in _ENTRY if name != "rates"}
    return PeerRates(**fields, by_series=by_series, by_category=by_category, other=other[""])


def _check(where: str, record: dict, kinds: dict[str, type]) -> None:
    if record.keys() != kinds.keys():
        missing, unknown = kinds.keys() - record.keys(), record.keys() - kinds.keys()
        raise ValueError(f"{where}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    for name, value in record.items():
        if type(value) is not kinds[name] or (kinds[name] is int and value < 0):
            raise ValueError(f"{where}: {name} has a wrong type or value")
