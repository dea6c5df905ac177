"""States and worst cases of events as listed: docs/model.md section 2, by hand."""

import pytest

from reporting.replica.listed import MissingInput, priced_units
from reporting.replica.states import is_listed, signals_of, states_of
from reporting.replica.worst_case import worst_case_of

from .markets import SCHEDULE, contract, event


def listed(structure, marks, **changes):
    contracts = [contract(f"E-{n}", mark) for n, mark in enumerate(marks)]
    return event(*contracts, structure=structure, probabilities=(), **changes)


TABLE = ((10_000, 0, 2_500), (0, 10_000, 2_500))


@pytest.mark.parametrize(
    ("found", "quantities", "micros", "state"),
    [
        # Long 1.00 at 0.60 loses 0.60, short 0.40.
        (listed("binary", [6000]), [100], 600_000, "E-0 no"),
        (listed("binary", [6000]), [-100], 400_000, "E-0 yes"),
        (listed("combination", [6000]), [-100], 400_000, "yes"),
        # S = 0.3 + 0.2 = 0.5; none pays nothing; exhaustive: one of them pays.
        (listed("exclusive", [3000, 2000]), [100, 100], 500_000, "none"),
        (listed("exclusive_exhaustive", [3000, 2000]), [100, 100], -500_000, "E-0"),
        # S = 0.8 - 0.3 = 0.5; prefix sums 0, 1, 0: the smallest first at none of them.
        (listed("ladder", [8000, 3000]), [100, -100], 500_000, "first 0 pay"),
        # Short both: S = -1.1; prefix sums 0, -1, -2: 0.9 when both pay.
        (listed("ladder", [8000, 3000]), [-100, -100], 900_000, "first 2 pay"),
        # S = 0.5 + 1 + 1.5 = 3; the two smallest q pay 1 + 2 = 3.
        (listed("k_of_n", [5000] * 3, k=2), [100, 200, 300], 0, "E-0+E-1"),
        # At least two of three: S = 0; q = (1, -2, -1): the two smallest pay -3, and the third is
        # above 0: it does not pay.
        (listed("at_least_k", [0] * 3, k=2), [100, -200, -100], 3_000_000, "E-1+E-2"),
        # All short: the tie costs most, -1 x (1 + 1 + 1) + 1.5 of marks.
        (listed("at_least_k", [5000] * 3, k=2), [-100] * 3, 1_500_000, "E-0+E-1+E-2"),
        # S = 1.0; payouts 1, 1 and 0.5 in the third.
        (listed("matrix", [5000] * 2, table=TABLE), [100, 100], 500_000, "state 2"),
        (
            listed("ladder_brackets", [5000] * 2, table=TABLE, state_labels=("a", "b", "c")),
            [-100, 0],
            500_000,
            "a",
        ),
        # 0.60 of the first, 0.70 of the short second.
        (listed("binaries", [6000, 3000]), [100, -100], 1_300_000, "E-0 no, E-1 yes"),
        # Long both of two that are exhaustive, marks 0.7 + 0.6: pays 1 of 1.3; void pays 1.
        (listed("exclusive_exhaustive", [7000, 6000], voids=("half",)), [100, 100], 300_000, "E-0"),
        # Long three at 0.2: pays 1 of 0.6, void at half 1.5, at the last price 0.6.
        (
            listed("exclusive_exhaustive", [2000] * 3, voids=("last",)),
            [100] * 3,
            0,
            "void at the last price",
        ),
        # At fair prices within 0.10 of the marks 0.60 and 0.05: a set of two that cannot lose by
        # its states (0.65 - 1) loses 0.10 and, no lower than 0, 0.05.
        (
            listed("exclusive_exhaustive", [6000, 500], voids=("fair",)),
            [100, 100],
            150_000,
            "settled at fair prices",
        ),
        # Short at 0.95: no higher than 1, 0.05 each; the states lose 1 - 1.9.
        (
            listed("exclusive", [9500, 9500], voids=("fair",)),
            [-100, -100],
            100_000,
            "settled at fair prices",
        ),
        # All exhaustive lose, of 0.7 + 0.6: a state more, and of three settlements the worst.
        (
            *(listed("exclusive_exhaustive", [7000, 6000], voids=("nothing", "half", "fair")),),
            *([100, 100], 1_300_000, "none pays"),
        ),
        # A binary loses more by its states.
        (listed("binary", [6000], voids=("fair",)), [100], 600_000, "E-0 no"),
        (listed("binaries", [6000, 3000], voids=("fair",)), [100, 0], 600_000, "E-0 no"),
    ],
)
def test_worst_case_by_hand(found, quantities, micros, state):
    worst = worst_case_of(found, quantities, SCHEDULE)
    assert (worst.micros, worst.state) == (micros, state)


@pytest.mark.parametrize(
    ("found", "quantities", "micros"),
    [
        # 14 of 28 has 40,116,600 states. Long 1.00 of each at 0.5: 14 of 14 come back.
        (listed("k_of_n", [5000] * 28, k=14), [100] * 28, 0),
        # One of them is held: S = 0.5, and it need not win.
        (listed("k_of_n", [5000] * 28, k=14), [100] + [0] * 27, 500_000),
        # Short one: it may win, -0.5 + 1.
        (listed("k_of_n", [5000] * 28, k=14, voids=("half",)), [-100] + [0] * 27, 500_000),
        # Void at half of all short at 0.2: -5.6 + 14; fourteen winners cost the same.
        (listed("k_of_n", [2000] * 28, k=14, voids=("half",)), [-100] * 28, 8_400_000),
        # 5,000 exclusive: short two, each alone may win: -0.2 + 1.
        (listed("exclusive", [1000] * 5000), [-100, -100] + [0] * 4998, 800_000),
        (listed("exclusive_exhaustive", [1000] * 5000), [100] * 2 + [0] * 4998, 200_000),
        (listed("ladder", [1000] * 5000), [-100] * 2 + [0] * 4998, 1_800_000),
        (listed("binaries", [1000] * 13), [-100] * 13, 13 * 900_000),
        # At least 14 of 28, short two and long the rest at 0.5: S = 13 - 1 = 12; the two short
        # win and twelve of the long: -2 + 12. With 15 short, all of them win: S = -1, -15 of them.
        (listed("at_least_k", [5000] * 28, k=14), [-100] * 2 + [100] * 26, 2_000_000),
        (listed("at_least_k", [5000] * 28, k=14), [-100] * 15 + [100] * 13, 14_000_000),
    ],
)
def test_worst_case_where_states_are_too_many(found, quantities, micros):
    assert not is_listed(found)
    assert worst_case_of(found, quantities, SCHEDULE).micros == micros


@pytest.mark.parametrize(("contracts", "listable"), [(4095, True), (4096, False)])
def test_at_most_4096_states_are_listed(contracts, listable):
    assert is_listed(listed("exclusive", [1] * contracts)) is listable
    # The void state does not count.
    assert is_listed(listed("exclusive", [1] * contracts, voids=("half",))) is listable


def test_joint_states_of_separate_binaries_have_the_first_slowest():
    """Product, yes before no, first leg slowest; the void state last."""
    states = states_of(listed("binaries", [6000, 3000], voids=("half",)))
    assert states.names == ("E-0+E-1", "E-0", "E-1", "none", "void at half")
    assert states.payoffs == ((10_000, 10_000, 0, 0, 5_000), (10_000, 0, 10_000, 0, 5_000))


def test_a_contract_of_separate_binaries_is_an_event_of_its_own():
    first, second = priced_units(listed("binaries", [6000, None], voids=("half",)))
    assert (first.ticker, first.structure, first.probabilities) == ("E-0", "binary", (0.4, 0.6, 0))
    assert second.ticker == "E-1"


def test_what_is_held_needs_a_mark():
    with pytest.raises(MissingInput, match="E-0 is held and has no mark"):
        worst_case_of(listed("exclusive", [None, 2000]), [100, 0], SCHEDULE)
    other = worst_case_of(listed("exclusive", [None, 2000]), [0, 100], SCHEDULE)
    assert other.micros == 200_000


@pytest.mark.parametrize(
    ("found", "signals"),
    [
        (
            listed("exclusive", [3000, 2000]),
            {"E-0": [1, 0, 0], "E-1": [0, 1, 0], "none": [0, 0, 1]},
        ),
        (
            listed("exclusive_exhaustive", [3000, 2000], voids=("half",)),
            {"E-0": [1, 0, 0], "E-1": [0, 1, 0]},
        ),
        (
            listed("k_of_n", [5000] * 3, k=2),
            {"E-0": [1, 1, 0], "E-1": [1, 0, 1], "E-2": [0, 1, 1]},
        ),
        (
            listed("at_least_k", [5000] * 2, k=1),
            {"state 0": [1, 0, 0], "state 1": [0, 1, 0], "state 2": [0, 0, 1]},
        ),
        (
            listed("matrix", [5000] * 2, table=TABLE),
            {"state 0": [1, 0, 0], "state 1": [0, 1, 0], "state 2": [0, 0, 1]},
        ),
    ],
)
def test_signals_of_unordered_events(found, signals):
    assert not found.ordered
    assert signals_of(found) == signals


def test_ordered_events():
    for structure in ("binary", "ladder", "ladder_brackets"):
        assert listed(structure, [5000]).ordered
    assert listed("exclusive_exhaustive", [5000] * 2, tiles_one_variable=True).ordered
    assert not listed("exclusive", [5000] * 2, tiles_one_variable=True).ordered
