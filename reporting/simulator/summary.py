"""What a simulation made, counted."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reporting.simulator.clearing_house.injected_errors import InjectedError


@dataclass(frozen=True)
class DayCount:
    """Trades of one business date; ``contracts_qty`` in hundredths of a contract."""

    day: date
    trades: int
    contracts_qty: int


@dataclass(frozen=True)
class SimulationSummary:
    """What lies in ``out``: per-day counts, files (without manifests) and injected errors."""

    out: Path
    days: tuple[DayCount, ...]
    accounts: int
    files: int
    errors: tuple[InjectedError, ...]

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def trades(self) -> int:
        return sum(day.trades for day in self.days)

    @property
    def contracts_qty(self) -> int:
        return sum(day.contracts_qty for day in self.days)
