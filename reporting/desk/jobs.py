"""Jobs: the whole day, and each stage alone."""

import dagster as dg

from reporting.desk.partitions import BUSINESS_DATES
from reporting.lake.connection import STAGES

DAY = dg.define_asset_job(
    "day",
    selection=dg.AssetSelection.all(),
    partitions_def=BUSINESS_DATES,
    description="One business date through all stages: land to disclose.",
)

STAGE_JOBS = [
    dg.define_asset_job(
        f"{stage}_only",
        selection=dg.AssetSelection.groups(stage),
        partitions_def=BUSINESS_DATES,
        description=f"The stage {stage} of one business date again.",
    )
    for stage in STAGES
]
