"""A member has deposited less than its required contribution to the guaranty fund."""

from rules.rows import MON, put, put_on_other_dates


def test_a_centicent_less_than_required(tables):
    for line, (member_id, deposited) in enumerate(
        [("LESS", 99), ("EQUAL", 100), ("MORE", 101)], start=1
    ):
        put(
            tables,
            "validate.guaranty_fund",
            line,
            member_id=member_id,
            required_centicents=100,
            deposited_centicents=deposited,
        )
    put_on_other_dates(tables, "validate.guaranty_fund", 4, deposited_centicents=99)
    assert tables.found("VALIDATE-FUND-DEPOSIT", MON) == [("LESS", "mon", 1)]
