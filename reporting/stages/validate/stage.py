"""Stage validate: text becomes typed tables (``sql/validate/``), and the rules run on them."""

from reporting.engine.day import Day
from reporting.engine.stage import StageResult, run_stage


def validate(day: Day) -> StageResult:
    """Cast and check one landed date."""
    return run_stage(day, "validate")
