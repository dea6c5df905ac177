"""What a default sets off, on books made by hand: collateral, contagion, liquidity, cascade."""

from pipeline.test_default_record import FALLS, SETTLES, X, case, drilled
from reporting.pipeline.default_record.contagion import contagion_record
from reporting.pipeline.default_record.liquidity import liquidity_record

# -- collateral behind fully collateralised books --------------------------------------------


def contagion_of(found):
    *_, done = drilled(found)
    record = contagion_record(found, done)
    return record, {row["member_id"]: row for row in record["members"]}


def test_what_a_fully_collateralised_book_loses_is_paid_by_what_is_behind_it():
    """B's house holds 100 in full at 0.50, with 50 in cash behind them; they settle at 0. It owes
    50 and has 50: it does not fail."""
    accounts = [("A1", True, [0], [0], 0), ("B", True, [0], [10_000], 0)]
    cash = [0, 0, 0, 50_000_000]
    _, rows = contagion_of(case(X, accounts, SETTLES, collateral={"cash": cash}))
    assert rows["B"]["owes_centicents"] == rows["B"]["pays_centicents"] == 500_000
    assert rows["B"]["known_collateral_centicents"] == 500_000
    assert rows["B"]["fails_in_round"] == 0


def test_what_stays_behind_positions_held_in_full_pays_nothing_else():
    """X falls to 0.30: 100 held in full lose 20 of the 50 behind them, the other 30 stay there.
    100 margined ones lose 20 with 5 behind them: B has 20 + 5 against 40."""
    accounts = [("A1", True, [0], [0], 0), ("B", True, [10_000], [10_000], 0)]
    cash = [0, 0, 5_000_000, 50_000_000]
    _, rows = contagion_of(case(X, accounts, FALLS, collateral={"cash": cash}))
    assert rows["B"]["known_collateral_centicents"] == 250_000
    assert (rows["B"]["owes_centicents"], rows["B"]["short_centicents"]) == (400_000, 150_000)


def test_cash_behind_positions_held_in_full_is_cash():
    """A customer of A holds 100 in full, 30 in cash and 20 in crypto behind them; they settle at
    0. The loss of 50 is due at hour 2: 30 of cash at once, 20 after the notice of 24 hours.
    The clearing house has nothing else: 20 are unmet. All in cash nothing is."""
    accounts = [("A1", False, [0], [10_000], 0), ("B", True, [-1], [0], 0)]
    for in_crypto in (0, 20_000_000):
        collateral = {
            "cash": [0, 50_000_000 - in_crypto, 0, 0],
            "crypto": [0, 2 * in_crypto, 0, 0],
        }
        found = case(X, accounts, SETTLES, layers=(), collateral=collateral, full=[50_000_000, 0])
        *_, done = drilled(found)
        assert done.own_assets == 500_000
        record = liquidity_record(found, done, 2, 10)
        own = {row["facility"]: row["capacity_centicents"] for row in record["facilities"]}
        assert own["cash of the defaulter"] == 500_000 - in_crypto // 100
        assert own["other collateral of the defaulter"] == in_crypto // 100
        assert record["unmet_centicents"] == in_crypto // 100
