"""Jobs: the whole day, the day so far, and each stage alone."""

import dagster as dg

from reporting.lake.connection import STAGES

DAY = dg.define_asset_job(
    "day",
    selection=dg.AssetSelection.all(),
    description="One business date through all stages: land to disclose.",
)

INTRADAY = dg.define_asset_job(
    "intraday",
    selection=dg.AssetSelection.groups(*STAGES[: STAGES.index("stress")]),
    description="One business date so far: margin and alerts of its cycles.",
)

STAGE_JOBS = [
    dg.define_asset_job(
        f"{stage}_only",
        selection=dg.AssetSelection.groups(stage),
        description=f"The stage {stage} of one business date.",
    )
    for stage in STAGES
]
