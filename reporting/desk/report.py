"""Show days that ran outside Dagster (a backfill) in the UI, as one run of the job ``day``."""

import time
from collections.abc import Iterator, Sequence

import dagster as dg
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)
from dagster._core.utils import make_new_run_id

from reporting.desk.event_log import DeskEventLog
from reporting.desk.metadata import asset_key, check_evaluation, table_metadata
from reporting.engine.stage import StageResult
from reporting.engine.tables import stage_tables
from reporting.rulebook import Status

_JOB = "day"


def report(instance: dg.DagsterInstance, results: Sequence[StageResult]) -> None:
    """Store the tables and check results of each stage.

    It is a run of its own, because Dagster keeps one result per run, check and partition.
    """
    if not results:
        return
    storage = instance.event_log_storage
    if not isinstance(storage, DeskEventLog):
        raise TypeError(f"the desk's instance has another event log: {type(storage).__name__}")
    dates = sorted(result.business_date.isoformat() for result in results)
    run = dg.DagsterRun(
        job_name=_JOB,
        run_id=make_new_run_id(),
        tags={
            ASSET_PARTITION_RANGE_START_TAG: dates[0],
            ASSET_PARTITION_RANGE_END_TAG: dates[-1],
            "reporting/origin": "backfill",
        },
    )
    instance.add_run(run)
    _report_run(instance, run, DagsterEventType.RUN_START)
    events = [
        _entry(run, event)
        for result in results
        for event in [*_materialisations(result), *_evaluations(result)]
    ]
    storage.store_asset_events(events)
    _report_run(instance, run, DagsterEventType.RUN_SUCCESS)


def _report_run(instance: dg.DagsterInstance, run: dg.DagsterRun, kind: DagsterEventType) -> None:
    instance.report_dagster_event(DagsterEvent(kind.value, _JOB), run.run_id)


def _materialisations(result: StageResult) -> Iterator[DagsterEvent]:
    for table in stage_tables(result.stage):
        if table.name in result.blocked:
            continue
        materialisation = dg.AssetMaterialization(
            asset_key(table.name),
            partition=result.business_date.isoformat(),
            metadata=table_metadata(result, table),
        )
        yield DagsterEvent(
            DagsterEventType.ASSET_MATERIALIZATION.value,
            _JOB,
            event_specific_data=StepMaterializationData(materialisation),
        )


def _evaluations(result: StageResult) -> Iterator[DagsterEvent]:
    for check in result.checks:
        if check.status is Status.SKIPPED:
            continue
        evaluation = dg.AssetCheckEvaluation(
            **check_evaluation(check), partition=result.business_date.isoformat()
        )
        yield DagsterEvent(
            DagsterEventType.ASSET_CHECK_EVALUATION.value, _JOB, event_specific_data=evaluation
        )


def _entry(run: dg.DagsterRun, event: DagsterEvent) -> dg.EventLogEntry:
    return dg.EventLogEntry(
        error_info=None,
        level="INFO",
        user_message="",
        run_id=run.run_id,
        timestamp=time.time(),
        job_name=_JOB,
        dagster_event=event,
    )
