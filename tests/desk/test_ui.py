"""`reporting ui` as a user and an auditor have it: real servers, a real browser.

Screenshots go to the folder that REPORTING_SCREENSHOTS names, else to pytest's.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reporting.desk.run import run_day
from reporting.settings import Settings
from reporting.simulator.api import simulate_venue

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ui")]

DAY = date(2026, 5, 4)
COMMAND = [sys.executable, "-c", "from reporting.cli.main import main; main()", "ui"]
SECONDS_TO_START = 180
MILLISECONDS_TO_SHOW = 60_000
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Settings:
    """One synthetic day that was run; one of its files has other bytes than promised."""
    base = tmp_path_factory.mktemp("desk")
    simulate_venue(base / "in", days=1, accounts=12, trades=300, seed=3, start=DAY)
    (file,) = (base / "in" / DAY.isoformat()).glob("*obligations*.csv")
    file.write_bytes(file.read_bytes().replace(b"0", b"1", 1))
    settings = Settings(home=base / "home", input=base / "in")
    settings.home.mkdir()
    run_day(settings, DAY, with_packs=False)
    return settings


@contextmanager
def serving(settings: Settings, *options: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """The command, once it says that it is ready; it must have been stopped inside."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = ["--port", str(port), "--home", str(settings.home), "--input", str(settings.input)]
    process = subprocess.Popen(
        [*COMMAND, *where, *options], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    watchdog = time.monotonic() + SECONDS_TO_START
    try:
        while "Ctrl-C" not in (line := process.stdout.readline()):
            assert line or process.poll() is None, "reporting ui ended before it was ready"
            assert time.monotonic() < watchdog, "reporting ui did not become ready"
        yield process, f"http://127.0.0.1:{port}"
    finally:
        for pid in processes_of(settings):
            os.kill(pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def stop(process: subprocess.Popen, number: int) -> None:
    process.send_signal(number)
    assert process.wait(timeout=60) == 0


def processes_of(settings: Settings) -> list[int]:
    """Processes that were started for this home: the servers and all that they start."""
    mark = f"DAGSTER_HOME={settings.dagster_home}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0") and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
        except OSError:  # it has just ended, or is another user's
            continue
    return found


def ask(base: str, query: str, **variables: object) -> dict:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{base}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


LAUNCH = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) { __typename ... on PythonError { message } }
}
"""
SCHEDULE = """
mutation ($selector: ScheduleSelector!) {
  startSchedule(scheduleSelector: $selector) { __typename }
}
"""
REPORT = """
mutation ($params: ReportRunlessAssetEventsParams!) {
  reportRunlessAssetEvents(eventParams: $params) { __typename }
}
"""
RUNS = "{ runsOrError { ... on Runs { results { runId } } } }"

REPOSITORY = {
    "repositoryName": "__repository__",
    "repositoryLocationName": "reporting.definitions",
}
CHANGES = {
    "launchRun": (
        LAUNCH,
        {
            "selector": {**REPOSITORY, "pipelineName": "day"},
            "mode": "default",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": str(DAY)}]},
        },
    ),
    "startSchedule": (SCHEDULE, {**REPOSITORY, "scheduleName": "after_last_cycle"}),
    "reportRunlessAssetEvents": (
        REPORT,
        {
            "eventType": "ASSET_MATERIALIZATION",
            "assetKey": {"path": ["land", "files"]},
            "partitionKeys": ["2026-05-03"],
        },
    ),
}


def change(base: str, name: str) -> str:
    """What kind of answer the server gives to a change."""
    query, values = CHANGES[name]
    variable = "selector" if name == "startSchedule" else "params"
    return ask(base, query, **{variable: values})[name]["__typename"]


def test_an_auditor_sees_the_day_and_can_change_nothing(installation, tmp_path):
    pictures = Path(os.environ.get("REPORTING_SCREENSHOTS", tmp_path))
    with serving(installation, "--read-only") as (process, base):
        look_around(base, pictures)
        before = ask(base, RUNS)
        assert {name: change(base, name) for name in CHANGES} == dict.fromkeys(
            CHANGES, "UnauthorizedError"
        )
        assert ask(base, RUNS) == before
        stop(process, signal.SIGTERM)
        assert processes_of(installation) == []


def look_around(base: str, pictures: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing; sh deploy/setup-tests.sh installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(MILLISECONDS_TO_SHOW)
        hosts = set()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))

        page.goto(f"{base}/asset-groups")
        for stage in ("land", "validate", "recompute", "stress", "disclose"):
            page.get_by_text(stage, exact=True).first.wait_for()
        page.screenshot(path=pictures / "graph.png")

        page.goto(f"{base}/assets/recompute/positions")
        page.get_by_text("Latest materialization").wait_for()
        page.get_by_text(DAY.isoformat(), exact=True).first.wait_for()
        for text in (
            "Row count",
            "Positions rebuilt from trades",
            "BIGINT",
            "from recompute.trade_sides.signed_qty",
        ):
            page.get_by_text(text).first.wait_for()
        page.screenshot(path=pictures / "asset.png")

        page.goto(f"{base}/assets/recompute/positions?view=partitions&partition={DAY}")
        page.get_by_text("Materialized (1)").wait_for()
        page.get_by_text("dagster/row_count").first.wait_for()
        page.screenshot(path=pictures / "partition.png")

        # The page plots by partition the newest ones of the calendar, by event what there is.
        page.goto(f"{base}/assets/recompute/account_margin?view=overview")
        page.get_by_role("button", name="Plots").click()
        page.get_by_role("button", name="Events").click()
        page.get_by_text("initial margin, dollars").first.wait_for()
        page.screenshot(path=pictures / "plots.png")

        page.goto(f"{base}/assets/stress/cover?view=checks&checkDetail=STRESS_COVER_2")
        page.get_by_text("STRESS_COVER_2").first.wait_for()
        for text in ("bound, at most: prefunded resources", "value", "bound"):
            page.get_by_text(text).first.wait_for()
        page.screenshot(path=pictures / "measure.png")

        page.goto(f"{base}/assets/land/files?view=checks&checkDetail=LAND_HASH")
        page.get_by_text("LAND_HASH").first.wait_for()
        page.get_by_text("Failed", exact=True).first.wait_for()
        for text in ("sample rows", "FAILED"):
            page.get_by_text(text).first.wait_for()
        page.screenshot(path=pictures / "check.png")
        browser.close()
    # The pages come from here and nothing else is asked for.
    assert hosts - {None} == {"127.0.0.1"}, "None is the host of a data: address"


def test_a_user_may_change_things_and_leaves_no_process_behind(installation):
    with serving(installation) as (process, base):
        assert len(processes_of(installation)) >= 3
        assert change(base, "startSchedule") == "ScheduleStateResult"
        stop(process, signal.SIGINT)
        assert processes_of(installation) == []


def test_a_taken_port_is_one_clear_line(installation):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        where = ["--port", port, "--home", str(installation.home)]
        done = subprocess.run([*COMMAND, *where], capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr == (
        f"reporting: port {port} cannot be used (Address already in use);"
        " give another with --port\n"
    )
