"""Stage validate: text becomes typed tables (``sql/validate/``), and the rules run on them."""

from datetime import date

from reporting.lake import Lake
from reporting.pipeline.engine import StageResult, run_stage


def validate(lake: Lake, business_date: date) -> StageResult:
    """Cast and check one landed date."""
    return run_stage(lake, "validate", business_date, {})
