"""The day's data do not allow a table of disclose to be made."""

from reporting.model.errors import ModelError
from rules.days import NO_LINE


def test_packs_that_the_figures_do_not_allow(not_made):
    # The figures were made and have no finding.
    fault = {"disclose.pack_files": ModelError("figure", "cannot be")}
    assert not_made("disclose", fault) == [("disclose.pack_files", *NO_LINE)]
