"""Serve the UI: web server and daemon as child processes, on loopback only."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import dagster as dg

from reporting.desk.host import desk, end_dead_runs, environment
from reporting.errors import UserError
from reporting.settings import Settings

_HOST = "127.0.0.1"
_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_BETWEEN_CLEANINGS = 30
_SECONDS_TO_END = 15
_CODE = ["-m", "reporting.definitions"]
_QUIET = ["--code-server-log-level", "warning", "--dagster-log-level", "warning"]
_DAEMON_QUIET = ["--code-server-log-level", "warning", "--log-level", "warning"]


def serve(settings: Settings, port: int, read_only: bool, on_ready: Callable[[], None]) -> None:
    """Start the servers, call ``on_ready`` when the UI answers, and wait to be stopped.

    An auditor's server refuses every change, and runs no schedule or sensor. Raises
    UserError when the port is taken or a server ends by itself.
    """
    _check_port(port)
    with desk(settings) as instance:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        children: list[subprocess.Popen] = []
        try:
            for command in _commands(port, read_only):
                # A group of its own, so that all that it starts can be stopped with it.
                children.append(
                    subprocess.Popen(
                        command, env=os.environ | environment(settings), start_new_session=True
                    )
                )
            _wait_until_ready(port, children)
            on_ready()
            _watch(settings, None if read_only else instance, children)
        except KeyboardInterrupt:
            return
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            _stop(children)


def _commands(port: int, read_only: bool) -> list[list[str]]:
    web = [sys.executable, "-m", "dagster_webserver", "--host", _HOST, "--port", str(port)]
    web += [*_QUIET, "--uvicorn-log-level", "warning", *_CODE]
    if read_only:
        return [[*web, "--read-only"]]
    return [web, [sys.executable, "-m", "dagster._daemon", "run", *_DAEMON_QUIET, *_CODE]]


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise UserError(
                f"port {port} cannot be used ({error.strerror}); give another with --port"
            ) from None


def _wait_until_ready(port: int, children: Sequence[subprocess.Popen]) -> None:
    while not _answers(port):
        _check_alive(children)
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=10)
    try:
        connection.request("GET", "/server_info")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _watch(
    settings: Settings, instance: dg.DagsterInstance | None, children: Sequence[subprocess.Popen]
) -> None:
    """Until a server ends; meanwhile close runs that were killed, if there is an instance."""
    cleaned = 0.0
    while True:
        _check_alive(children)
        if instance is not None and time.monotonic() - cleaned > _SECONDS_BETWEEN_CLEANINGS:
            end_dead_runs(settings, instance)
            cleaned = time.monotonic()
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _check_alive(children: Sequence[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is not None:
            name = child.args[2]
            raise UserError(f"the server {name} ended by itself with code {child.returncode}")


def _stop(children: Sequence[subprocess.Popen]) -> None:
    """End the servers and all that they started; those that do not listen are killed."""
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + _SECONDS_TO_END
    while any(_group_lives(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    for child in children:
        _signal(child, signal.SIGKILL)
        child.wait()


def _group_lives(child: subprocess.Popen) -> bool:
    # Reaps the child itself: a zombie would count as a living member of its group.
    child.poll()
    return _signal(child, 0)


def _signal(child: subprocess.Popen, number: int) -> bool:
    """Send a signal to the group of a child; False when none of it is left."""
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return False
    return True
