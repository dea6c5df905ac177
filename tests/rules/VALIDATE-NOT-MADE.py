"""The rows of a table could not be made from the day's data."""

import shutil

from support.venues import settings_of

from reporting.engine import checks
from reporting.engine.stage import run_stage
from reporting.rulebook import load_rulebook
from reporting.stages.run import workbench
from rules.rows import MON

RULE = "VALIDATE-NOT-MADE"
LANDED = {
    "land.files": {"stream": "obligations", "sequence": 1, "status": "LANDED"},
    "land.obligations": {"cycle": "EOD", "account_id": "A1", "variation_centicents": "1O0"},
    "land.guaranty_fund": {
        "member_id": "M1",
        "required_centicents": "100",
        "deposited_centicents": "100",
    },
}


def test_a_value_that_cannot_be_cast_stops_its_table_only(empty_home, tmp_path, monkeypatch):
    """Landing sets such a row aside; if one gets through, the other tables are still made."""
    home = shutil.copytree(empty_home, tmp_path / "home")
    # The SELECTs of the other rules find nothing here and take seconds to load.
    monkeypatch.setattr(checks, "rules_of", lambda *_: [load_rulebook()[RULE]])
    with workbench(settings_of(home, home / "no-input")) as bench:
        day = bench.day(MON)
        for name, values in LANDED.items():
            row = {"file_sha256": "mon", **values} | ({} if "files" in name else {"line": 1})
            columns = ", ".join(f'? AS "{column}"' for column in row)
            day.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE landed AS SELECT {columns}", list(row.values())
            )
            day.put_rows(name, "landed")
        result = run_stage(day, "validate", {})
        found = day.query(
            "SELECT rule_id, subject, file_sha256, line FROM validate.findings"
            " WHERE business_date = $business_date"
        ).fetchall()
    assert found == [(RULE, "validate.obligations", "", None)]
    assert result.rows["validate.guaranty_fund"] == 1
