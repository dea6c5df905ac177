"""Other venues beside ours, from positions to rows: against the plain implementation, event by
event, and by hand; and the file of rates."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from model.plain_peers import plain_scanning
from support.random_market import Case, cases, margin_of, market_of

from reporting.engine.declaration import schema_of
from reporting.model.events.terms import EventTerms
from reporting.model.margin.worst_case import gross_worst_case, payoff_range, worst_case
from reporting.model.portfolio.positions import Positions
from reporting.rulebook import peer_rates
from reporting.stages.recompute.comparison.peers import peer_rows
from reporting.stages.recompute.day_book import DayBook

DAY = date(2026, 6, 2)
# Of data_checks/peer_rates.yaml, for all categories but two.
RANGE, RATES = 1700, (300, 100, 5000)


def rows_of(case: Case) -> list[dict]:
    accounts = [f"A{number}" for number in range(case.accounts)]
    book = DayBook(
        account_ids=accounts,
        account_index={},
        member_ids=accounts,
        origins=["house"] * len(accounts),
        margin_permission=[True] * len(accounts),
        owners=np.arange(len(accounts)),
        market=case.market,
        leg_of={},
        positions=case.positions,
        schedules=[],
        business_date=DAY,
    )
    table = peer_rows(book, margin_of(case))
    assert table.schema == schema_of("recompute.peer_margin")
    return table.to_pylist()


def books_of(case: Case) -> dict[tuple[str, str], dict[int, np.ndarray]]:
    """Quantities by account and collateralisation, then by event."""
    found: dict[tuple[str, str], dict[int, np.ndarray]] = {}
    held = case.positions
    for account, event, leg, margined, qty in zip(
        held.account, held.event, held.leg, held.margined, held.qty, strict=True
    ):
        key = f"A{account}", "margined" if margined else "fully_collateralised"
        empty = np.zeros(len(case.market.terms[event].legs), dtype=np.int64)
        found.setdefault(key, {}).setdefault(int(event), empty)[leg] += qty
    return {key: events for key, events in found.items() if any(q.any() for q in events.values())}


@settings(deadline=None, max_examples=40)
@given(cases())
def test_every_book_is_as_the_plain_implementation_has_it(case):
    case = replace(case, market=replace(case.market, categories=[""] * len(case.market.events)))
    rows = {(row["account_id"], row["collateralisation"]): row for row in rows_of(case)}
    expected = books_of(case)
    assert rows.keys() == expected.keys()
    for key, events in expected.items():
        scanning = conversion = 0
        for event, quantities in events.items():
            terms, marks = case.market.terms[event], case.market.marks[event]
            arguments = terms, marks, quantities[None, :]
            low, high = payoff_range(terms, marks)
            scanning += plain_scanning(
                quantities.tolist(),
                marks.tolist(),
                [RANGE] * len(marks),
                terms.structure == "ladder",
                RATES if terms.structure.startswith("exclusive") else (*RATES[:2], 0),
                list(zip(low.tolist(), high.tolist(), strict=True)),
            )
            without = int(gross_worst_case(*arguments)[0])
            if terms.structure.startswith("exclusive") and not terms.voids:
                conversion += int(worst_case(*arguments).loss_micros[0])
            else:
                conversion += without
        row = rows[key]
        assert row["scanning_margin_micros"] == scanning
        assert row["conversion_micros"] == max(conversion, 0)
        assert row["conversion_less_worst_case_micros"] >= 0
        assert row["initial_margin_micros"] <= row["worst_case_micros"]


def positions(*rows) -> Positions:
    account, event, leg, margined, qty = (np.array(column) for column in zip(*rows, strict=True))
    return Positions(account, event, leg, margined.astype(bool), qty)


def test_by_hand():
    """The worked example of docs/peers.md, accounts A0 and A1."""
    terms = [
        EventTerms("JOBS", "ladder", "", ("J1", "J2")),
        EventTerms("WIN", "exclusive_exhaustive", "", ("W1", "W2", "W3")),
    ]
    market = market_of(terms, [[7200, 4500], [5000, 3000, 2000]])
    held = positions(
        (0, 0, 0, True, 6000),
        (0, 0, 1, True, -6000),
        (1, 1, 0, True, -100),
        (1, 1, 1, True, -100),
        (1, 1, 2, True, -100),
        (1, 0, 0, False, 100),
    )
    first, second, third = rows_of(Case(market, held, 2))
    assert first["worst_case_micros"] == 16_200_000
    assert first["scanning_risk_micros"] == 4_554_000
    assert first["spread_charge_micros"] == 1_800_000
    assert first["scanning_margin_micros"] == 6_354_000
    assert first["conversion_micros"] == first["without_netting_micros"] == 76_200_000
    assert first["conversion_less_worst_case_micros"] == 60_000_000
    assert second["worst_case_micros"] == second["conversion_micros"] == 0
    assert second["without_netting_micros"] == 2_000_000
    assert second["scanning_risk_micros"] == 510_000
    assert second["spread_credit_micros"] == 170_000
    assert second["scanning_margin_micros"] == 340_000
    # Fully collateralised: ours is W, 0.72 paid.
    assert third["collateralisation"] == "fully_collateralised"
    assert third["initial_margin_micros"] == third["conversion_micros"] == 720_000
    # 100 x 0.17 can be lost of 0.72, no short: 170,000 less 720,000. A1's margined book is worth
    # no less than nothing in any state, so that ours is 0.
    assert third["scanning_less_initial_micros"] == 170_000 - 720_000
    assert third["scanning_less_worst_case_micros"] == 170_000 - 720_000
    assert second["initial_margin_micros"] == 0
    assert second["scanning_less_initial_micros"] == 340_000
    assert second["scanning_less_worst_case_micros"] == 340_000
    assert first["scanning_less_worst_case_micros"] == 6_354_000 - 16_200_000
    # Short 60 and short 3: 0.01 each. A1 was paid 1 for its shorts, which is added; its other
    # book is worth 0.72, more than it requires.
    assert (first["short_minimum_micros"], second["short_minimum_micros"]) == (600_000, 30_000)
    assert second["premium_paid_scanning_micros"] == 1_340_000
    assert third["premium_paid_scanning_micros"] == 0


def test_no_position_no_row():
    market = market_of([EventTerms("E", "binary", "", ("E1",))], [[5000]])
    empty = np.zeros(0, dtype=np.int64)
    held = Positions(empty, empty, empty, empty.astype(bool), empty)
    assert rows_of(Case(market, held, 1)) == []


GOOD = """
- effective_from: 2026-01-01
  approver: somebody
  reason: first
  extreme_multiple: 3
  extreme_cover_bps: 3300
  rates:
    - {price_range: 1, spread_charge: 2, short_minimum: 3, credit_bps: 4}
    - {category: C, price_range: 5, spread_charge: 2, short_minimum: 3, credit_bps: 4}
    - {series_ticker: S, price_range: 6, spread_charge: 2, short_minimum: 3, credit_bps: 4}
"""


def rates(tmp_path, text: str, day: date = DAY):
    path = tmp_path / "rates.yaml"
    path.write_text(text)
    return peer_rates.peer_rates_in_force(day, path)


def test_series_go_before_categories_and_the_last_entry_counts(tmp_path):
    later = GOOD.replace("2026-01-01", "2026-07-01").replace("price_range: 1", "price_range: 9")
    found = rates(tmp_path, GOOD + later)
    assert [found.of(*of).price_range for of in (("S", "C"), ("T", "C"), ("T", "D"))] == [6, 5, 1]
    found = peer_rates.peer_rates_in_force(date(2026, 7, 1), tmp_path / "rates.yaml")
    assert found.of("", "").price_range == 9


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-01-01", "2027-01-01", "nothing is in force on 2026-06-02"),
        ("credit_bps: 4}", "credit: 4}", "unknown .'credit'., missing .'credit_bps'."),
        ("price_range: 1,", "price_range: -1,", "price_range has a wrong type or value"),
        ("price_range: 1,", "price_range: 1.5,", "price_range has a wrong type or value"),
        ("category: C,", "", "two rates for all others"),
        ("category: C,", "category: C, series_ticker: T,", "not both"),
        ("  approver: somebody\n", "", "missing .'approver'."),
        ("    - {price_range: 1,", "    - {category: D, price_range: 1,", "no rate for all others"),
    ],
)
def test_a_wrong_file_of_rates_is_refused(tmp_path, old, new, words):
    with pytest.raises(ValueError, match=words):
        rates(tmp_path, GOOD.replace(old, new, 1))
