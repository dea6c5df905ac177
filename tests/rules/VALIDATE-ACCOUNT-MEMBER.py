"""An account belongs to a member that is not in the list of members."""

from rules.rows import MON, put, put_on_other_dates


def test_the_member_must_be_in_the_list_of_the_same_date(tables):
    put(tables, "validate.members", 1, member_id="M1")
    put_on_other_dates(tables, "validate.members", 1, member_id="M2")
    put(tables, "validate.accounts", 1, account_id="LISTED", member_id="M1")
    put(tables, "validate.accounts", 2, account_id="OTHER-DATES", member_id="M2")
    put(tables, "validate.accounts", 3, account_id="NOBODY", member_id="M3")
    put_on_other_dates(tables, "validate.accounts", 4, account_id="PAST", member_id="M3")
    assert tables.found("VALIDATE-ACCOUNT-MEMBER", MON) == [
        ("NOBODY", "mon", 3),
        ("OTHER-DATES", "mon", 2),
    ]
