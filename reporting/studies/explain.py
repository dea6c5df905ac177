"""An account's margin against the venue's, down to the trades behind each position.

Belongs here: what is read for an account at a cycle of a date, put together. How it is printed
is in ``reporting/cli/explain.py``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from reporting.contract import END_OF_DAY
from reporting.errors import UserError
from reporting.lake import Lake
from reporting.lake.selects import load_select
from reporting.studies.status import dates_run


class Margin(NamedTuple):
    """Margin as charged by the venue and as recomputed, in centicents, the effects that sum to
    the difference, and the venue's row."""

    member_id: str
    status: str
    cause: str
    charged: int | None
    recomputed: int | None
    difference: int | None
    positions_effect: int | None
    marks_effect: int | None
    netting_effect: int | None
    schedule_effect: int | None
    residual: int | None
    charged_worst_case: int | None
    recomputed_worst_case: int | None
    charged_core: int | None
    recomputed_core: int | None
    venue_schedule_version: str | None
    schedule_version: str | None
    file: str | None
    line: int | None

    @property
    def effects(self) -> Mapping[str, int | None]:
        """The parts of the difference by name."""
        return {
            "positions": self.positions_effect,
            "marks": self.marks_effect,
            "netting": self.netting_effect,
            "schedule": self.schedule_effect,
            "residual": self.residual,
        }


class Finding(NamedTuple):
    """A finding on the account or on one of its positions."""

    severity: str
    rule_id: str
    subject: str
    detail: str


class Position(NamedTuple):
    """A position in a market, rebuilt and by the venue's snapshot, YES positive, in hundredths
    of a contract; marks in centicents; file and line of the snapshot."""

    ticker: str
    rebuilt_qty: int
    venue_qty: int
    difference_qty: int
    mark_centicents: int | None
    venue_mark_centicents: int | None
    file: str | None
    line: int | None


class Entry(NamedTuple):
    """A part of a rebuilt position: carried, traded or settled."""

    ticker: str
    part: int
    words: str
    collateralisation: str
    qty: int
    price_centicents: int | None
    file: str | None
    line: int | None


@dataclass(frozen=True)
class Explanation:
    """An account at a cycle of a date. ``margin`` is None where none is charged or recomputed.
    ``positions``: those that differ first, then those whose mark differs. ``entries``: by
    ticker."""

    business_date: date
    account_id: str
    cycle: str
    margin: Margin | None
    findings: Sequence[Finding]
    positions: Sequence[Position]
    entries: Mapping[str, Sequence[Entry]]


def explanation(
    lake: Lake, account_id: str, business_date: date | None, cycle: str = END_OF_DAY
) -> Explanation:
    """Read an account's margin and positions at a cycle, on the newest date if none is given.

    Raises UserError for an account or a cycle that the date does not have.
    """
    business_date = business_date or dates_run(lake)[-1]

    def rows(name: str, **parameters: object) -> list[tuple]:
        return lake.connection.execute(
            load_select(name), {"day": business_date, **parameters}
        ).fetchall()

    if not rows("studies/explain/account_known", account=account_id):
        raise UserError(
            f"{business_date} has no account {account_id!r}; `reporting status` lists the dates,"
            " validate.accounts the accounts"
        )
    intraday = [row[0] for row in rows("studies/explain/cycles")]
    if cycle not in (*intraday, END_OF_DAY):
        raise UserError(
            f"{business_date} has no cycle {cycle}: the intraday cycles with prices are"
            f" {', '.join(intraday) or 'none'}; leave --cycle out for the end of the day"
        )
    of_account = {"account": account_id, "cycle": cycle}
    margins = rows("studies/explain/margin", **of_account)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in map(Entry._make, rows("studies/explain/entries", **of_account)):
        entries[entry.ticker].append(entry)
    return Explanation(
        business_date,
        account_id,
        cycle,
        Margin(*margins[0]) if margins else None,
        [Finding(*row) for row in rows("studies/explain/findings", **of_account)],
        [Position(*row) for row in rows("studies/explain/positions", **of_account)],
        entries,
    )
