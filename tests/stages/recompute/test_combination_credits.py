"""Credits of combinations beside the rows of worst cases that they replace."""

import numpy as np
from support.random_market import market_of

from reporting.model.events.terms import CombinationLeg, EventTerms
from reporting.model.portfolio.book_credits import book_credits
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.worst_cases import event_worst_cases
from reporting.stages.recompute.margin.combination_credits import credit_table

AB = EventTerms(
    "AB",
    "combination",
    "",
    ("AB-0",),
    combination_legs=(CombinationLeg("A", "A-0", "yes"), CombinationLeg("B", "B-0", "yes")),
)
TERMS = (EventTerms("A", "binary", "", ("A-0",)), AB, EventTerms("B", "binary", "", ("B-0",)))


def market(prices):
    marks = [[price] for price in prices]
    return market_of(TERMS, marks, tau_seconds=np.array([100, 300, 200]))


def positions(*rows):
    """(account, event, margined, contracts)"""
    account, event, margined, qty = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Positions(account, event, np.zeros_like(account), margined.astype(bool), qty * 100)


def test_credit_rows_and_least_ramp():
    """Short 100 AB at 30, long 100 A at 60: 70 and 60 alone, 30 together (tests/model)."""
    where = market([6000, 3000, 5000])
    held = positions((2, 0, 1, 100), (1, 1, 1, -100), (2, 1, 1, -100), (0, 1, 0, -100),
                     (0, 2, 0, 100), (0, 0, 0, 100))  # fmt: skip
    rows = event_worst_cases(held, where)
    credits = book_credits(held, where, rows)
    table = credit_table(
        credits.credits, credits.credits.credit, where, ["X", "Y", "Z"]
    ).to_pylist()
    assert table == [
        {
            "account_id": "X",
            "collateralisation": "fully_collateralised",
            "combination_events": "AB",
            "leg_events": "A B",
            "held_events": "A AB B",
            "joint_states": 4,
            # 60 + 70 + 50; with neither 60 + 50 - 30.
            "single_worst_cases_micros": 180_000_000,
            "joint_worst_case_micros": 80_000_000,
            "credit_micros": 100_000_000,
            "ramped_credit_micros": 100_000_000,
            "worst_state_label": "A: no; B: no",
            "not_netted": "",
        },
        {
            "account_id": "Z",
            "collateralisation": "margined",
            "combination_events": "AB",
            "leg_events": "A B",
            "held_events": "A AB",
            "joint_states": 4,
            "single_worst_cases_micros": 130_000_000,
            "joint_worst_case_micros": 30_000_000,
            "credit_micros": 100_000_000,
            "ramped_credit_micros": 100_000_000,
            "worst_state_label": "A: no; B: no",
            "not_netted": "",
        },
    ]
    replaced = [
        credits.rows[start:end].tolist()
        for start, end in zip(credits.starts[:-1], credits.starts[1:], strict=True)
    ]
    assert [rows.account[one].tolist() for one in replaced] == [[0, 0, 0], [2, 2]]
    assert [rows.event[one].tolist() for one in replaced] == [[0, 1, 2], [0, 1]]
    assert [rows.worst_case[one].sum() for one in replaced] == [180_000_000, 130_000_000]
    assert credits.min_of_rows(where.tau_seconds[rows.event]).tolist() == [100, 100]


def test_no_combination_gives_no_row():
    where = market([6000, 3000, 5000])
    for held in (positions((0, 0, 1, 100), (0, 2, 1, 100)), positions()):
        rows = event_worst_cases(held, where)
        credits = book_credits(held, where, rows)
        assert credits.min_of_rows(rows.worst_case).tolist() == []
        assert credit_table(credits.credits, credits.credits.credit, where, ["X"]).num_rows == 0
