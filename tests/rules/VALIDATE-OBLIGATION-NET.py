"""The net obligation is not the sum of variation, fees and margin change."""

from rules.rows import MON, put, put_on_other_dates


def test_the_net_is_the_sum_of_three_parts(tables):
    parts = {"variation_centicents": -500, "fees_centicents": 20, "margin_change_centicents": 3}
    for line, (account_id, net) in enumerate(
        [("SUM", -477), ("LESS", -478), ("MORE", -476)], start=1
    ):
        values = parts | {"account_id": account_id, "net_centicents": net}
        put(tables, "validate.obligations", line, **values)
    put_on_other_dates(tables, "validate.obligations", 4, net_centicents=1)
    assert tables.found("VALIDATE-OBLIGATION-NET", MON) == [("LESS", "mon", 2), ("MORE", "mon", 3)]
