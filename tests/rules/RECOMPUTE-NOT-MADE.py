"""The day's data do not allow a table of recompute to be made."""

import duckdb
import pytest

from reporting.model.errors import ModelError
from rules.days import NO_LINE


def test_each_table_that_the_data_do_not_allow(not_made):
    faults = {
        "recompute.contracts": ModelError("terms", "cannot be"),
        "recompute.thresholds": duckdb.ConversionException("no number"),
        # It reads the contracts, so it is skipped and has no finding of its own.
        "recompute.pairwise_netting": OverflowError("too large"),
    }
    found = not_made("recompute", faults)
    assert found == [("recompute.contracts", *NO_LINE), ("recompute.thresholds", *NO_LINE)]


def test_an_error_of_the_program_is_no_finding(not_made):
    with pytest.raises(KeyError):
        not_made("recompute", {"recompute.contracts": KeyError("name")})
