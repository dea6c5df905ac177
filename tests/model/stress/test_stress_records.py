"""Records of the scenario library: what is refused, and which are in force."""

from dataclasses import replace
from datetime import date

import pytest

from reporting.model.errors import ModelError
from reporting.model.stress.library import scenario_library
from reporting.model.stress.records import (
    ASSET_PARAMETERS,
    FACILITY_PARAMETERS,
    KINDS,
    LIQUIDITY,
    REVERSE,
    analysis,
    record_from,
    records_in_force,
    unknown_names,
)
from reporting.rulebook.scenarios import scenarios_in_force

from ..stress_books import DAY, all_records, event, record, stress_book, stressed

GOOD = {
    "id": "S7",
    "family": "S7",
    "version": "1",
    "effective_from": DAY,
    "owner": "risk",
    "words": "thin\n  markets",
    "kind": "depth",
    "parameters": {"depth_left_bps": 2_000, "spread_multiple_bps": 50_000},
}


def test_the_products_library_has_all_families_and_kinds():
    found = scenarios_in_force(date(2026, 5, 4))
    assert {one.family for one in found} == {
        *(f"S{n}" for n in range(1, 13)), "S2b", "R", "REVERSE", "LIQUIDITY", "FUND", "SEARCH"
    }  # fmt: skip
    assert {one.kind for one in found} == set(KINDS)


def test_reverse_stress_and_liquidity_are_no_scenarios():
    """They make none, one of a kind at most is in force, and without a record it is not run."""
    reverse = record("reverse", "X", events=1, node_limit=1, least_resolutions=1)
    book = stress_book([stressed(event("B", "binary", 1), [5000])], [[1]])
    assert scenario_library([reverse], book) == ()
    assert analysis([reverse], REVERSE) is reverse
    assert analysis([reverse], LIQUIDITY) is None
    with pytest.raises(ModelError, match="X and X are both of the kind reverse"):
        analysis([reverse, reverse], REVERSE)


def test_words_are_one_line():
    assert record_from(GOOD).words == "thin markets"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "earthquake"}, "kind"),
        ({"owner": " "}, "owner"),
        ({"version": 1}, "version"),
        ({"effective_from": "2026-05-04"}, "effective_from"),
        ({"colour": "red"}, "colour"),
        ({"parameters": []}, "parameters"),
        ({"parameters": {"depth_left_bps": 2_000}}, "spread_multiple_bps"),
        ({"parameters": {**GOOD["parameters"], "more": 1}}, "more"),
        ({"parameters": {**GOOD["parameters"], "depth_left_bps": 10_001}}, "depth_left_bps"),
        ({"parameters": {**GOOD["parameters"], "depth_left_bps": True}}, "depth_left_bps"),
        ({"parameters": {**GOOD["parameters"], "depth_left_bps": 0.2}}, "depth_left_bps"),
    ],
)
def test_a_record_with_a_fault_is_refused_by_name(change, field):
    with pytest.raises(ModelError) as caught:
        record_from(GOOD | change)
    assert caught.value.field == field
    assert "S7" in str(caught.value)


def test_a_field_that_is_missing_is_named():
    with pytest.raises(ModelError, match=r"^owner: scenario S7: is missing"):
        record_from({name: value for name, value in GOOD.items() if name != "owner"})
    with pytest.raises(ModelError, match="record"):
        record_from([])


def test_lists_by_asset_and_parts_are_checked():
    with pytest.raises(ModelError, match=r"falls_bps\.crypto"):
        record("collateral", falls_bps={"crypto": -1}, yield_rise_bps=0, duration_months={})
    with pytest.raises(ModelError, match="falls_bps"):
        record("collateral", falls_bps=[], yield_rise_bps=0, duration_months={})
    with pytest.raises(ModelError, match="two records"):
        record("combined", of=["S2"])


def test_the_latest_record_of_an_id_is_in_force():
    old = record("depth", "S7", depth_left_bps=2_000, spread_multiple_bps=50_000)
    new = replace(old, version="2", effective_from=date(2026, 6, 1))
    assert records_in_force([new, old], date(2026, 5, 31)) == (old,)
    assert records_in_force([old, new], date(2026, 6, 1)) == (new,)
    assert records_in_force([old], date(2026, 5, 3)) == ()
    with pytest.raises(ModelError, match="twice"):
        records_in_force([old, old], date(2026, 6, 1))


def test_a_combination_needs_its_parts():
    both = record("combined", "S9", of=["S2", "S8"])
    with pytest.raises(ModelError, match="S2 cannot be combined"):
        records_in_force([both], DAY)
    book = stress_book([stressed(event("B", "binary", 1), [5000])], [[1]])
    with pytest.raises(ModelError, match="S2 is not in the library"):
        scenario_library([both], book)
    sweeps = record("category_sweep", "S2"), record("category_sweep", "S8")
    with pytest.raises(ModelError, match="two parts settle one event"):
        scenario_library([*sweeps, both], book)


def test_records_of_one_name_are_refused():
    book = stress_book([stressed(event("B", "binary", 1), [5000])], [[1]])
    with pytest.raises(ModelError, match="two records are named S2"):
        scenario_library([record("category_sweep", "S2"), record("category_sweep", "S2")], book)


def test_every_scenario_carries_version_and_owner_of_its_record():
    book = stress_book(
        [stressed(event("B", "binary", 1), [5000])], [[1]], house=[True], past_moves=()
    )
    records = [replace(one, version="7", owner="someone") for one in all_records()]
    found = scenario_library(records, book)
    assert {(one.version, one.owner) for one in found} == {("7", "someone")}
    # Of the fourteen: nothing was paid, there is no past, and there is no customer.
    assert len({one.scenario_id.split("-")[0] for one in found}) == 11


def test_hours_of_notice_by_facility_may_be_left_out():
    usual = {"facility_notice_hours": 2, "liquid_assets": ["cash"]}
    assert record(LIQUIDITY, **usual).parameters["notice_hours"] == {}
    found = record(LIQUIDITY, **usual, notice_hours={"LINE": 5})
    assert found.parameters["notice_hours"] == {"LINE": 5}
    for bad in ({"LINE": 25}, {"LINE": "5"}, ["LINE"], None):
        with pytest.raises(ModelError, match="notice_hours"):
            record(LIQUIDITY, **usual, notice_hours=bad)


def test_names_that_nothing_is_called_by_hand():
    shock = record(
        "collateral", "S8", falls_bps={"crypto": 1, "gold": 1}, yield_rise_bps=0,
        duration_months={"silver": 1},
    )  # fmt: skip
    liquid = record(
        LIQUIDITY, "L", facility_notice_hours=2, liquid_assets=["cash"], notice_hours={"LINE": 1}
    )
    assert unknown_names((shock, liquid), ASSET_PARAMETERS, {"cash": 0, "crypto": 1}) == [
        ("S8", "falls_bps", "gold"),
        ("S8", "duration_months", "silver"),
    ]
    assert unknown_names((shock, liquid), FACILITY_PARAMETERS, {"CREDIT"}) == [
        ("L", "notice_hours", "LINE")
    ]
    assert unknown_names((shock, liquid), FACILITY_PARAMETERS, {"LINE"}) == []
