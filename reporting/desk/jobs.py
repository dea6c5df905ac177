"""Jobs: the whole day, and each stage alone."""

import dagster as dg

from reporting.lake.connection import STAGES

DAY = dg.define_asset_job(
    "day",
    selection=dg.AssetSelection.all(),
    description="One business date through all stages: land to disclose.",
)

STAGE_JOBS = [
    dg.define_asset_job(
        f"{stage}_only",
        selection=dg.AssetSelection.groups(stage),
        description=f"The stage {stage} of one business date again.",
    )
    for stage in STAGES
]
