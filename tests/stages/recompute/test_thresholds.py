"""Policy numbers of surveillance: the latest in force, and faults that name the field."""

import re
from dataclasses import asdict
from datetime import date

import pytest
import yaml

from reporting.rulebook import thresholds
from reporting.rulebook.thresholds import thresholds_in_force
from reporting.settings import ROOT

REAL = thresholds.THRESHOLDS

PLAIN = {
    "effective_from": date(2026, 1, 1),
    "approver": "committee",
    "reason": "first",
    "loss_share_bps": 4_000,
    "cluster_least_centicents": 0,
    "leverage_bps": 50_000,
    "concentration_share_bps": 2_500,
    "concentration_least_qty": 100,
    "wrong_way_least_centicents": 0,
    "custodian_share_bps": 5_000,
    "utilisation_bps": 9_000,
    "unsecured_least_centicents": 0,
    "volatility_coverage_bps": 2_000,
    "coverage_bps": 9_900,
    "coverage_days": 250,
    "dispute_days": 5,
}


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """Function that puts records in place of the real policy."""
    path = tmp_path / "thresholds.yaml"
    monkeypatch.setattr(thresholds, "THRESHOLDS", path)

    def put(*records: dict) -> None:
        path.write_text(yaml.safe_dump(list(records)))
        thresholds._load.cache_clear()

    yield put
    thresholds._load.cache_clear()


def test_the_loss_share_of_the_specification_is_in_force():
    assert thresholds_in_force(date(2026, 5, 4)).loss_share_bps == 4_000


def test_a_date_that_is_run_again_has_the_thresholds_of_its_time(policy):
    policy(PLAIN, PLAIN | {"effective_from": date(2026, 5, 5), "loss_share_bps": 3_000})
    found = [thresholds_in_force(date(2026, 5, day)).loss_share_bps for day in (4, 5, 6)]
    assert found == [4_000, 3_000, 3_000]


def test_the_change_that_operations_works_out_does_what_it_says(policy):
    """The entry as it is printed, put behind the policy that is in force."""
    text = (ROOT / "docs" / "operations.md").read_text()
    (block,) = re.findall(r"^```yaml\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    in_force = yaml.safe_load(REAL.read_text())
    policy(*in_force)
    before = thresholds_in_force(date(2026, 5, 31))
    policy(*in_force, *yaml.safe_load(block))
    assert thresholds_in_force(date(2026, 5, 31)) == before
    after = thresholds_in_force(date(2026, 6, 1))
    assert (after.loss_share_bps, after.leverage_bps) == (3_000, 40_000)
    changed = {"effective_from", "approver", "reason", "loss_share_bps", "leverage_bps"}
    assert {n for n, v in asdict(after).items() if v != asdict(before)[n]} == changed


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"loss_share_bps": "40 %"}, "loss_share_bps"),
        ({"leverage_bps": -1}, "leverage_bps"),
        ({"leverage_bps": 2.5}, "leverage_bps"),
        ({"concentration_share_bps": True}, "concentration_share_bps"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"loss_shar_bps": 1}, "loss_shar_bps"),
    ],
)
def test_a_fault_names_the_field(policy, change, names):
    policy(PLAIN | change)
    with pytest.raises(ValueError, match=rf"data_checks/thresholds\.yaml: from .*{names}"):
        thresholds_in_force(date(2026, 5, 4))


def test_a_date_before_the_first_thresholds_has_none(policy):
    policy(PLAIN)
    with pytest.raises(ValueError, match="nothing is in force on 2025-12-31"):
        thresholds_in_force(date(2025, 12, 31))
