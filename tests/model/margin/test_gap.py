"""The gap: Wang's transform by hand, and what it must not do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.margin.gap import distortion, move_gap


def test_a_lone_contract_by_hand():
    """Long 100 at 0.50. f = 1/2: g(0.5) is 0.999, so 50 x 0.999 - 50 x 0.001."""
    shift = distortion(0.5, 0.999)
    assert shift == pytest.approx(3.090232306167814, abs=1e-12)
    gap = move_gap(np.array([[50.0, -50.0]]), np.array([0.5, 0.5]), shift)
    assert gap[0] == pytest.approx(49.9, abs=1e-9)


def test_a_smaller_share_of_information_by_hand():
    """f = 0.2: lambda is half of Phi^-1(0.999); g(0.5) = Phi(1.5451161530839) = 0.93884."""
    gap = move_gap(np.array([[50.0, -50.0]]), np.array([0.5, 0.5]), distortion(0.2, 0.999))
    assert gap[0] == pytest.approx(100 * 0.938841 - 50, abs=1e-3)


def test_a_butterfly_is_seen_although_no_direction_shows_it():
    """Loses 1 in the middle state and gains at both ends: whichever way it moves, it can lose."""
    gap = move_gap(np.array([[-1.0, 1.0, -1.0]]), np.array([0.4, 0.2, 0.4]), distortion(0.5, 0.999))
    assert gap[0] > 0.9


def test_all_becoming_known_costs_the_worst_possible_state():
    losses = np.array([[7.0, 9.0, -3.0], [-1.0, 5.0, -2.0]])
    gap = move_gap(losses, np.array([0.5, 0.0, 0.5]), distortion(1.0, 0.999))
    assert gap.tolist() == [7.0, 0.0]


books = st.lists(st.lists(st.integers(-1000, 1000), min_size=4, max_size=4), min_size=2, max_size=2)


@given(books, st.floats(0.01, 0.99))
def test_the_gap_is_coherent(losses, information):
    """Subadditive, homogeneous, and never above the worst loss."""
    probabilities, shift = np.array([0.1, 0.4, 0.3, 0.2]), distortion(information, 0.999)
    one, other = np.array(losses, dtype=np.float64)
    together = move_gap(np.array([one + other, one, other, 3 * one]), probabilities, shift)
    assert together[0] <= together[1] + together[2] + 1e-9
    assert together[3] == pytest.approx(3 * together[1])
    assert together[1] <= max(one.max(), 0) + 1e-9


@given(st.integers(1, 6), st.floats(0.05, 0.9))
def test_rivals_never_lower_the_gap_of_a_held_candidate(rivals, information):
    """Long 1 of a candidate at 0.3, the rest spread over rivals: its gap is that of the binary."""
    shift = distortion(information, 0.999)
    alone = move_gap(np.array([[0.3, -0.7]]), np.array([0.7, 0.3]), shift)
    field = np.array([[-0.7] + [0.3] * rivals])
    shares = np.array([0.3] + [0.7 / rivals] * rivals)
    assert move_gap(field, shares, shift)[0] == pytest.approx(alone[0], abs=1e-12)
