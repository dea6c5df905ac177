"""The day's data do not allow a table of stress to be made."""

import pytest

from rules.days import NO_LINE


def test_the_tables_that_the_data_do_not_allow(not_made):
    # Losses, porting capacity and the records are made together with scenarios. Cover reads them
    # and is skipped.
    fault = {"stress.scenarios": OverflowError("too large")}
    found = not_made("stress", fault)
    together = ("group_losses", "porting", "records", "scenarios")
    assert found == [(f"stress.{name}", *NO_LINE) for name in together]


def test_an_error_of_the_program_is_no_finding(not_made):
    with pytest.raises(KeyError):
        not_made("stress", {"stress.scenarios": KeyError("name")})
