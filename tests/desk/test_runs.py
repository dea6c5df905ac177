"""A run of a day in Dagster: what it shows of tables and checks, and how it fails."""

import asyncio
from datetime import date

import dagster as dg
import pytest
from dagster._core.loader import LoadingContextForTest
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionResolvedStatus as Shown,
)
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from reporting.desk import resources
from reporting.desk.host import desk, end_dead_runs
from reporting.desk.metadata import asset_key, check_evaluation, check_name
from reporting.desk.report import report
from reporting.desk.run import run_day
from reporting.errors import UserError
from reporting.lake.connection import STAGES
from reporting.rulebook import CheckResult, Measured, Rule, Severity, Status, load_rulebook
from reporting.stages.run import workbench

pytestmark = pytest.mark.slow

DAY = date(2025, 4, 8)
KEY = "2025-04-08"


def rules_of(severity: Severity) -> list[Rule]:
    return [rule for rule in load_rulebook().values() if rule.severity is severity]


ERROR_RULE, *MORE_ERROR_RULES = rules_of(Severity.ERROR)
WARN_RULE, *MORE_WARN_RULES = rules_of(Severity.WARN)
INFO_RULE, *MORE_INFO_RULES = rules_of(Severity.INFO)


def check_key(rule) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(asset_key(rule.table), check_name(rule))


def shown(instance: dg.DagsterInstance, rule) -> tuple[Shown, dg.AssetCheckEvaluation | None]:
    """How the UI shows the newest result of a check, with what was evaluated."""
    records = instance.event_log_storage.get_asset_check_execution_history(check_key(rule), 1)
    if not records:
        return None, None
    record = records[0]
    assert record.partition == KEY
    status = asyncio.run(record.resolve_status(LoadingContextForTest(instance)))
    return status, record.evaluation


def materialized(instance: dg.DagsterInstance, name: str) -> set[str]:
    return set(instance.get_materialized_partitions(asset_key(name)))


SAMPLE = {"subject": "A1/T", "detail": "off by 3"}


@pytest.mark.parametrize("way", ["run", "backfill"])
def test_a_check_shows_as_what_it_is(settings, stages, way):
    cases = [
        (ERROR_RULE, Status.PASSED, Shown.SUCCEEDED, None),
        (MORE_ERROR_RULES[0], Status.FAILED, Shown.FAILED, dg.AssetCheckSeverity.ERROR),
        (MORE_ERROR_RULES[1], Status.BROKEN, Shown.FAILED, dg.AssetCheckSeverity.ERROR),
        (WARN_RULE, Status.FAILED, Shown.FAILED, dg.AssetCheckSeverity.WARN),
        # A check that broke proves nothing, whatever it would have found.
        (MORE_WARN_RULES[0], Status.BROKEN, Shown.FAILED, dg.AssetCheckSeverity.ERROR),
        (INFO_RULE, Status.FAILED, Shown.SUCCEEDED, None),
        (MORE_INFO_RULES[0], Status.BROKEN, Shown.FAILED, dg.AssetCheckSeverity.ERROR),
    ]
    stages.checks = [result_of(rule, status) for rule, status, _, _ in cases]
    with desk(settings) as instance:
        if way == "backfill":
            report(instance, [stages.result(stage, DAY) for stage in STAGES])
        else:
            run_day(settings, DAY)
        for rule, status, expected, severity in cases:
            found, evaluation = shown(instance, rule)
            assert found is expected, rule
            if severity is not None:
                assert evaluation.severity is severity, rule
            metadata = evaluation.metadata
            assert metadata["status"].value == status
            if status is Status.FAILED:
                assert metadata["rows"].value == 12
                assert metadata["sample rows"].records == [dg.TableRecord(SAMPLE)]
            if status is Status.BROKEN:
                assert metadata["message"].value == "no such column"


def result_of(rule: Rule, status: Status) -> CheckResult:
    if status is Status.FAILED:
        return CheckResult(rule, status, 12, (SAMPLE,))
    return CheckResult(rule, status, message="no such column" * (status is Status.BROKEN))


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_a_check_shows_its_number_and_bound_kept_or_not(status):
    """As numbers, which the UI plots; with what they are, and of what."""
    rule = load_rulebook()["STRESS-COVERAGE"]
    count = int(status is Status.FAILED)
    measured = Measured(99.25, 99.0, "accounts/all")
    shown_as = check_evaluation(CheckResult(rule, status, count, measured=measured))
    assert shown_as["passed"] is (status is Status.PASSED)
    assert shown_as["metadata"] == {
        "status": str(status),
        "rows": count,
        "value": 99.25,
        "bound": 99.0,
        "measured": "value: lowest coverage of losses over the liquidation period, per cent;"
        " bound, at least: coverage_bps of data_checks/thresholds.yaml, per cent",
        "measured of": "accounts/all",
    }
    made = dg.AssetCheckEvaluation(**shown_as, partition=KEY)
    assert isinstance(made.metadata["value"], dg.FloatMetadataValue)
    assert isinstance(made.metadata["bound"], dg.FloatMetadataValue)


def test_a_blocked_table_is_not_made_and_the_stages_after_it_are(settings, stages):
    rule = load_rulebook()["RECOMPUTE-CONSERVATION-POSITIONS"]
    why = "LAND-HASH: trades: other bytes"
    stages.blocked = {"validate.trades": why, rule.table: why}
    stages.checks = [CheckResult(rule, Status.SKIPPED, message=why)]
    run_day(settings, DAY)
    assert [stage for stage, _ in stages.ran] == list(STAGES)
    with desk(settings) as instance:
        assert materialized(instance, "validate.trades") == set()
        assert materialized(instance, "validate.markets") == {KEY}
        assert materialized(instance, "disclose.findings") == {KEY}
        observed = instance.fetch_observations(asset_key("validate.trades"), limit=1).records[0]
        assert observed.asset_observation.metadata["blocked by"].value == why
        assert shown(instance, rule)[0] is Shown.SKIPPED


def test_only_the_date_asked_for_is_run_and_nothing_is_printed(settings, stages, capfd):
    run_day(settings, DAY)
    assert capfd.readouterr() == ("", "")
    assert stages.ran == [(stage, KEY) for stage in STAGES]
    with desk(settings) as instance:
        assert materialized(instance, "recompute.positions") == {KEY}
        event = instance.get_latest_materialization_event(asset_key("recompute.positions"))
        assert event.asset_materialization.metadata["dagster/row_count"].value == 7
        event = instance.get_latest_materialization_event(asset_key("stress.cover"))
        assert event.asset_materialization.metadata["Cover-2, dollars"].value == 2.5


def test_a_date_can_be_run_and_reported_again(settings, stages):
    rule = WARN_RULE
    failed = CheckResult(rule, Status.FAILED, 1, (SAMPLE,))
    with desk(settings) as instance:
        for checks, expected in (
            ([failed], Shown.FAILED),
            ([CheckResult(rule, Status.PASSED)], Shown.SUCCEEDED),
        ):
            stages.checks = checks
            report(instance, [stages.result(rule.stage, DAY)])
            assert shown(instance, rule)[0] is expected
            run_day(settings, DAY)
            assert shown(instance, rule)[0] is expected


def test_a_backfill_shows_as_materialised_dates_and_one_run(settings, stages):
    days = [date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 2)]
    stages.blocked = {"validate.trades": "LAND-HASH: trades"}
    with desk(settings) as instance:
        results = [stages.result(stage, day) for day in days for stage in ("land", "validate")]
        report(instance, results)
        assert materialized(instance, "validate.markets") == {day.isoformat() for day in days}
        assert materialized(instance, "validate.trades") == set()
        (run,) = instance.get_runs()
        assert (run.job_name, run.status) == ("day", dg.DagsterRunStatus.SUCCESS)


def test_what_is_stored_at_once_is_what_dagster_stores_one_by_one(settings, stages, tmp_path):
    rule = load_rulebook()["RECOMPUTE-POSITION"]
    stages.checks = [CheckResult(rule, Status.FAILED, 1, (SAMPLE,))]
    with desk(settings) as instance:
        report(instance, [stages.result("recompute", DAY)])
        ours = instance.event_log_storage
        theirs = SqliteEventLogStorage(str(tmp_path / "log"))
        theirs.register_instance(instance)
        key = asset_key("recompute.positions")
        made = instance.fetch_materializations(key, limit=1).records[0].event_log_entry
        found = ours.get_asset_check_execution_history(check_key(rule), 1)[0]
        theirs.store_event(made)
        theirs.store_event(found.event)
        for storage in (ours, theirs):
            record = storage.get_asset_records([key])[0].asset_entry
            assert record.last_materialization == made
            execution = storage.get_asset_check_execution_history(check_key(rule), 1)[0]
            assert (execution.status, execution.partition, execution.run_id) == (
                found.status,
                KEY,
                made.run_id,
            )
            assert execution.event == found.event
            assert storage.get_materialized_partitions(key) == {KEY}


def test_a_failed_run_gives_one_line_and_no_noise(settings, stages, capfd):
    stages.error = RuntimeError("the disk is full\nand a second line")
    with pytest.raises(UserError) as caught:
        run_day(settings, DAY)
    text = str(caught.value)
    assert "2025-04-08 failed: stage land: RuntimeError: the disk is full;" in text
    assert "\n" not in text and "second" not in text
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_a_run_does_not_leave_days_out(settings, stages):
    stages.earlier_days = [date(2025, 4, 3), date(2025, 4, 7)]
    with pytest.raises(UserError, match=r"2 earlier days .* --from 2025-04-03 --to 2025-04-07"):
        run_day(settings, DAY)
    assert stages.ran == []


def test_a_run_while_another_writes_says_so(settings, stages, monkeypatch):
    monkeypatch.setattr(resources, "workbench", workbench)
    with workbench(settings), pytest.raises(UserError) as caught:
        run_day(settings, DAY)
    assert "another run is writing to" in str(caught.value)
    assert stages.ran == []


def test_a_killed_run_does_not_hold_up_the_next(settings):
    (settings.home / "writer.lock").touch()
    with desk(settings) as instance:
        job = dg.define_asset_job("day").name
        killed = dg.DagsterRun(job_name=job, status=dg.DagsterRunStatus.STARTED)
        instance.add_run(killed)
        with workbench(settings):
            assert end_dead_runs(settings, instance) == []
        assert end_dead_runs(settings, instance) == [killed.run_id]
        assert instance.get_run_by_id(killed.run_id).status is dg.DagsterRunStatus.FAILURE


def test_the_instance_says_nothing_to_anyone(settings):
    with desk(settings) as instance:
        assert instance.telemetry_enabled is False
        assert instance.nux_enabled is False
