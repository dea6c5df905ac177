"""A trade has no contracts, or fewer than none."""

from rules.rows import MON, put, put_on_other_dates


def test_a_hundredth_of_a_contract_is_enough(tables):
    for line, (trade_id, count) in enumerate(
        [("fewer", -1), ("none", 0), ("a hundredth", 1)], start=1
    ):
        put(tables, "validate.trades", line, trade_id=trade_id, count_qty=count)
    put_on_other_dates(tables, "validate.trades", 4, count_qty=0)
    assert tables.found("VALIDATE-TRADE-COUNT", MON) == [("fewer", "mon", 1), ("none", "mon", 2)]
