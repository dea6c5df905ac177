"""Integer units."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import units

WIDE = st.integers(-(2**62), 2**62)


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("2.5", 2, 250),
        ("-0.01", 2, -1),
        ("+7", 4, 70_000),
        (".5", 1, 5),
        ("5.", 0, 5),
        ("1.2300", 2, 123),
        ("-0", 4, 0),
        ("99999999999999999999", 0, 99999999999999999999),
    ],
)
def test_text_to_integer(text, decimals, value):
    assert units.integer_from_text(text, decimals) == value


@pytest.mark.parametrize("text", ["", ".", "-", "1e3", "1,000", "NaN", "inf", "1.234", "٣", "0x1"])
def test_text_that_is_no_exact_number_is_refused(text):
    with pytest.raises(units.UnitError):
        units.integer_from_text(text, 2)


@given(st.integers(-(10**30), 10**30), st.integers(0, 12))
def test_text_round_trip(value, decimals):
    text = units.text_from_integer(value, decimals)
    assert units.integer_from_text(text, decimals) == value
    assert Fraction(text) == Fraction(value, 10**decimals)


@pytest.mark.parametrize(
    ("micros", "half_even", "up"),
    [(0, 0, 0), (49, 0, 1), (50, 0, 1), (51, 1, 1), (150, 2, 2), (250, 2, 3), (-50, 0, 0),
     (-51, -1, 0), (-150, -2, -1), (-250, -2, -2), (100, 1, 1), (-100, -1, -1)],
)  # fmt: skip
def test_rounding_by_hand(micros, half_even, up):
    assert units.centicents_from_micros_half_even(micros) == half_even
    assert units.centicents_from_micros_up(micros) == up


@given(st.lists(WIDE, min_size=1))
def test_arrays_round_as_numbers_do(values):
    array = np.array(values, dtype=np.int64)
    half_even = units.centicents_from_micros_half_even(array)
    assert half_even.dtype == np.int64
    assert half_even.tolist() == [round(Fraction(value, 100)) for value in values]
    up = units.centicents_from_micros_up(array)
    assert up.tolist() == [-((-value) // 100) for value in values]


@given(WIDE, st.integers(0, 10**9), st.integers(1, 10**9))
def test_multiply_divide_is_exact_without_overflow(value, numerator, denominator):
    numerator = min(numerator, denominator)
    exact = Fraction(value * numerator, denominator)
    array = np.array([value], dtype=np.int64)
    up = units.multiply_divide_up(array, np.int64(numerator), np.int64(denominator))
    down = units.multiply_divide_down(array, np.int64(numerator), np.int64(denominator))
    assert up.tolist() == [-((-exact) // 1)]
    assert down.tolist() == [exact // 1]
