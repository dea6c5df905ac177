"""The split of a difference against the venue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.attribution import MarginViews, attribute


def views(**changes):
    """An account on which venue and recompute agree at 100, exact W 150, gross W 180."""
    agreed = {
        "recomputed_initial": 100,
        "at_venue_positions": 100,
        "at_venue_marks": 100,
        "gross_initial": 130,
        "exact_worst_case": 150,
        "gross_worst_case": 180,
        "venue_initial": 100,
        "venue_worst_case": 150,
        "other_versions": {"v1": 90, "v0": 70},
        "gross_other_versions": {"v1": 117},
    }
    return MarginViews(**(agreed | changes))


@pytest.mark.parametrize(
    ("changes", "status", "cause", "effects"),
    [
        ({}, "MATCH", "NONE", (0, 0, 0, 0, 0)),
        # the venue has another position, and everything follows from it
        ({"at_venue_positions": 120, "at_venue_marks": 120, "venue_initial": 120},
         "OVER", "POSITION", (20, 0, 0, 0, 0)),
        ({"at_venue_marks": 85, "venue_initial": 85}, "UNDER", "MARK", (0, -15, 0, 0, 0)),
        ({"venue_worst_case": 180, "venue_initial": 130}, "OVER", "NETTING", (0, 0, 30, 0, 0)),
        ({"venue_initial": 90}, "UNDER", "PARAMETER", (0, 0, 0, -10, 0)),
        ({"venue_initial": 80}, "UNDER", "RESIDUAL", (0, 0, 0, 0, -20)),
        # an old schedule and no netting at once
        ({"venue_worst_case": 180, "venue_initial": 117}, "OVER", "NETTING", (0, 0, 30, -13, 0)),
        # gross equals exact: nothing to net, so netting cannot be the cause
        ({"gross_worst_case": 150, "venue_initial": 130}, "OVER", "RESIDUAL", (0, 0, 0, 0, 30)),
        # position and residual: the larger one is the cause
        ({"at_venue_positions": 104, "at_venue_marks": 104, "venue_initial": 95},
         "UNDER", "RESIDUAL", (4, 0, 0, 0, -9)),
        # two errors that cancel: a match in sum, but not without a cause
        ({"at_venue_positions": 110, "at_venue_marks": 110}, "MATCH", "POSITION",
         (10, 0, 0, 0, -10)),
        ({"venue_initial": 80, "venue_is_stale": True}, "STALE", "RESIDUAL", (0, 0, 0, 0, -20)),
        ({"venue_initial": None}, "MISSING", "MISSING", (0, 0, 0, 0, -100)),
    ],
)  # fmt: skip
def test_by_hand(changes, status, cause, effects):
    found = attribute(views(**changes))
    assert (found.status, found.cause) == (status, cause)
    split = (
        found.position_effect,
        found.mark_effect,
        found.netting_effect,
        found.parameter_effect,
        found.residual_effect,
    )
    assert split == effects


def test_version_that_reproduces_the_number_is_named():
    assert attribute(views(venue_initial=90)).parameter_version == "v1"
    same = views(venue_initial=90, other_versions={"v1": 90, "v2": 90})
    assert attribute(same).parameter_version == "v2"
    assert attribute(views()).parameter_version is None


small = st.integers(0, 30)


@given(small, small, small, small, small, small, st.none() | small, small,
       st.dictionaries(st.sampled_from("abc"), small))  # fmt: skip
def test_effects_always_sum_to_the_difference(ours, at_q, at_p, gross_im, w, g, venue, vw, others):
    found = attribute(MarginViews(ours, at_q, at_p, gross_im, w, g, venue, vw, others, others))
    assert found.difference == (venue or 0) - ours
    assert found.difference == (
        found.position_effect
        + found.mark_effect
        + found.netting_effect
        + found.parameter_effect
        + found.residual_effect
    )
