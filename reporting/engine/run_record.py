"""The run record of a stage as JSON: snapshots, rows, checks, and tables that were not made."""

import json
from dataclasses import asdict

from reporting.engine.stage import StageResult


def to_json(result: StageResult) -> str:
    """The record as text, keys in order."""
    return json.dumps(
        {
            "stage": result.stage,
            "business_date": result.business_date.isoformat(),
            "read_snapshot": result.read_snapshot,
            "written_snapshot": result.written_snapshot,
            "seconds": round(result.seconds, 3),
            "rows": dict(result.rows),
            "blocked": dict(result.blocked),
            "checks": [
                {
                    "rule_id": check.rule.id,
                    "severity": str(check.rule.severity),
                    "status": str(check.status),
                    "count": check.count,
                    "message": check.message,
                    "measured": check.measured and asdict(check.measured),
                }
                for check in result.checks
            ],
        },
        indent=1,
        sort_keys=True,
    )
