"""Resources as the feed may state them: tranches by rule, operating costs, period caps."""

from reporting.stages.stress.resources import ResourceLayer, Resources

DEPOSITS = {"M1": 600, "M2": 400}
GROUPS = {"M1": "A", "M2": "B"}


def layer(order, kind, amount=0, cap=0, prefunded=True, **more):
    return ResourceLayer(order, f"L{order}", kind, amount, cap, prefunded, kind, **more)


def resources(*layers, **more):
    return Resources(layers, DEPOSITS, GROUPS, **more)


def test_a_tranche_is_the_greater_of_its_two_rules():
    """The fund is 1,000: a tenth of it is 100."""
    by_floor = layer(3, "own_capital", least=150, fund_share_bps=1_000)
    by_share = layer(5, "own_capital", least=50, fund_share_bps=1_000)
    stated = layer(6, "own_capital", amount=70, least=150, fund_share_bps=1_000)
    found = resources(by_floor, by_share, stated)
    # A stated amount counts; that it is below its rule is a finding.
    assert found.own_capital == {"L3": 150, "L5": 100, "L6": 70}
    assert found.size_by_rule(stated) == 150


def test_operating_costs_come_out_of_the_last_tranche_first():
    costs = layer(9, "operating_costs", amount=130)
    found = resources(layer(3, "own_capital", 100), layer(5, "own_capital", 80), costs)
    assert found.own_capital == {"L3": 50, "L5": 0}
    assert found.financial(["A", "B"]).common == 50
    # Costs beyond own capital leave none, and are no negative resource.
    assert resources(layer(3, "own_capital", 100), costs).financial(["A", "B"]).common == 0


def test_calls_are_capped_over_the_period():
    """200 % for one default, 550 % over the period: M1 1,200 of 3,300, M2 800 of 2,200."""
    calls = layer(7, "assessment", cap=20_000, prefunded=False, period_cap_bps=55_000)
    assert [resources(calls).callable(member) for member in DEPOSITS] == [1_200, 800]
    before = resources(calls, assessed={"M1": 3_000, "M2": 2_500})
    assert [before.callable(member) for member in DEPOSITS] == [300, 0]
    assert before.financial(["A", "B"]).assessments.tolist() == [300, 0]
