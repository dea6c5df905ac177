"""The Dagster instance in the home folder.

``run`` runs a day in it, ``report`` shows days that ran outside it, ``server`` runs the servers of
the UI. No asset is imported here: building the assets takes seconds.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dagster as dg
from dagster import DagsterRunStatus

from reporting import files
from reporting.settings import Settings

_INSTANCE = """# Written by `reporting`; see docs/operations.md.
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: reporting.desk.event_log
  class: DeskEventLog
  config:
    base_dir: {event_log}
run_coordinator:
  module: dagster._core.run_coordinator
  class: QueuedRunCoordinator
concurrency:
  runs:
    max_concurrent_runs: 1
python_logs:
  python_log_level: WARNING
# The pages of a run show its events; the output of processes goes to the terminal.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


@contextmanager
def desk(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance of this home folder; sets the environment that its code reads."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster_home / "dagster.yaml"
    # A JSON string is a YAML string; a home folder may have any name, and may be moved.
    event_log = json.dumps(str(settings.dagster_home / "history" / "runs"))
    text = _INSTANCE.replace("{event_log}", event_log)
    if not configuration.exists() or configuration.read_text() != text:
        files.write(configuration, text)
    os.environ.update(environment(settings))
    with dg.DagsterInstance.get() as instance:
        yield instance


def environment(settings: Settings) -> Mapping[str, str]:
    """Environment variables with which a child process reads the same installation."""
    return {
        "DAGSTER_HOME": str(settings.dagster_home),
        "REPORTING_HOME": str(settings.home),
        "REPORTING_INPUT": str(settings.input),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }


def end_dead_runs(settings: Settings, instance: dg.DagsterInstance) -> list[str]:
    """Close runs that are marked as running while no process writes; returns their ids.

    A killed run stays marked as running, and with one run at a time the next would wait forever.
    """
    if _somebody_writes(settings):
        return []
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=[DagsterRunStatus.STARTED])):
        instance.report_run_failed(run, "the process of this run ended before the run did")
        ended.append(run.run_id)
    return ended


def _somebody_writes(settings: Settings) -> bool:
    lock = settings.home / "writer.lock"
    if not lock.exists():
        return False
    with open(lock, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
