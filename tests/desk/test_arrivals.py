"""A date is run when files of it arrived that the lake does not know."""

import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path

import dagster as dg
import pytest

from reporting.clock import NEW_YORK
from reporting.contract import STREAMS
from reporting.definitions import defs
from reporting.desk.sensors import files_arrived
from reporting.stages.land import readiness
from reporting.stages.run import workbench

# Nearly every test makes a lake.
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    """Files of the test are new; most tests do not wait until they are a minute old."""
    monkeypatch.setattr(readiness, "SECONDS_OF_QUIET", 0)


def tick(cursor: str | None = None):
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance, cursor=cursor, definitions=defs)
        return files_arrived.evaluate_tick(context)


def requests(cursor: str | None = None) -> list[tuple[str, str]]:
    """Run key and partition of each run that the sensor asks for now."""
    return [(request.run_key, request.partition_key) for request in tick(cursor).run_requests]


def days_asked_for(cursor: str | None = None) -> list[str]:
    return [partition for _, partition in requests(cursor)]


def drop(
    folder: Path, *names: str, content: str = "x", stream: str = "trades", **said: str
) -> None:
    """Files with manifests that promise what is in them, and what else is said."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(content)
        promise = {
            "file": name,
            "stream": stream,
            "sender": STREAMS[stream].sender,
            "business_date": folder.name,
            "sequence": 1,
            "sha256": sha256_of(content),
            "bytes": len(content),
            "rows": 1,
            "as_of": "2025-04-08T23:59:59Z",
            **said,
        }
        (folder / f"{name}.manifest.json").write_text(json.dumps(promise))


def sha256_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def landed(settings, day: str, name: str, sha256: str, status: str = "LANDED") -> None:
    """The lake knows a file."""
    with workbench(settings) as bench, bench.lake.commit("land", date.fromisoformat(day), "test"):
        bench.lake.connection.execute(
            "INSERT INTO lake.land.files (business_date, name, file_sha256, status)"
            " VALUES (?, ?, ?, ?)",
            [day, name, sha256, status],
        )


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
    monkeypatch.setattr(readiness, "SECONDS_OF_QUIET", 60)
    assert requests() == []


@pytest.mark.parametrize("status", ["LANDED", "DUPLICATE", "BLOCKED", "WAITING"])
def test_files_that_the_lake_knows_are_no_arrival(settings, status):
    drop(settings.input / "2025-04-08", "trades.csv")
    landed(settings, "2025-04-08", "trades.csv", sha256_of("x"), status)
    assert requests() == []
    drop(settings.input / "2025-04-08", "late.csv")
    assert days_asked_for() == ["2025-04-08"]


@pytest.mark.parametrize("status", ["LANDED", "DUPLICATE", "BLOCKED", "REFUSED", "WAITING"])
def test_other_bytes_under_a_known_name_are_an_arrival(settings, status):
    drop(settings.input / "2025-04-08", "trades.csv", content="sent again")
    landed(settings, "2025-04-08", "trades.csv", sha256_of("x"), status)
    assert days_asked_for() == ["2025-04-08"]


def test_a_refused_file_is_tried_once_and_again_when_it_comes_again(settings):
    """The cure of LAND-HASH: bytes that were damaged on their way come again under the same
    name, number and manifest."""
    folder = settings.input / "2025-04-08"
    drop(folder, "trades.csv")
    (folder / "trades.csv").write_text("damaged")
    first = requests()
    landed(settings, "2025-04-08", "trades.csv", sha256_of("damaged"), "REFUSED")
    # The key is the one that Dagster has seen, so nothing is run.
    assert requests() == first
    drop(folder, "trades.csv")
    again = requests()
    assert [partition for _, partition in again] == ["2025-04-08"]
    assert again != first


def test_the_same_bytes_with_a_manifest_that_fits_now_are_an_arrival(settings):
    drop(settings.input / "2025-04-08", "trades.csv")
    landed(settings, "2025-04-08", "trades.csv", sha256_of("x"), "REFUSED")
    assert days_asked_for() == ["2025-04-08"]


def test_a_landed_file_does_not_change_the_key_of_one_that_never_lands(settings):
    drop(settings.input / "2025-04-08", "trades.csv", "refused.csv")
    first = requests()
    landed(settings, "2025-04-08", "trades.csv", sha256_of("x"))
    assert requests() == first


def test_before_the_cut_off_a_day_waits_for_every_daily_stream(settings):
    """After it, it is run with what is there: the other tests' dates are long over."""
    today = datetime.now(NEW_YORK).date().isoformat()
    daily = [stream.name for stream in STREAMS.values() if stream.daily]
    for name in daily[:-1]:
        drop(settings.input / today, f"{name}.csv", stream=name)
    assert requests() == []
    # A manifest alone is no file of its stream.
    drop(settings.input / today, "last.csv", stream=daily[-1])
    (settings.input / today / "last.csv").unlink()
    assert requests() == []
    drop(settings.input / today, "last.csv", stream=daily[-1])
    assert days_asked_for() == [today]


def test_hostile_names_are_only_compared(settings, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    drop(elsewhere, "trades.csv")
    drop(settings.input / "2025-04-08", "a\nb';DROP TABLE x.csv")
    (settings.input / "2025-04-09").symlink_to(elsewhere)
    drop(settings.input / "2020-01-01", "before-the-first-partition.csv")
    assert [partition for _, partition in requests()] == ["2025-04-08"]
    assert all("\n" not in key for key, _ in requests())


def test_an_older_date_is_watched_once_its_folder_changes(settings):
    """A correction of an old date is found; a history that was there before is not run."""
    for day in range(1, 11):
        drop(settings.input / f"2025-04-{day:02d}", "trades.csv")
    newest = [f"2025-04-{day:02d}" for day in range(4, 11)]
    assert days_asked_for() == newest
    cursor = tick().cursor
    # As if the folders had been there for long.
    settled = str(max(os.stat(path).st_ctime_ns for path in settings.input.iterdir()) + 1)
    assert int(cursor) < int(settled)
    assert days_asked_for(settled) == newest
    drop(settings.input / "2025-04-02", "correction.csv")
    assert days_asked_for(settled) == ["2025-04-02", *newest]


def test_what_has_not_settled_is_looked_at_again_by_a_later_tick(settings, monkeypatch):
    for day in range(1, 10):
        drop(settings.input / f"2025-04-{day:02d}", "trades.csv")
    monkeypatch.setattr(readiness, "SECONDS_OF_QUIET", 60)
    quiet = tick()
    assert quiet.run_requests == []
    monkeypatch.setattr(readiness, "SECONDS_OF_QUIET", 0)
    assert days_asked_for(quiet.cursor)[:2] == ["2025-04-01", "2025-04-02"]


EACH_CYCLE = ("trades", "trade_audit", "members", "accounts", "market_price_snapshot")


def cycle_of_today(settings, cycle: str, number: int) -> str:
    """The files that margin within the day cannot be computed without; returns the date."""
    today = datetime.now(NEW_YORK).date().isoformat()
    for name in EACH_CYCLE:
        said = {"cycle": cycle} if name == "market_price_snapshot" and cycle else {}
        drop(settings.input / today, f"{name}_{number}.csv", stream=name, **said)
    return today


def jobs_asked_for() -> list[tuple[str, str]]:
    """Job and run key, without the digest, of each run that the sensor asks for now."""
    found = tick().run_requests
    return [(request.job_name, request.run_key.rpartition(" ")[0]) for request in found]


def test_the_prices_of_a_cycle_start_an_intraday_run(settings):
    """Each cycle, and each further file, is a run of its own; what has landed is none."""
    today = cycle_of_today(settings, "12:00", 1)
    assert jobs_asked_for() == [("intraday", f"{today} 12:00")]
    first = requests()
    drop(settings.input / today, "correction.csv", stream="trades")
    assert jobs_asked_for() == [("intraday", f"{today} 12:00")]
    assert requests() != first
    cycle_of_today(settings, "16:00", 2)
    assert jobs_asked_for() == [("intraday", f"{today} 16:00")]
    for path in (settings.input / today).glob("*.csv"):
        landed(settings, today, path.name, sha256_of("x"))
    assert jobs_asked_for() == []


def test_a_cycle_waits_for_what_its_margin_needs(settings):
    today = cycle_of_today(settings, "12:00", 1)
    (settings.input / today / "accounts_1.csv").unlink()
    assert jobs_asked_for() == []


def test_the_end_of_the_day_waits_for_every_daily_stream_after_its_cycles_too(settings):
    """A complete set with the prices of a cycle only is no end of the day."""
    today = cycle_of_today(settings, "16:00", 1)
    for stream in STREAMS.values():
        if stream.daily and stream.name not in EACH_CYCLE:
            drop(settings.input / today, f"{stream.name}.csv", stream=stream.name)
    assert jobs_asked_for() == [("intraday", f"{today} 16:00")]
    drop(settings.input / today, "prices_last.csv", stream="market_price_snapshot")
    assert jobs_asked_for() == [("day", today)]
    (settings.input / today / "resources.csv").unlink()
    assert jobs_asked_for() == []


def test_after_the_cut_off_a_date_is_run_whole_whatever_has_come(settings):
    drop(settings.input / "2025-04-08", "p.csv", stream="market_price_snapshot", cycle="12:00")
    assert jobs_asked_for() == [("day", "2025-04-08")]
