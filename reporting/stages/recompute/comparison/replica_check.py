"""The daily check of the margin model against its second implementation.

Belongs here: the choice of accounts that are computed a second time, and both results side by
side. The replica draws its own scenarios, so that the check takes only the outcome terms and
state probabilities of the events from the first model.
"""

import hashlib
from collections.abc import Mapping, Sequence

import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.errors import ModelError
from reporting.model.events.terms import EventTerms
from reporting.replica import (
    AccountAmounts,
    DrawnPrices,
    Market,
    MissingInput,
    replicate_account,
    states_to_draw,
)
from reporting.stages.recompute.comparison.replica_inputs import (
    account_books,
    listed_events,
    margined_accounts,
    schedule_in_force,
    volatility_pools,
)
from reporting.stages.recompute.day_book import BOOK_TABLES

ACCOUNTS = 3
CANDIDATES = 10


@table(
    "recompute.replica_checks",
    grain="one row per account of the day's sample",
    meaning=(
        "margin computed a second time by the plain implementation, with scenarios that it draws"
        " itself, beside ours. The sample: of the ten accounts with margined positions and the"
        " smallest SHA-256 of date and account, the first three that fit within the states x"
        " scenarios allowed a day (draws, those of legs of combinations included);"
        " `reporting replicate --redraw` takes any account"
    ),
    reads=f"""
        {BOOK_TABLES} recompute.state_probabilities recompute.account_margin validate.accounts
        validate.collateral validate.margin_schedule validate.markets
    """,
    columns="""
        account_id draws worst_case_micros expected_shortfall_centicents
        jump_to_resolution_centicents core_centicents add_ons_centicents initial_margin_centicents
        replica_worst_case_micros replica_expected_shortfall_centicents
        replica_jump_to_resolution_centicents replica_core_centicents replica_add_ons_centicents
        replica_initial_margin_centicents
    """,
)
def replica_checks(day: Day, terms: Mapping[str, EventTerms], replica_draws: int) -> pyarrow.Table:
    """The rows of ``recompute.replica_checks``.

    replica_draws: states x scenarios that may be drawn, legs of combinations included; an account
    that needs more of them than are left is passed over. 100,000 take one to two seconds.
    Raises ModelError when the replica lacks something that it needs.
    """
    _, schedule = schedule_in_force(day)
    pools = volatility_pools(day)
    prices = DrawnPrices(schedule)
    ours = {row[0]: row[1:] for row in day.read("recompute/reads/replica_check_margin").fetchall()}
    rows: list[tuple] = []
    drawn: set[str] = set()
    left = replica_draws
    for account_id in candidates(day, margined_accounts(day)):
        account, held = account_books(day, account_id)
        market = Market(listed_events(day, terms, held), schedule, pools)
        try:
            states = states_to_draw(account, market)
            draws = schedule["scenarios"] * sum(
                count for name, count in states.items() if name not in drawn
            )
            if draws > left or account_id not in ours:
                continue
            theirs = replicate_account(account, market, prices)
        except MissingInput as error:
            raise ModelError("replica", f"{account_id}: {error}") from None
        left -= draws
        drawn |= states.keys()
        rows.append((account_id, draws, *ours[account_id], *_compared(theirs)))
        if len(rows) == ACCOUNTS:
            break
    schema = schema_of("recompute.replica_checks")
    records = [dict(zip(schema.names, row, strict=True)) for row in sorted(rows)]
    return pyarrow.Table.from_pylist(records, schema)


def candidates(day: Day, accounts: Sequence[str]) -> list[str]:
    """The accounts with the smallest SHA-256 of "date account", the smallest first."""

    def digest(account_id: str) -> bytes:
        return hashlib.sha256(f"{day.business_date} {account_id}".encode()).digest()

    return sorted(accounts, key=digest)[:CANDIDATES]


def _compared(amounts: AccountAmounts) -> tuple[int, ...]:
    return (
        amounts.margined.worst_case + amounts.fully_collateralised.worst_case,
        amounts.expected_shortfall,
        amounts.jump_to_resolution,
        amounts.core,
        amounts.add_ons,
        amounts.initial_margin,
    )
