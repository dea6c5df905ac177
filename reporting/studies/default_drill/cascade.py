"""Forced liquidations that a default triggers among the other accounts.

Belongs here: from the case to the inputs of ``model/default/cascade``, and its part of the record.
It does not change who bears the loss; it shows possible consequences.
"""

from fractions import Fraction

import numpy as np

from reporting.model.default.cascade import (
    Accounts,
    CascadeResult,
    Holdings,
    Markets,
    cascade,
)
from reporting.studies.default_drill.case import Case
from reporting.units import BPS, CENTICENTS_PER_DOLLAR, multiply_divide_down

_PARTS = 1_000_000


def run_cascade(case: Case) -> tuple[np.ndarray, CascadeResult]:
    """Forced liquidations among the survivors' margined books at the scenario's prices.

    Returns the books and the result. An account's equity is its collateral less its loss in the
    scenario so far. Its ratio is maintenance margin over the maximum loss of its positions at the
    marks. A market absorbs a day's volume, or one unit if nothing was traded.
    """
    held, marks, schedule = case.held, case.held.market.marks, case.book.schedule
    keep = held.accounts.margined & ~case.in_group
    rows = np.flatnonzero(keep[held.positions.account] & case.is_open[held.positions.contract])
    books = np.unique(held.positions.account[rows])
    place = np.full(len(keep), -1, dtype=np.int64)
    place[books] = np.arange(len(books))
    account, contract = place[held.positions.account[rows]], held.positions.contract[rows]
    qty, mark = held.positions.qty[rows], marks[contract]
    value_at_marks = np.zeros(len(books), dtype=np.int64)
    np.add.at(value_at_marks, account, qty * mark)
    value_now = np.zeros(len(books), dtype=np.int64)
    np.add.at(value_now, account, qty * case.price[contract])
    can_lose = np.zeros(len(books), dtype=np.int64)
    np.add.at(
        can_lose, account, np.where(qty > 0, qty * mark, -qty * (CENTICENTS_PER_DOLLAR - mark))
    )
    collateral = sum(case.collateral_worth.values(), np.zeros(len(keep), dtype=np.int64))
    # Equity is collateral less the loss so far, of which the cascade adds the open positions'.
    cash = collateral[books] - case.defaulter.losses[books] - value_now
    maintenance = multiply_divide_down(held.accounts.margin[books], schedule.maintenance_bps, BPS)
    ratio = [
        min(_PARTS, m * _PARTS // c) if c > 0 else 0
        for m, c in zip(maintenance.tolist(), can_lose.tolist(), strict=True)
    ]
    impact = Fraction(case.rules.cascade_impact_bps, BPS)
    depth = np.maximum(case.daily_volume.astype(np.int64), 1)
    markets = Markets(case.price, depth, [impact] * len(depth), CENTICENTS_PER_DOLLAR)
    accounts = Accounts(cash, np.array(ratio, dtype=np.int64), _PARTS)
    return books, cascade(markets, accounts, Holdings(account, contract, qty))


def cascade_record(case: Case) -> dict:
    """The accounts liquidated, and the path by round: prices after the round, and losses and
    deficits of its accounts at the final prices, at which all are sold."""
    books, result = run_cascade(case)
    fallen = np.flatnonzero(result.round_of)
    rows = [
        {
            "account_id": case.book.account_ids[int(books[n]) // 2],
            "round": int(result.round_of[n]),
            "loss_micros": int(result.loss[n]),
            "deficit_micros": int(result.deficit[n]),
        }
        for n in fallen.tolist()
    ]
    moved = sorted({int(market) for move in result.path for market in move.market})
    return {
        "accounts": len(books),
        "liquidated": len(rows),
        "rounds": result.rounds,
        "loss_micros": sum(row["loss_micros"] for row in rows),
        "deficit_micros": sum(row["deficit_micros"] for row in rows),
        "liquidations": rows,
        "path": [
            {
                "round": move.number,
                "accounts": int((result.round_of == move.number).sum()),
                "markets_moved": len(move.market),
                "loss_micros": int(result.loss[result.round_of == move.number].sum()),
                "deficit_micros": int(result.deficit[result.round_of == move.number].sum()),
                "prices": [
                    {
                        "ticker": case.tickers[market],
                        "sell_centicents": int(sell),
                        "buy_centicents": int(buy),
                    }
                    for market, sell, buy in zip(
                        move.market.tolist(), move.sell, move.buy, strict=True
                    )
                ],
            }
            for move in result.path
        ],
        "prices": [
            {
                "ticker": case.tickers[market],
                "scenario_price_centicents": int(case.price[market]),
                "sell_centicents": int(result.sell[market]),
                "buy_centicents": int(result.buy[market]),
            }
            for market in moved
        ],
    }
