"""The rows of ``recompute.combination_credits``. The netting is in ``model/portfolio``."""

from collections.abc import Sequence

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.portfolio.combination_credits import CombinationCredits, joint_state_label
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import FULLY_COLLATERALISED, MARGINED
from reporting.model.portfolio.valuation import Valuation
from reporting.stages.recompute.day_book import DayBook
from reporting.units import INT64_MAX


@table(
    "recompute.combination_credits",
    grain=(
        "one row per account, collateralisation and group of events connected through combinations"
        " in the book"
    ),
    meaning=(
        "joint worst case of combinations and the events of their legs, the sum of their single"
        " worst cases, and the credit between the two, whole and weighted by the ramp, in micros;"
        " or the reason why they are not netted"
    ),
    reads="recompute.event_margin",
    columns="""
        account_id collateralisation combination_events leg_events held_events joint_states
        single_worst_cases_micros joint_worst_case_micros credit_micros ramped_credit_micros
        worst_state_label not_netted
    """,
    made_with="recompute.event_margin",
)
def combination_credit_rows(valuation: Valuation, book: DayBook) -> pyarrow.Table:
    credits = valuation.portfolio.credits.credits
    return credit_table(credits, valuation.margins.ramped_credits, book.market, book.account_ids)


def credit_table(
    credits: CombinationCredits,
    ramped_credits: np.ndarray,
    market: Market,
    account_ids: Sequence[str],
) -> pyarrow.Table:
    """The rows of ``recompute.combination_credits``: one per account, book and group.

    ramped_credits: int64 micros, the part of each credit that lowers the ramped worst cases.
    The column ``not_netted`` says why a group has no credit, "" where it is netted.
    """
    groups = [credits.groups[place] for place in credits.group.tolist()]
    columns = {
        "account_id": [account_ids[account] for account in credits.account.tolist()],
        "collateralisation": np.where(credits.margined, MARGINED, FULLY_COLLATERALISED).tolist(),
        "combination_events": [_tickers(market, group.combinations) for group in groups],
        "leg_events": [_tickers(market, group.leg_events) for group in groups],
        "held_events": [_tickers(market, events) for events in credits.held],
        "joint_states": [min(group.states, INT64_MAX) for group in groups],
        "single_worst_cases_micros": credits.single_worst_cases,
        "joint_worst_case_micros": credits.joint_worst_case,
        "credit_micros": credits.credit,
        "ramped_credit_micros": ramped_credits,
        "worst_state_label": [
            joint_state_label(group, market, state)
            for group, state in zip(groups, credits.worst_state.tolist(), strict=True)
        ],
        "not_netted": [group.reason for group in groups],
    }
    return pyarrow.table(columns, schema_of("recompute.combination_credits"))


def _tickers(market: Market, events: Sequence[int]) -> str:
    return " ".join(market.events[event] for event in events)
