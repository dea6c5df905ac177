"""What Dagster loads: assets, checks, jobs, schedules, sensors, resources."""

import dagster as dg

from reporting.desk.assets import ALL_ASSETS
from reporting.desk.jobs import DAY, STAGE_JOBS
from reporting.desk.resources import Installation
from reporting.desk.schedules import after_last_cycle
from reporting.desk.sensors import errors_found, files_arrived, run_failed

defs = dg.Definitions(
    assets=ALL_ASSETS,
    jobs=[DAY, *STAGE_JOBS],
    schedules=[after_last_cycle],
    sensors=[files_arrived, run_failed, errors_found],
    resources={"installation": Installation()},
    # Loading a process per step takes longer than the steps.
    executor=dg.in_process_executor,
)
