"""The producers of the backtests' tables, which the stage stress makes.

They stand in the stage stress and not in recompute: they ask how good a margin was that is
committed by then, and nothing of the day's margin hangs on them.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import pyarrow

from reporting.engine.day import Day
from reporting.engine.past_dates import earlier_dates
from reporting.engine.stage import Producer
from reporting.rulebook.thresholds import Thresholds, thresholds_in_force
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.stress.backtest.books import backtest_book_rows
from reporting.stages.stress.backtest.observations import observation_rows
from reporting.stages.stress.backtest.procyclicality import procyclicality_rows
from reporting.stages.stress.backtest.results import result_rows


class Backtests:
    """The producers of one date; what one reads, the next need not read again."""

    def __init__(self) -> None:
        self._known: _Known | None = None

    @property
    def producers(self) -> dict[str, Producer]:
        return {
            "stress.backtest_books": self._books,
            "stress.backtest_contracts": self._books,
            "stress.backtest_observations": self._observations,
            "stress.backtest_results": self._results,
            "stress.procyclicality": self._procyclicality,
        }

    def _books(self, day: Day) -> Mapping[str, pyarrow.Table]:
        scenarios = day.kept("recompute.scenario_sets")
        return backtest_book_rows(day, self._of(day).book, scenarios)

    def _observations(self, day: Day) -> Mapping[str, pyarrow.Table]:
        known = self._of(day)
        rows = observation_rows(day, known.earlier, known.periods)
        return {"stress.backtest_observations": rows}

    def _results(self, day: Day) -> Mapping[str, pyarrow.Table]:
        known = self._of(day)
        seed = known.book.schedule.seed
        return {"stress.backtest_results": result_rows(day, known.earlier, seed, known.thresholds)}

    def _procyclicality(self, day: Day) -> Mapping[str, pyarrow.Table]:
        known = self._of(day)
        window = known.thresholds.coverage_days
        rows = procyclicality_rows(day, known.book, known.earlier, window)
        return {"stress.procyclicality": rows}

    def _of(self, day: Day) -> "_Known":
        self._known = self._known or _Known(day)
        return self._known


class _Known:
    """What more than one table needs of a date."""

    def __init__(self, day: Day) -> None:
        self._day = day

    @cached_property
    def book(self) -> DayBook:
        return self._day.kept("recompute.account_margin") or read_day_book(self._day)

    @cached_property
    def thresholds(self) -> Thresholds:
        return thresholds_in_force(self._day.business_date)

    @cached_property
    def periods(self) -> list[int]:
        """Liquidation periods of all known versions of the schedule, in days."""
        schedules = self.book.schedules
        return sorted({days for each in schedules for days in each.liquidation_days.values()})

    @cached_property
    def earlier(self) -> list[date]:
        """Business dates before the date, latest first."""
        return earlier_dates(self._day)
