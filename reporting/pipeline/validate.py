"""Stage validate: text becomes typed tables (``sql/validate/``), and the rules run on them."""

from reporting.pipeline.day import Day
from reporting.pipeline.engine import StageResult, run_stage


def validate(day: Day) -> StageResult:
    """Cast and check one landed date."""
    return run_stage(day, "validate", {})
