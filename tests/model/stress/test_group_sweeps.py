"""S2b by hand: the states that cost a group, or a pair of groups, most."""

from dataclasses import replace

from reporting.model.stress.library import scenario_library

from ..stress_books import event, record, stress_book, stressed

SWEEP = record("group_sweep", "S2b", paired_groups=2)


def outcomes(book):
    """Payoffs by event, by scenario."""
    return {
        scenario.scenario_id: {one.event_ticker: one.payoffs for one in scenario.outcomes}
        for scenario in scenario_library((SWEEP,), book)
    }


def test_each_event_settles_where_the_group_loses_most():
    """G0 is long A and short B, G1 the other way; both categories, and both at once."""
    events = [
        stressed(event("A", "binary", 1), [5000], category="Weather"),
        stressed(event("B", "binary", 1), [2000], category="Sports"),
    ]
    book = stress_book(events, [[3, -1], [-3, 1]], group=[0, 1], fund=[0, 0])
    found = outcomes(book)
    no, yes = (0,), (10_000,)
    assert found["S2b-G0-Weather"] == {"A": no}
    assert found["S2b-G0-Sports"] == {"B": yes}
    assert found["S2b-G0-all"] == {"A": no, "B": yes}
    assert found["S2b-G1-all"] == {"A": yes, "B": no}
    # What one of the two gains, the other loses; both are customers, so losses do not net.
    # A costs the pair 3 x 0.5 either way: the first state. B costs 0.8 in yes, 0.2 in no.
    assert found["S2b-G0+G1-all"] == {"A": no, "B": yes}


def test_an_exclusive_event_settles_in_one_state():
    """Long 1, 2 and 5 of three rivals at 0.3 each: the worst is that the first wins, or none.

    Losses: 8 x 0.3 - 1 = 1.4 if the first wins, 2.4 if none does.
    """
    rivals = stressed(event("X", "exclusive", 3), [3000, 3000, 3000])
    found = outcomes(stress_book([rivals], [[1, 2, 5]]))
    assert found["S2b-G0-Weather"]["X"] == (0, 0, 0)
    full = stressed(event("X", "exclusive_exhaustive", 3), [3000, 3000, 4000])
    found = outcomes(stress_book([full], [[1, 2, 5]]))
    assert found["S2b-G0-Weather"]["X"] == (10_000, 0, 0)


def test_the_house_nets_and_customers_do_not():
    """The house is 5 long and 4 short in two accounts: no costs it 0.5. A customer is 3 short and
    another 2 long: no costs 1.0, yes 1.5 less the gain of the house of 0.5. No costs most."""
    binary = stressed(event("B", "binary", 1), [5000])
    house = [True, True, False, False]
    book = stress_book([binary], [[5], [-4], [-3], [2]], house=house)
    assert outcomes(book)["S2b-G0-Weather"]["B"] == (0,)
    # Five short: yes costs 2.5 - 0.5, no still 1.5.
    more = stress_book([binary], [[5], [-4], [-5], [2]], house=house)
    assert outcomes(more)["S2b-G0-Weather"]["B"] == (10_000,)
    alone = stress_book([binary], [[5], [-4]], house=[True, True])
    assert outcomes(alone)["S2b-G0-Weather"]["B"] == (0,)


def test_a_group_that_cannot_lose_has_no_scenario():
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[5], [0]], group=[0, 1], fund=[0, 0])
    assert sorted(outcomes(book)) == ["S2b-G0-Weather"]


def test_pairs_are_those_of_the_largest_groups():
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[5], [9], [7]], group=[0, 1, 2], fund=[0, 0, 0])
    found = outcomes(replace(book))
    assert "S2b-G1+G2-Weather" in found
    assert not any("G0+" in name or "+G0" in name for name in found)
