"""The scenario library names an asset type or a facility that does not exist."""

import json
import shutil
from datetime import date

import pyarrow
from model.schedules import PARAMETERS
from support.venues import settings_of

from reporting.engine import checks
from reporting.model.stress.records import record_from
from reporting.rulebook import load_rulebook
from reporting.stages.run import workbench
from reporting.stages.stress import stage
from rules.days import DAY, NO_LINE

RULE = "STRESS-SCENARIO-UNKNOWN"
_LAYER = {"layer_order": 1, "amount_centicents": 0, "cap_multiple_bps": 0, "prefunded": True}
# The schedule knows cash and crypto.
ROWS = {
    "validate.margin_schedule": [
        {
            "version": "S-1",
            "effective_date": DAY,
            "approver": "committee",
            "reason": "review",
            "parameters": json.dumps(PARAMETERS),
        }
    ],
    "validate.resources": [
        _LAYER | {"layer_id": "LINE", "layer_type": "facility"},
        _LAYER | {"layer_id": "OWN", "layer_type": "own_capital"},
    ],
    "recompute.days": [{"earlier_business_dates": ""}],
}


def _record(name, **parameters):
    words = {field: name for field in ("id", "family", "version", "owner", "words")}
    since = date(2026, 1, 1)
    return record_from(words | {"effective_from": since, "kind": name, "parameters": parameters})


def test_asset_types_and_facilities_that_do_not_exist(empty_home, tmp_path, monkeypatch):
    library = [
        _record(
            "collateral",
            yield_rise_bps=1,
            falls_bps={"cash": 1, "gold": 1},
            duration_months={"crypto": 1, "silver": 1},
        ),
        _record(
            "liquidity",
            facility_notice_hours=1,
            liquid_assets=["cash", "gold"],
            # Own capital is a layer but not a facility.
            notice_hours={"LINE": 1, "OWN": 1},
        ),
    ]
    monkeypatch.setattr(stage, "scenarios_in_force", lambda _: library)
    # The other rules would find nothing here and take seconds to load.
    monkeypatch.setattr(checks, "rules_of", lambda *_: [load_rulebook()[RULE]])
    home = shutil.copytree(empty_home, tmp_path / "home")
    with workbench(settings_of(home, home / "no-input")) as bench:
        day = bench.day(DAY)
        snapshot = bench.lake.snapshot_id()
        with bench.lake.commit("recompute", DAY, "rows of the test", snapshot):
            for table, rows in ROWS.items():
                day.put_rows(table, pyarrow.Table.from_pylist(rows))
                day.write(table)
        stage.stress(day)
        found = day.query(
            "SELECT subject, file_sha256, line, detail FROM stress.findings"
            " WHERE business_date = $business_date AND rule_id = $rule ORDER BY ALL",
            rule=RULE,
        ).fetchall()
    subjects = ["collateral", "collateral", "liquidity", "liquidity"]
    assert [row[:3] for row in found] == [(subject, *NO_LINE) for subject in subjects]
    details = " ".join(row[3] for row in found)
    assert all(name in details for name in ("gold", "silver", "OWN"))
    assert not any(name in details for name in ("cash", "crypto", "LINE"))
