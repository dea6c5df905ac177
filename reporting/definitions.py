"""What Dagster loads: assets, checks, jobs, schedules, sensors, resources."""

import dagster as dg

from reporting.desk.assets import ALL_ASSETS
from reporting.desk.jobs import DAY, INTRADAY, STAGE_JOBS
from reporting.desk.resources import Installation
from reporting.desk.schedules import after_last_cycle
from reporting.desk.sensors import alerts_raised, errors_found, files_arrived, run_failed

defs = dg.Definitions(
    assets=ALL_ASSETS,
    jobs=[DAY, INTRADAY, *STAGE_JOBS],
    schedules=[after_last_cycle],
    sensors=[files_arrived, run_failed, errors_found, alerts_raised],
    resources={"installation": Installation()},
    # Loading a process per step takes longer than the steps.
    executor=dg.in_process_executor,
)
