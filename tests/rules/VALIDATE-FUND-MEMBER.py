"""A contribution to the guaranty fund is of a member that is not in the list of members."""

from rules.rows import MON, put, put_on_other_dates


def test_the_member_must_be_in_the_list_of_the_same_date(tables):
    put(tables, "validate.members", 1, member_id="LISTED")
    put_on_other_dates(tables, "validate.members", 1, member_id="OTHER-DATES")
    for line, member_id in enumerate(["LISTED", "OTHER-DATES", "NOBODY"], start=1):
        put(tables, "validate.guaranty_fund", line, member_id=member_id)
    put_on_other_dates(tables, "validate.guaranty_fund", 4, member_id="PAST")
    assert tables.found("VALIDATE-FUND-MEMBER", MON) == [
        ("NOBODY", "mon", 3),
        ("OTHER-DATES", "mon", 2),
    ]
