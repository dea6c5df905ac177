"""The rows of a window of dates that a review reads from the lake.

Belongs here: reading, and nothing that follows from the rows. The SELECTs are in
``sql/studies/risk_review/``. Each is bounded by the window's dates, so other dates in the lake
change nothing. A statistic that looks back beyond the window has done so in its own table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from reporting.lake.selects import load_select
from reporting.studies.risk_review.parts import FULL_BELOW

Row = dict

SELECTS = (
    "studies/risk_review/cover",
    "studies/risk_review/losses",
    "studies/risk_review/families",
    "studies/risk_review/reverse",
    "studies/risk_review/liquidity",
    "studies/risk_review/backtest_results",
    "studies/risk_review/observation_days",
    "studies/risk_review/breaches",
    "studies/risk_review/sufficient_multiples",
    "studies/risk_review/constant_margin",
    "studies/risk_review/estimates",
    "studies/risk_review/metrics",
    "studies/risk_review/unsecured_accounts",
    "studies/risk_review/trends",
    "studies/risk_review/venue_days",
    "studies/risk_review/variation",
    "studies/risk_review/closes",
    "studies/risk_review/thresholds",
    "studies/risk_review/breaks",
    "studies/risk_review/findings",
    "studies/risk_review/errors",
    "studies/risk_review/files",
)
"""What a review reads; the last word names the table of a window."""


@dataclass(frozen=True)
class Window:
    """Rows of each table in the window, by date, and which stages were committed for each date.

    ``dates`` are those of the window that were run; amounts are centicents where a name says
    nothing else, quantities hundredths of a contract.
    """

    first: date
    last: date
    stages: Mapping[date, frozenset[str]]
    tables: Mapping[str, Sequence[Row]]

    @property
    def dates(self) -> list[date]:
        return sorted(at for at in self.stages if self.first <= at <= self.last)

    @property
    def full_collateral(self) -> bool:
        """Whether no date had leverage to speak of: then nothing can go wrong with margin."""
        values = [*self.metric("leverage").values(), *self.metric("margined_leverage").values()]
        return bool(values) and max(values) < FULL_BELOW

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table."""
        return self.tables[table]

    def by_date(self, table: str) -> dict[date, Row]:
        """The rows of a table that has one row per date."""
        return {row["business_date"]: row for row in self.tables[table]}

    def metric(self, name: str, scope_kind: str = "venue", scope: str = "") -> dict[date, int]:
        """A metric by date."""
        return {
            row["business_date"]: row["value"]
            for row in self.tables["metrics"]
            if (row["metric"], row["scope_kind"], row["scope"]) == (name, scope_kind, scope)
        }


def read_window(
    connection: duckdb.DuckDBPyConnection,
    stages: Mapping[date, frozenset[str]],
    first: date,
    last: date,
) -> Window:
    """Read the window from ``first`` to ``last``, both included."""
    tables = {}
    for name in SELECTS:
        cursor = connection.execute(load_select(name), {"first": first, "last": last})
        columns = [column[0] for column in cursor.description]
        tables[name.rpartition("/")[2]] = [
            dict(zip(columns, row, strict=True)) for row in cursor.fetchall()
        ]
    return Window(first, last, stages, tables)


def dates_of(rows: Sequence[Row]) -> list[date]:
    """The business dates of rows."""
    return [row["business_date"] for row in rows]
