"""Margin calls as the clearing house reports them, and the hours of the morning after a date."""

from dataclasses import astuple, dataclass
from datetime import date, timedelta

import numpy as np

from reporting.contract import END_OF_DAY
from reporting.simulator import clock
from reporting.simulator.clearing_house.figures import Figures
from reporting.simulator.clearing_house.injection import Injector


@dataclass(frozen=True)
class Call:
    """A row of the margin_calls stream, in the order of its columns; amounts in centicents, times
    as UTC text."""

    call_id: str
    account_id: str
    cycle: str
    issued_time: str
    due_time: str
    amount: int
    met: int
    met_time: str
    state: str = "met"
    reason: str = "initial margin above collateral"
    dispute_stage: str = ""
    dispute_outcome: str = ""

    @property
    def row(self) -> tuple:
        """The row to send."""
        return astuple(self)


def morning(day: date, hour: int, minute: int = 0) -> str:
    """A New York time on the morning after the business date, as UTC text."""
    return clock.utc_text(clock.new_york(day + timedelta(days=1), hour, minute))


def end_of_day_calls(
    index: int,
    account_ids: list[str],
    calls: np.ndarray,
    figures: Figures,
    injector: Injector | None,
) -> list[Call]:
    """The calls of a close, each met in time; an injected error may halve one in ``calls``, and
    another may be met late."""
    day, late = figures.day, None
    if injector is not None and injector.due(index, "SHORT_CALL"):
        injector.short_call(figures, calls)
    if injector is not None and injector.due(index, "LATE_CALL"):
        late = injector.late_call(calls, figures.touched)
    issued, due = morning(day, 0, 15), morning(day, 8)
    sent = []
    for account in np.flatnonzero(calls).tolist():
        own = account_ids[account]
        call_id = f"C{day:%Y%m%d}-{own}"
        met = morning(day, 6, 30)
        if account == late:
            met = morning(day, 8, 45)
            injector.record_late_call(day, account, call_id)
        amount = int(calls[account])
        sent.append(Call(call_id, own, END_OF_DAY, issued, due, amount, amount, met))
    return sent


def intraday_call(day: date, cycle: str, account_id: str, amount: int) -> Call:
    """A call for a loss within the day, met within the hour."""
    at = clock.cycle(day, cycle)
    issued, met, due = (clock.utc_text(at + m * 60 * clock.MICROS) for m in (5, 60, 120))
    call_id = f"C{day:%Y%m%d}-{cycle.replace(':', '')}-{account_id}"
    words = "loss since the last variation"
    return Call(call_id, account_id, cycle, issued, due, amount, amount, met, reason=words)
