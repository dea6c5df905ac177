"""The rows of a table of disclose could not be made from the day's data."""

from reporting.model.errors import ModelError
from rules.days import NO_LINE


def test_packs_that_the_figures_do_not_allow(not_made):
    # The figures themselves were made, and are no findings.
    fault = {"disclose.pack_files": ModelError("figure", "cannot be")}
    assert not_made("disclose", fault) == [("disclose.pack_files", *NO_LINE)]
