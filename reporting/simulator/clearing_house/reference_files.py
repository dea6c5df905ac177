"""The small files of a date: members, accounts, schedules, marks and settlements."""

from collections.abc import Sequence
from datetime import date

from reporting.contract import END_OF_DAY
from reporting.simulator import text
from reporting.simulator.clearing_house.close import DayClose, settlement_row
from reporting.simulator.clearing_house.figures import Figures
from reporting.simulator.clearing_house.roster import Roster, account_rows
from reporting.simulator.drop import DropFolder
from reporting.simulator.schedules import Schedule


def write_people(
    drop: DropFolder,
    day: date,
    roster: Roster,
    schedules: Sequence[Schedule],
    cycle: str = END_OF_DAY,
) -> None:
    """Members, accounts and the margin schedule."""
    drop.write_table(day, "members", [tuple(m.values()) for m in roster.members], cycle)
    drop.write_table(day, "accounts", account_rows(roster), cycle)
    versions = [
        (s.version, s.effective.isoformat(), s.approver, s.reason, s.text()) for s in schedules
    ]
    drop.write_table(day, "margin_schedule", versions, cycle)


def write_market_rows(
    drop: DropFolder, close: DayClose, figures: Figures, tickers: list[str]
) -> None:
    """Marks of the open markets, and settlements."""
    marks = figures.reported_marks
    prices = [
        ("EOD", tickers[n], text.dollars(marks[n]), "trades", "by the mark policy")
        for n in close.open_markets.tolist()
        if marks[n] >= 0 and not figures.unsent[n]
    ]
    drop.write_table(figures.day, "market_price_snapshot", prices)
    settled = [settlement_row(s, tickers) for s in close.settlements]
    drop.write_table(figures.day, "settlement_periods", settled)
