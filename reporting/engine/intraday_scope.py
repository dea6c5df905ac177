"""The tables that are made while a business date still runs.

Until its end-of-day data have arrived (``land.progress``), a date has no closing positions, marks
or margin, and the venue has sent none to compare them with. The stage recompute then makes the
tables of the intraday cycles and those that they read. Every later table waits, and so do its rules
and the rules for a whole day.
"""

from reporting.engine.day import Day
from reporting.engine.tables import stage_tables
from reporting.lake.connection import STAGES

_INTRADAY = """
    days contracts fee_schedule settlements trade_sides mark_policies cycles cycle_marks
    cycle_positions cycle_collateral thresholds cycle_margin cycle_alerts cycle_position_breaks
    cycle_breaks
"""
MADE_INTRADAY = frozenset(f"recompute.{table}" for table in _INTRADAY.split())
WAITS = "the end-of-day data of the date are not there yet"


def is_part_of_day(day: Day) -> bool:
    """Whether the date was landed before its end-of-day data were there."""
    row = day.read("engine/part_of_day").fetchone()
    return row is not None and row[0]


def waiting_tables(day: Day, stage: str) -> dict[str, str]:
    """Tables of a stage that wait for the end of the day, with the reason."""
    if STAGES.index(stage) < STAGES.index("recompute") or not is_part_of_day(day):
        return {}
    return {
        table.name: WAITS
        for table in stage_tables(stage)
        if table.name not in MADE_INTRADAY and table.short != "findings"
    }
