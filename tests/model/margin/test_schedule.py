"""The margin schedule: what it refuses, by name, and which version is in force."""

from datetime import date

import pytest

from reporting.model.errors import ModelError
from reporting.model.margin.methods import Band, Method
from reporting.model.margin.schedule import OtherModel, Schedule, schedule_in_force

from ..schedules import PARAMETERS, schedule


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("core_floor_bps", 10_001),
        ("core_floor_bps", -1),
        ("maintenance_bps", "8000"),
        ("maintenance_bps", 0.8),
        ("liquidation_days", 1),
        ("liquidation_days", {"future": 1, "option": 1}),
        ("liquidation_days", {"future": 1, "option": 1, "swap": 0}),
        ("liquidation_days", {"future": 1, "option": 1, "swap": True}),
        ("swap_one_day_categories", "Energy"),
        ("swap_one_day_categories", [""]),
        ("ramp_tau1_seconds", 86_400),
        ("ramp_tau1_seconds", 10**10),
        ("legal_class", "swap"),
        ("legal_class", {"Energy": "swap"}),
        ("legal_class", {"default": "bond"}),
        ("alpha_bps", 0),
        ("alpha_bps", 10_000),
        ("scenarios", 0),
        ("scenarios", 10**6 + 1),
        ("seed", -1),
        ("model", "ECM-1"),
        ("method", {"name": "SPAN"}),
        ("method", {"name": "side_table"}),
        ("method", {"name": "full_collateral", "bands": []}),
        ("consultation", {"committee": "Risk"}),
        ("consultation", {"committee": "Risk", "date": "May", "decision": "agreed"}),
        ("gap_quantile_bps", 10_000),
        ("lumps", {"default": 0}),
        ("v_min_bps", {"default": -1}),
        ("least_observations", -1),
        ("fair_price_band_centicents", {"default": 10_001}),
        ("mark_policy", {"default": "last_trade"}),
        ("mark_policy", {"default": {"kind": "middle"}}),
        ("mark_policy", {"default": {"kind": "volume_weighted", "window_seconds": 60}}),
        ("linked_events", {"KXFED-26": ""}),
        ("factor_signs", {"KXFED": 2}),
        ("factor_loadings", {"KXFED-26": {"KXFED-26-A": 6_000, "none": 6_000}}),
        ("factor_loadings", {"KXFED-26": [1]}),
        ("rho_bps", {"default": 10_001}),
        ("rho_bps", {}),
        ("jump_rate_bps_per_day", {"default": -1}),
        ("kappa_bps", {"default": "1"}),
        ("clusters", []),
        ("clusters", {"KXFED": ""}),
        ("half_spread_centicents", 10_001),
        ("impact_bps", -1),
        ("concentration_share_bps", 0),
        ("haircuts_bps", {}),
        ("haircuts_bps", {"cash": 10_001}),
        ("tied_collateral", ["crypto"]),
        ("tied_collateral", {"crypto": "Crypto"}),
        ("tied_collateral", {"crypto": [""]}),
        ("call_threshold_centicents", None),
        ("surprise", 1),
    ],
)
def test_bad_parameter_is_named(name, value):
    with pytest.raises(ModelError) as caught:
        schedule(**{name: value})
    assert caught.value.field.startswith(name)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_missing_parameter_is_named(name):
    rest = {key: value for key, value in PARAMETERS.items() if key != name}
    with pytest.raises(ModelError) as caught:
        Schedule.from_parameters("v", date(2026, 1, 1), "a", "r", rest)
    assert caught.value.field == name


@pytest.mark.parametrize("named", [{}, {"model": "ECM-1"}])
def test_a_schedule_of_another_model_is_refused_with_a_sentence(named):
    rest = {key: value for key, value in PARAMETERS.items() if key != "model"}
    with pytest.raises(OtherModel, match="only ECM-2 is computed"):
        Schedule.from_parameters("v", date(2026, 1, 1), "a", "r", rest | named)


def test_loadings_have_length_one():
    """6,001 and 8,000 basis points are 0.6 % of a thousandth too long: scaled."""
    loadings = schedule(factor_loadings={"E": {"A": 6_001, "B": -8_000}}).factor_loadings["E"]
    assert loadings["A"] ** 2 + loadings["B"] ** 2 == pytest.approx(1, abs=1e-15)
    assert loadings["A"] / loadings["B"] == pytest.approx(-6_001 / 8_000)


def test_a_side_table_is_read():
    cell = {"price_up_to_centicents": 10_000, "days_up_to": 365, "yes_bps": 5_000, "no_bps": 4_000}
    terms = {"name": "side_table", "categories": ["Economics"], "full_collateral_seconds": 0}
    read = schedule(method={**terms, "bands": [cell]}).method
    assert read == Method("side_table", ("Economics",), 0, (Band(10_000, 365, 5_000, 4_000),))
    with pytest.raises(ModelError, match="bands must rise"):
        schedule(method={**terms, "bands": [cell, cell]})


def test_a_version_from_before_tied_collateral_ties_nothing():
    assert "tied_collateral" not in PARAMETERS
    assert schedule().tied_collateral == {}
    tied = schedule(tied_collateral={"crypto": ["Crypto", "KXBTC"], "cash": []})
    assert tied.tied_collateral == {"cash": (), "crypto": ("Crypto", "KXBTC")}


def test_version_in_force():
    def version(name, day):
        return Schedule.from_parameters(name, date(2026, 1, day), "a", "r", PARAMETERS)

    versions = [version("b", 5), version("a", 5), version("c", 1), version("d", 9)]
    assert schedule_in_force(versions, date(2026, 1, 4)).version == "c"
    assert schedule_in_force(versions, date(2026, 1, 5)).version == "b"
    with pytest.raises(ModelError, match="2025-12-31"):
        schedule_in_force(versions, date(2025, 12, 31))


def test_parameters_must_be_an_object():
    with pytest.raises(ModelError, match="must be an object"):
        Schedule.from_parameters("v", date(2026, 1, 1), "a", "r", [])


def test_a_swap_has_five_days_unless_its_category_has_one():
    """17 CFR 39.13(g)(2)(ii): five days for swaps outside agriculture, energy, metals."""
    mixed = schedule(
        legal_class={"default": "swap", "Economics": "option"},
        swap_one_day_categories=["Energy", "Economics"],
    )
    assert mixed.liquidation_days_of("Sports") == 5
    assert mixed.liquidation_days_of("Energy") == 1
    assert mixed.liquidation_days_of("Economics") == 1
    assert mixed.liquidation_days_of("") == 5
