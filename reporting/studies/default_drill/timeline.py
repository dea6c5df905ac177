"""The timeline of a drill: hours from the declaration, computed from the cycles and the rules.

The due time is the feed's if it states one. Everything else follows from the clock of cycles, the
schedule's liquidation periods and data_checks/default_drill.yaml.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reporting.clock import cycle_utc, dates_between, end_of_day_utc
from reporting.contract.streams.vocabulary import CYCLES
from reporting.studies.default_drill.case import Case
from reporting.studies.default_drill.close_out import Closing

_HOUR = timedelta(hours=1)

_STEPS = (
    ("hedging_start_hours", "first hedge"),
    ("hedging_end_hours", "last hedge"),
    ("lots_sent_hours", "auction lots sent to bidders"),
    ("bids_due_hours", "bids due"),
    ("auction_result_hours", "auction result"),
    ("allocation_hours", "loss allocated by the waterfall"),
    ("assessment_notice_hours", "notice of assessments to members"),
    ("public_notice_hours", "public notice"),
    ("porting_end_hours", "end of the porting window for customers"),
    ("assessment_due_hours", "assessments due"),
    ("replenishment_due_hours", "replenishment of the fund due"),
)


@dataclass(frozen=True)
class Timeline:
    """due_is: source of the due time. entries: in order of time. cycle_hour: full hours from the
    declaration to the first cycle after it; auction_hour: to the auction result."""

    cycle: datetime
    due: datetime
    due_is: str
    declared: datetime
    entries: list[dict]
    cycle_hour: int
    auction_hour: int


def timeline(case: Case, closing: Closing) -> Timeline:
    """The times of the drill, all UTC."""
    rules, day = case.rules, case.day.business_date
    cycle = end_of_day_utc(day)
    due_utc = case.day.read(
        "studies/default_drill/payment_due", affiliate_group=case.group
    ).fetchone()[0]
    stated = due_utc.replace(tzinfo=UTC) if due_utc is not None else None
    is_stated = stated is not None and stated > cycle
    due = stated if is_stated else cycle + rules.payment_due_hours * _HOUR
    due_is = "stream obligations" if is_stated else f"{rules.version}: payment_due_hours"
    declared = due + rules.grace_hours * _HOUR
    entries = [
        (cycle, "end-of-day cycle: the obligation is known"),
        (due, "payment due, not received"),
        (declared, "declaration of default; accounts frozen for new risk"),
        *((declared + getattr(rules, name) * _HOUR, words) for name, words in _STEPS),
    ]
    ends = {_liquidation_days(case, sale.category) for sale in closing.lots}
    entries += [
        (declared + timedelta(days=days), f"end of the liquidation period of {days} days")
        for days in sorted(ends)
    ]
    last = declared + timedelta(days=max(ends, default=1))
    cycles = _cycles(declared, last)
    entries += [(moment, f"settlement cycle {name}") for moment, name in cycles]
    entries.sort(key=_by_time)
    return Timeline(
        cycle,
        due,
        due_is,
        declared,
        [_entry(moment, words, declared) for moment, words in entries],
        int((cycles[0][0] - declared) // _HOUR) if cycles else 0,
        rules.auction_result_hours,
    )


def _by_time(entry: tuple[datetime, str]) -> datetime:
    return entry[0]


def _entry(moment: datetime, words: str, declared: datetime) -> dict:
    minutes = int((moment - declared) // timedelta(minutes=1))
    return {"utc": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "minutes": minutes, "what": words}


def _liquidation_days(case: Case, category: str) -> int:
    return case.book.schedule.liquidation_days_of(category)


def _cycles(after: datetime, until: datetime) -> list[tuple[datetime, str]]:
    """The cycles after one moment, up to and including another."""
    cycles = []
    for day in dates_between(after.date() - timedelta(days=1), until.date()):
        for name in CYCLES:
            moment = end_of_day_utc(day) if name == "EOD" else cycle_utc(day, name)
            if after < moment <= until:
                cycles.append((moment, f"{name} of {day}"))
    return sorted(cycles)
