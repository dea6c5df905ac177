"""A ticker prefix that arrives for the first time continues an older one."""

import pytest

from rules.rows import FRI, MON, TUE, put

RULE = "VALIDATE-SERIES-RENAMED"


def market(tables, day, ticker, title):
    put(tables, "validate.markets", 1, day=day, ticker=ticker, title=title)


def test_kx_before_the_old_prefix(tables):
    market(tables, FRI, "PROLLS-25", "Will payrolls rise?")
    market(tables, MON, "KXPROLLS-26", "Jobs added")
    market(tables, MON, "KXPROLLS-27", "More jobs added")  # the pair is told once
    market(tables, TUE, "KXPROLLS-28", "Jobs added")
    market(tables, MON, "KXPROLLSX-26", "Jobs lost")
    assert tables.found(RULE, MON) == [("PROLLS -> KXPROLLS", "", None)]


@pytest.mark.parametrize(
    ("former", "today", "same"),
    [
        ("Payrolls in June 2025?", "PAYROLLS, in July 2026", True),
        ("Payrolls in jan, may or Sept", "Payrolls in December, mar. or aug", True),
        ("Payrolls in June", "Payrolls by July", False),
        ("Payrolls in Marchfield", "Payrolls in Mayfield", False),  # places, not months
        ("June 2025", "July 2026", False),  # no words are left
    ],
)
def test_titles_that_ask_the_same(tables, former, today, same):
    market(tables, MON, "PROLLS-25", former)
    market(tables, MON, "KXPAYROLLS-26", today)
    pair = [("PROLLS -> KXPAYROLLS", "", None)] if same else []
    assert tables.found(RULE, MON) == pair


def test_only_on_the_first_date_of_the_new_prefix_and_after_the_old_one(tables):
    market(tables, FRI, "PROLLS-25", "Will payrolls rise?")
    market(tables, FRI, "KXPROLLS-26", "Jobs added")
    market(tables, MON, "KXPROLLS-27", "Jobs added")
    market(tables, FRI, "RAIN-25", "Rain")
    market(tables, TUE, "KXRAIN-26", "Rain")
    # Not a new prefix with KX, and one whose older form arrives a day later.
    market(tables, MON, "JOBS-26", "Will payrolls rise?")
    market(tables, MON, "KXBREAD-26", "Bread")
    market(tables, TUE, "BREAD-26", "Bread")
    assert tables.found(RULE, MON) == []
