"""Porting capacity of a date: who could take the customers of a group that defaults.

Belongs here: the rows of ``stress.porting``. What a book asks for and who has room for it is in
``model/default/porting``.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.default.porting import Book, Porting, Taker, port
from reporting.model.stress.events import Scenario
from reporting.model.stress.losses import account_losses
from reporting.model.stress.records import PORTING, ScenarioRecord
from reporting.model.stress.stress_book import StressBook
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.stress.stress_book import Groups
from reporting.units import MICROS_PER_CENTICENT, centicents_from_micros_up


@table(
    "stress.porting",
    grain="one row per customer account with a margined position",
    meaning=(
        "whether another member could take the account if its group defaulted: what the member must"
        " find (the call on the account, its loss beyond margin in the group's scenario of S10, the"
        " rise of the fund contribution), how many members have room for it, and to whom it goes"
        " when all accounts of the group are placed, the largest first"
    ),
    reads="""
        stress.scenarios recompute.account_margin validate.members validate.accounts
        validate.guaranty_fund
    """,
    columns="""
        account_id affiliate_group scenario_id need_centicents unmet_call_centicents
        beyond_margin_centicents added_contribution_centicents able_members taker_member_id reason
    """,
    made_with="stress.scenarios",
)
def porting_rows(portings: Sequence[tuple[str, Porting]]) -> pyarrow.Table:
    rows = [
        {
            "account_id": porting.book.account_id,
            "affiliate_group": porting.book.group,
            "scenario_id": scenario_id,
            "need_centicents": porting.book.need,
            "unmet_call_centicents": porting.book.call,
            "beyond_margin_centicents": porting.book.beyond_margin,
            "added_contribution_centicents": porting.book.contribution,
            "able_members": len(porting.able),
            "taker_member_id": porting.member_id,
            "reason": porting.reason,
        }
        for scenario_id, porting in portings
    ]
    return pyarrow.Table.from_pylist(rows, schema_of("stress.porting"))


def portings_of(
    day: Day,
    book: DayBook,
    held: StressBook,
    groups: Groups,
    records: Sequence[ScenarioRecord],
    scenarios: Sequence[Scenario],
) -> list[tuple[str, Porting]]:
    """Each customer account with the scenario of its group's default."""
    of_kind = {record.record_id for record in records if record.kind == PORTING}
    against = {
        s.state_label.removeprefix("against "): s for s in scenarios if s.record_id in of_kind
    }
    posted, required = _collateral(day, book)
    fund, margin = int(groups.own_fund.sum()) // MICROS_PER_CENTICENT, int(required.sum())
    books, scenario_of = [], {}
    for number, name in enumerate(groups.names):
        scenario = against.get(name)
        if scenario is None:
            continue
        beyond = _beyond_margin(held, replace(scenario, close_out=None))
        customers = (groups.of_account == number) & ~groups.is_house & _margined(held)
        for account in np.flatnonzero(customers).tolist():
            # The fund's share of the account's margin, rounded up.
            share = -(-int(required[account]) * fund // margin) if margin else 0
            scenario_of[book.account_ids[account]] = scenario.scenario_id
            books.append(
                Book(
                    account_id=book.account_ids[account],
                    group=name,
                    call=max(0, int(required[account] - posted[account])),
                    beyond_margin=int(beyond[account]),
                    contribution=share,
                )
            )
    takers = _takers(day, book, posted, required)
    return [(scenario_of[porting.book.account_id], porting) for porting in port(books, takers)]


def _collateral(day: Day, book: DayBook) -> tuple[np.ndarray, np.ndarray]:
    """Collateral after haircut and required margin: two int64[accounts], centicents."""
    posted, required = np.zeros((2, len(book.account_ids)), dtype=np.int64)
    for account_id, value, margin in day.read("stress/reads/collateral_after_haircut").fetchall():
        number = book.account_index[account_id]
        posted[number], required[number] = value, margin
    return posted, required


def _margined(held: StressBook) -> np.ndarray:
    """Accounts with a margined position: bool[accounts]."""
    books = np.zeros(len(held.accounts.group), dtype=bool)
    books[held.positions.account[held.positions.qty != 0]] = True
    return books[::2]


def _beyond_margin(held: StressBook, scenario: Scenario) -> np.ndarray:
    """Loss of each account beyond the margin of its two books: int64[accounts] centicents."""
    losses = account_losses(scenario, held)
    short = np.maximum(losses.loss - (held.accounts.margin - losses.margin_lost), 0)
    return centicents_from_micros_up(short[::2] + short[1::2])


def _takers(day: Day, book: DayBook, posted: np.ndarray, required: np.ndarray) -> list[Taker]:
    """Members that clear for customers, with the free collateral of their house accounts."""
    free: dict[str, int] = {}
    for account, member in enumerate(book.member_ids):
        if book.origins[account] == "house":
            free[member] = free.get(member, 0) + int(posted[account] - required[account])
    members = day.read("stress/reads/member_standing").fetchall()
    return [
        Taker(member, group, max(0, free.get(member, 0)))
        for member, group, may_take in members
        if may_take
    ]
