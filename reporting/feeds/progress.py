"""How far the delivery of a business date has come: a part of it, or all of it.

The clearing house may send prices of intraday cycles while the date runs. Until those of the
end of the day are there, or the cut-off has passed, what belongs to the end of the day is
not missing.
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
    """What prices of a date have landed.

    latest_cycle: the last cycle with a price, empty without any; part_of_day: the end of the
    day is still to come; complete_to_utc: aware time up to which a part of a day is
    complete, None for a whole one.
    """

    business_date: date
    latest_cycle: str
    part_of_day: bool
    complete_to_utc: datetime | None

    def due(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings of landing, without streams that are missing but not due yet."""
        if not self.part_of_day:
            return list(findings)
        kept, waits = [], []
        for finding in findings:
            stream = STREAMS.get(finding.subject.partition(":")[0])
            missing = finding.rule_id == "LAND-MISSING-STREAM" and stream is not None
            if missing and not stream.each_cycle:
                waits.append(stream.name)
            else:
                kept.append(finding)
        detail = f"prices have come up to the cycle of {self.latest_cycle} only" + (
            f"; not yet: {', '.join(sorted(waits))}" if waits else ""
        )
        subject = f"market_price_snapshot: {self.business_date.isoformat()}"
        return [*kept, Finding("LAND-PART-OF-DAY", subject, detail)]


def progress(
    connection: DuckDBPyConnection, business_date: date, waiting_allowed: bool
) -> Progress:
    """How far a date has come, by the prices that ``load`` has put into temporary tables.

    ``waiting_allowed`` is true before the cut-off, as for ``land_day``.
    """
    rows = connection.execute("SELECT DISTINCT cycle FROM temp.landing_market_price_snapshot")
    there = {cycle for (cycle,) in rows.fetchall()}
    latest = next((cycle for cycle in reversed(CYCLES) if cycle in there), "")
    part = waiting_allowed and latest not in ("", END_OF_DAY)
    return Progress(business_date, latest, part, cycle_utc(business_date, latest) if part else None)
