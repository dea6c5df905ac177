"""Days without wires: the Federal Reserve's published calendar."""

from datetime import date

import pytest

from reporting.bank_days import coming_closed_days, why_closed


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 5, 25), "Memorial Day"),
        (date(2026, 10, 12), "Columbus Day"),
        (date(2026, 11, 11), "Veterans Day"),
        # 4 July 2026 is a Saturday: the Reserve Banks are open on the Friday before.
        (date(2026, 7, 3), ""),
        (date(2026, 7, 4), "weekend"),
        # 25 December 2022 was a Sunday: kept on the Monday.
        (date(2022, 12, 26), "Christmas Day"),
        # Good Friday is no federal holiday.
        (date(2026, 4, 3), ""),
    ],
)
def test_the_calendar_of_the_reserve_banks(day, reason):
    assert why_closed(day) == reason


def test_a_long_weekend_ends_with_its_monday():
    days = [day for day, _ in coming_closed_days(date(2026, 5, 22))]
    assert days == [date(2026, 5, 23), date(2026, 5, 24), date(2026, 5, 25)]
    assert list(coming_closed_days(date(2026, 5, 26))) == []
