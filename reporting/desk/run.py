"""Run a day in Dagster, in this process: the whole day, or the day so far."""

from datetime import date

import dagster as dg

from reporting.desk.assets import ALL_ASSETS
from reporting.desk.failures import reason_of
from reporting.desk.host import desk, end_dead_runs
from reporting.desk.jobs import DAY, INTRADAY
from reporting.desk.resources import Installation
from reporting.errors import UserError
from reporting.settings import Settings

# At a terminal a person reads the summary of the day, or one line if it fails.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_day(settings: Settings, business_date: date, with_packs: bool = True) -> None:
    """Run the job ``day`` of one date in this process.

    Raises UserError with the reason in one line if it fails; the UI shows the rest.
    """
    _run(DAY.name, settings, business_date, with_packs)


def run_intraday(settings: Settings, business_date: date) -> None:
    """Run the job ``intraday`` of one date in this process. Raises UserError as ``run_day``."""
    _run(INTRADAY.name, settings, business_date, with_packs=False)


def _run(name: str, settings: Settings, business_date: date, with_packs: bool) -> None:
    job = dg.Definitions(
        assets=ALL_ASSETS,
        jobs=[DAY, INTRADAY],
        resources={"installation": Installation(with_packs=with_packs)},
    ).resolve_job_def(name)
    with desk(settings) as instance:
        end_dead_runs(settings, instance)
        outcome = job.execute_in_process(
            partition_key=business_date.isoformat(),
            instance=instance,
            raise_on_error=False,
            run_config=_QUIET,
        )
    if not outcome.success:
        raise UserError(
            f"the run of {business_date} failed: {reason_of(outcome.all_events)};"
            f" see it with `reporting ui --home {settings.home}`"
        )
