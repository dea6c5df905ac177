"""The rows of a table of stress could not be made from the day's data."""

import pytest

from rules.days import NO_LINE


def test_the_table_that_the_data_do_not_allow(not_made):
    # What needs the scenarios is not tried, and is no finding of its own.
    fault = {"stress.scenarios": OverflowError("too large")}
    assert not_made("stress", fault) == [("stress.scenarios", *NO_LINE)]


def test_an_error_of_the_program_is_no_finding(not_made):
    with pytest.raises(KeyError):
        not_made("stress", {"stress.scenarios": KeyError("name")})
