"""The schedule runs yesterday, by the New York calendar, also when the clocks change."""

from datetime import UTC, datetime

import dagster as dg
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._utils.schedules import schedule_execution_time_iterator

from reporting.clock import NEW_YORK
from reporting.definitions import defs
from reporting.desk.partitions import BUSINESS_DATES
from reporting.desk.schedules import after_last_cycle


def requested(moment: datetime) -> str:
    context = dg.build_schedule_context(scheduled_execution_time=moment)
    return after_last_cycle(context).partition_key


@pytest.mark.parametrize(
    ("tick", "partition"),
    [
        (datetime(2025, 4, 9, 6, 0, tzinfo=NEW_YORK), "2025-04-08"),
        # 9 March 2025 had 23 hours, 2 November 25: the tick during and the one after.
        (datetime(2025, 3, 9, 6, 0, tzinfo=NEW_YORK), "2025-03-08"),
        (datetime(2025, 3, 10, 6, 0, tzinfo=NEW_YORK), "2025-03-09"),
        (datetime(2025, 11, 2, 6, 0, tzinfo=NEW_YORK), "2025-11-01"),
        (datetime(2025, 11, 3, 6, 0, tzinfo=NEW_YORK), "2025-11-02"),
        # Early enough in UTC to be another day there.
        (datetime(2025, 4, 9, 1, 30, tzinfo=UTC), "2025-04-07"),
    ],
)
def test_schedule_runs_the_day_before(tick, partition):
    assert requested(tick) == partition


def test_schedule_ticks_at_the_cut_off_by_the_clock_of_new_york():
    ticks = schedule_execution_time_iterator(
        datetime(2025, 3, 8, 0, 0, tzinfo=NEW_YORK).timestamp(),
        after_last_cycle.cron_schedule,
        after_last_cycle.execution_timezone,
    )
    first = [next(ticks).astimezone(UTC) for _ in range(3)]
    # 06:00 is 11:00 UTC in winter and 10:00 UTC from the day that the clocks change.
    assert first == [
        datetime(2025, 3, 8, 11, 0, tzinfo=UTC),
        datetime(2025, 3, 9, 10, 0, tzinfo=UTC),
        datetime(2025, 3, 10, 10, 0, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("2025-03-01", "2025-03-31", 31), ("2025-11-01", "2025-11-30", 30)],
)
def test_months_in_which_the_clocks_change_have_each_date_once(first, last, days):
    keys = BUSINESS_DATES.get_partition_keys_in_range(dg.PartitionKeyRange(first, last))
    assert len(keys) == len(set(keys)) == days


def test_partitions_reach_from_the_real_history_to_the_running_day():
    now = datetime(2025, 4, 9, 15, 0, tzinfo=NEW_YORK)
    assert BUSINESS_DATES.has_partition_key("2023-12-24")
    assert not BUSINESS_DATES.has_partition_key("2023-12-23")
    with partition_loading_context(effective_dt=now):
        assert BUSINESS_DATES.get_last_partition_key() == "2025-04-09"


def test_schedule_and_sensors_are_on_by_default():
    schedule = defs.resolve_schedule_def("after_last_cycle")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    for name in ("files_arrived", "run_failed", "errors_found", "alerts_raised"):
        assert defs.resolve_sensor_def(name).default_status is dg.DefaultSensorStatus.RUNNING
