"""The Dagster instance in the home folder: run a day, report days, serve the UI."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import dagster as dg

from reporting.errors import UserError
from reporting.pipeline.engine import StageResult
from reporting.pipeline.run import write_atomically
from reporting.pipeline.tables import stage_tables
from reporting.settings import Settings

_INSTANCE = """# Written by `reporting`; see docs/operations.md.
telemetry:
  enabled: false
run_coordinator:
  module: dagster._core.run_coordinator
  class: QueuedRunCoordinator
concurrency:
  runs:
    max_concurrent_runs: 1
python_logs:
  python_log_level: WARNING
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
nux:
  enabled: false
"""


@contextmanager
def desk(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance of this home folder, with the environment that its code reads."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster_home / "dagster.yaml"
    if not configuration.exists() or configuration.read_text() != _INSTANCE:
        write_atomically(configuration, _INSTANCE)
    os.environ.update(environment(settings))
    with dg.DagsterInstance.get() as instance:
        yield instance


def environment(settings: Settings) -> dict[str, str]:
    """Variables that make a child process read the same installation."""
    return {
        "DAGSTER_HOME": str(settings.dagster_home),
        "REPORTING_HOME": str(settings.home),
        "REPORTING_INPUT": str(settings.input),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }


def run_day(settings: Settings, business_date: date) -> bool:
    """Run the job ``day`` of one date in this process; True when it succeeded."""
    with desk(settings) as instance:
        from reporting.definitions import defs

        outcome = defs.resolve_job_def("day").execute_in_process(
            partition_key=business_date.isoformat(), instance=instance, raise_on_error=False, run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        return outcome.success


def serve(settings: Settings, port: int, read_only: bool) -> int:
    """Start webserver and daemon on loopback and wait; an auditor's has no daemon."""
    with desk(settings):
        common = ["-m", "reporting.definitions"]
        web = [
            sys.executable,
            "-m",
            "dagster_webserver",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            *common,
        ]
        commands = [web + ["--read-only"]] if read_only else [web]
        if not read_only:
            commands.append([sys.executable, "-m", "dagster._daemon", "run", *common])
        env = os.environ | environment(settings)
        children = [subprocess.Popen(command, env=env) for command in commands]
        try:
            return _wait(children)
        finally:
            for child in children:
                _stop(child)


def _wait(children: Sequence[subprocess.Popen]) -> int:
    """Until one of them ends, or the user stops us."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            for child in children:
                if child.poll() is not None:
                    raise UserError(
                        f"a server ended with code {child.returncode}; is the port taken?"
                        " give another with --port"
                    )
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0


def _stop(child: subprocess.Popen) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
