"""Fewer simultaneous resolutions than the policy minimum exhaust prefunded resources."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

RULE, TABLE = "STRESS-REVERSE", "stress.reverse"
UNPROVEN = {"resolutions": None, "proven": False}


@pytest.mark.parametrize(
    "row, subjects",
    [
        # The policy asks for more than two resolutions.
        ({"resolutions": 2, "at_least": 2}, ["2 resolutions"]),
        ({"resolutions": 3, "at_least": 3}, []),
        # The search stopped before it ruled out two, and after it ruled out two.
        (UNPROVEN | {"at_least": 2}, ["not proven"]),
        (UNPROVEN | {"at_least": 3}, []),
        # Three were found, but two are not ruled out.
        ({"resolutions": 3, "proven": False, "at_least": 2}, ["not proven"]),
        # The book has two events, and both together do not exhaust the resources.
        ({"resolutions": None, "at_least": 2}, []),
    ],
)
def test_a_resolution_fewer_than_the_policy_asks_for(tables, row, subjects):
    put(tables, TABLE, **row)
    put(tables, TABLE, BEFORE, resolutions=1, at_least=1)
    assert tables.found(RULE, DAY) == [(subject, *NO_LINE) for subject in subjects]
