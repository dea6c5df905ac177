"""Counts of a finished simulation."""

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
    """Content of ``out``: counts per day, number of files (without manifests), injected errors.

    ``shock``: the date of the shock day, if there is one.
    """

    out: Path
    days: tuple[DayCount, ...]
    accounts: int
    files: int
    errors: tuple[InjectedError, ...]
    shock: date | None = None

    @property
    def first(self) -> date:
        """First business date."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """Last business date."""
        return self.days[-1].day

    @property
    def trades(self) -> int:
        """Trades over all days."""
        return sum(day.trades for day in self.days)

    @property
    def contracts_qty(self) -> int:
        """Contracts over all days, hundredths."""
        return sum(day.contracts_qty for day in self.days)
