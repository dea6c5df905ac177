"""The progress of a business date's delivery: part of it has landed, or all of it.

The clearing house may send prices for the intraday cycles during the date. Until the end-of-day
prices have landed or the cut-off has passed, end-of-day streams are not due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from duckdb import DuckDBPyConnection

from reporting.clock import cycle_utc
from reporting.contract import CYCLES, END_OF_DAY, STREAMS
from reporting.contract.finding import Finding


@dataclass(frozen=True)
class Progress:
    """The prices of a date that have landed.

    ``latest_cycle``: the last cycle with prices, empty if there is none.
    ``part_of_day``: end-of-day prices are still to come.
    ``complete_to_utc``: the moment, timezone-aware, up to which a part of a day is complete;
    None for a whole day.
    """

    business_date: date
    latest_cycle: str
    part_of_day: bool
    complete_to_utc: datetime | None

    def due(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings of landing, without those on missing streams that are not yet due."""
        if not self.part_of_day:
            return list(findings)
        kept, not_due = [], []
        for finding in findings:
            stream = STREAMS.get(finding.subject.partition(":")[0])
            is_missing = finding.rule_id == "LAND-MISSING-STREAM" and stream is not None
            if is_missing and not stream.each_cycle:
                not_due.append(stream.name)
            else:
                kept.append(finding)
        detail = f"prices have come up to the cycle of {self.latest_cycle} only" + (
            f"; not yet: {', '.join(sorted(not_due))}" if not_due else ""
        )
        subject = f"market_price_snapshot: {self.business_date.isoformat()}"
        return [*kept, Finding("LAND-PART-OF-DAY", subject, detail)]


def progress(
    connection: DuckDBPyConnection, business_date: date, waiting_allowed: bool
) -> Progress:
    """The progress of a date, judged by the prices that ``load`` has put into temporary tables.

    ``waiting_allowed`` is true before the cut-off, as for ``land_day``.
    """
    rows = connection.execute("SELECT DISTINCT cycle FROM temp.landing_market_price_snapshot")
    cycles_landed = {cycle for (cycle,) in rows.fetchall()}
    latest = next((cycle for cycle in reversed(CYCLES) if cycle in cycles_landed), "")
    part = waiting_allowed and latest not in ("", END_OF_DAY)
    return Progress(business_date, latest, part, cycle_utc(business_date, latest) if part else None)
