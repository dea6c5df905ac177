"""Draws: the same as the replica's own generator, and untouched by what else there is."""

import numpy as np
import pytest
from support.calculator_oracle import draws as plain

from reporting.model.errors import ModelError
from reporting.model.margin import draws
from reporting.model.margin.draws import DrawPlan

PLAN = DrawPlan(seed=7, scenarios=40, stress_share_bps=2_500, stress_factors=(-3.5, 4.25, 2.0))


def test_equal_to_the_plain_generator():
    names = {"groups": ["Weather", "Économie"], "clusters": ["KXCPI@2026-06-10"]}
    published = plain.scenario_set(
        PLAN.seed,
        names["groups"],
        names["clusters"],
        {"KXTOP-26": 3},
        PLAN.scenarios,
        0.25,
        PLAN.stress_factors,
    )
    for group in names["groups"]:
        assert draws.group_factor(PLAN, group) == pytest.approx(published["F"][group], abs=1e-12)
        found = draws.group_jump_factor(PLAN, group)
        assert found == pytest.approx(published["FJ"][group], abs=1e-12)
    for cluster in names["clusters"]:
        assert draws.cluster_draw(PLAN, cluster).tolist() == published["U"][cluster]
    eps = np.array(published["eps"]["KXTOP-26"])
    assert draws.state_draws(PLAN, "KXTOP-26", 3) == pytest.approx(eps, abs=1e-12)
    xi = published["xi"]["KXTOP-26"]
    assert draws.resolution_draw(PLAN, "KXTOP-26") == pytest.approx(xi, abs=1e-12)


def test_a_further_state_and_more_scenarios_change_no_earlier_draw():
    three, four = (draws.state_draws(PLAN, "E", states) for states in (3, 4))
    assert (four[:3] == three).all()
    longer = DrawPlan(7, 60, 2_500, PLAN.stress_factors)
    assert (draws.cluster_draw(longer, "c")[:40] == draws.cluster_draw(PLAN, "c")).all()


def test_streams_of_kinds_names_and_seeds_differ():
    seen = {
        draws.uniforms(seed, kind, name, 1)[0]
        for seed in (1, 2)
        for kind in ("F", "FJ", "xi")
        for name in ("A", "B")
    }
    assert len(seen) == 12


def test_normals_look_normal():
    """100,000 of them: mean within 4 standard errors of 0, the same for the variance, and the
    share beyond 2.326 is 2 percent."""
    drawn = draws.normals(1, "xi", "E", 100_000)
    assert abs(drawn.mean()) < 4 / 100_000**0.5
    assert abs(drawn.var() - 1) < 4 * (2 / 100_000) ** 0.5
    assert (abs(drawn) > 2.3263).mean() == pytest.approx(0.02, abs=4 * (0.02 / 100_000) ** 0.5)


def test_stress_dates_fill_a_quarter():
    factor = draws.group_factor(PLAN, "Weather")
    assert PLAN.stress_scenarios == 10
    assert set(factor[:10].tolist()) <= set(PLAN.stress_factors)
    assert not set(factor[10:].tolist()) & set(PLAN.stress_factors)
    assert DrawPlan(7, 41, 2_500, (1.0,)).stress_scenarios == 11  # never less than the share


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ((1, 0, 0, ()), "scenarios"),
        ((1, 10, 10_001, (1.0,)), "stress_share_bps"),
        ((1, 10, 1, ()), "stress_factors"),
    ],
)
def test_plans_that_make_no_sense(plan, field):
    with pytest.raises(ModelError) as caught:
        DrawPlan(*plan)
    assert caught.value.field == field
