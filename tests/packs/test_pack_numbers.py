"""Printed figures against values written by hand, and exactness as a property."""

from hypothesis import given
from hypothesis import strategies as st

from reporting.wording import dollars, numbers, words


def test_money_by_hand() -> None:
    assert dollars.amount(12_345_678_901) == "1,234,567.8901"
    assert dollars.amount(-50) == "−0.0050"
    assert dollars.amount(1_000_000, 2) == "100.00"
    assert dollars.amount(None) == "—"
    assert dollars.in_words(96_522_649_970) == "$9,652,265"
    assert dollars.in_words(-12_345_600) == "−$1,235"
    assert dollars.in_words(12_345) == "$1.2345"


def test_rounding_is_half_to_even() -> None:
    assert numbers.scaled(25_000, 4, 0) == "2"
    assert numbers.scaled(35_000, 4, 0) == "4"
    assert numbers.scaled(-4_999, 4, 0) == "0"
    assert numbers.percent(1, 3) == "33.3%"
    assert numbers.percent(-1, 8, 2) == "−12.50%"
    assert numbers.percent(5, 0) == "—"


def test_quantities_prices_and_times_by_hand() -> None:
    assert numbers.contracts(250_000) == "2,500"
    assert numbers.contracts(-150) == "−1.50"
    assert dollars.amount_of_micros(-221_125_000) == "−221.125000"
    assert numbers.day_in_words("2025-04-08") == "8 April 2025"
    assert numbers.moment("2025-04-08T22:05:00") == "8 Apr 22:05"


@given(st.integers(-(2**62), 2**62))
def test_no_digit_of_money_is_lost(centicents: int) -> None:
    text = dollars.amount(centicents).replace(",", "").replace("−", "-")
    whole, fraction = text.split(".")
    assert int(whole + fraction) == centicents


@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_two_decimals_only_where_nothing_is_cut_off(amounts: list[int]) -> None:
    exact = all(amount % 100 == 0 for amount in amounts)
    assert dollars.common_decimals(amounts) == (2 if exact else 4)


def test_sentence_helpers() -> None:
    assert words.number_of(0, "account") == "no accounts"
    assert words.number_of(1, "account") == "1 account"
    assert words.listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 others"
    assert words.moved(110, 100, numbers.count) == "up 10.0% from 100"
    assert words.moved(100, 100, numbers.count) == "unchanged"
    assert words.moved(100, None, numbers.count) == ""
