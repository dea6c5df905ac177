"""A date is run when files of it arrived that the lake does not know."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from reporting.definitions import defs
from reporting.desk import sensors
from reporting.desk.sensors import files_arrived
from reporting.pipeline.run import workbench


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    """Files of the test are new; most tests do not wait until they are a minute old."""
    monkeypatch.setattr(sensors, "_SECONDS_OF_QUIET", 0)


def tick():
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance, definitions=defs)
        return files_arrived.evaluate_tick(context)


def requests() -> list[tuple[str, str]]:
    """Run key and partition of each run that the sensor asks for now."""
    return [(request.run_key, request.partition_key) for request in tick().run_requests]


def drop(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("x")
        (folder / f"{name}.manifest.json").write_text("{}")


def test_no_drop_folder_says_so(settings):
    settings.input.rmdir()
    found = tick()
    assert not found.run_requests
    assert str(settings.input) in found.skip_message


def test_each_date_with_new_files_is_asked_for_once(settings):
    drop(settings.input / "2025-04-08", "trades.csv")
    drop(settings.input / "2025-04-07", "trades.csv")
    first = requests()
    assert [partition for _, partition in first] == ["2025-04-07", "2025-04-08"]
    # Dagster drops a request whose key it has seen: the same files give the same key.
    assert requests() == first


def test_another_file_gives_another_key(settings):
    drop(settings.input / "2025-04-08", "trades.csv")
    before = requests()
    drop(settings.input / "2025-04-08", "markets.csv")
    after = requests()
    assert before[0][1] == after[0][1] == "2025-04-08"
    assert before[0][0] != after[0][0]


def test_a_file_without_manifest_is_no_arrival(settings):
    folder = settings.input / "2025-04-08"
    folder.mkdir()
    (folder / "trades.csv").write_text("x")
    assert requests() == []


def test_nothing_is_run_while_files_still_come(settings, monkeypatch):
    drop(settings.input / "2025-04-08", "trades.csv")
    monkeypatch.setattr(sensors, "_SECONDS_OF_QUIET", 60)
    assert requests() == []


def test_landed_files_are_no_arrival(settings):
    drop(settings.input / "2025-04-08", "trades.csv")
    with workbench(settings) as bench, bench.lake.commit("land", date(2025, 4, 8), "test"):
        bench.lake.connection.execute(
            "INSERT INTO lake.land.files (business_date, name) VALUES ('2025-04-08', 'trades.csv')"
        )
    assert requests() == []
    drop(settings.input / "2025-04-08", "late.csv")
    assert [partition for _, partition in requests()] == ["2025-04-08"]


def test_hostile_names_are_only_compared(settings, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    drop(elsewhere, "trades.csv")
    drop(settings.input / "2025-04-08", "a\nb';DROP TABLE x.csv")
    (settings.input / "2025-04-09").symlink_to(elsewhere)
    drop(settings.input / "2020-01-01", "before-the-first-partition.csv")
    assert [partition for _, partition in requests()] == ["2025-04-08"]
    assert all("\n" not in key for key, _ in requests())


def test_only_the_newest_dates_are_watched(settings):
    for day in range(1, 11):
        drop(settings.input / f"2025-04-{day:02d}", "trades.csv")
    assert [partition for _, partition in requests()] == [
        f"2025-04-{day:02d}" for day in range(4, 11)
    ]
