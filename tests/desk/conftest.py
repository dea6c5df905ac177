"""Shared for the tests of the desk: stages that do nothing, and servers to be told."""

import socketserver
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from reporting.desk import resources
from reporting.desk.assets import land
from reporting.engine.stage import StageResult
from reporting.engine.tables import stage_tables
from reporting.settings import Settings

COLUMNS = defaultdict(lambda: {"business_date": "DATE"})


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home and a drop folder of the test's own, in the environment too."""
    home, drop = tmp_path / "home", tmp_path / "in"
    home.mkdir()
    drop.mkdir()
    for name, value in (
        ("DAGSTER_HOME", home / "dagster"),
        ("DAGSTER_DISABLE_TELEMETRY", "yes"),
        ("REPORTING_HOME", home),
        ("REPORTING_INPUT", drop),
    ):
        monkeypatch.setenv(name, str(value))
    return Settings(home=home, input=drop)


class FakeStages:
    """Stands in for the pipeline: each stage returns what the test says."""

    def __init__(self) -> None:
        self.checks: list = []
        self.blocked: dict[str, str] = {}
        self.ran: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.earlier_days: list = []

    def run(self, bench, settings, stage, business_date, with_packs=True) -> StageResult:
        self.ran.append((stage, business_date.isoformat()))
        if self.error is not None:
            raise self.error
        return self.result(stage, business_date)

    def result(self, stage, business_date) -> StageResult:
        return StageResult(
            stage,
            business_date,
            rows={table.name: 7 for table in stage_tables(stage)},
            checks=[check for check in self.checks if check.rule.stage == stage],
            blocked={
                name: why for name, why in self.blocked.items() if name.startswith(f"{stage}.")
            },
            read_snapshot=3,
            written_snapshot=4,
            seconds=0.1,
            figures={"stress.cover": {"Cover-2, dollars": 2.5}},
        )

    def days_to_run(self, lake, settings, first, last) -> list:
        return [*self.earlier_days, last]


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> FakeStages:
    fake = FakeStages()

    @contextmanager
    def no_lake(settings: Settings) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(lake=SimpleNamespace(columns=lambda: COLUMNS))

    monkeypatch.setattr(resources, "workbench", no_lake)
    monkeypatch.setattr(resources, "run_stage_of", fake.run)
    monkeypatch.setattr(land, "days_to_run", fake.days_to_run)
    return fake


class _Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a sender of one message speaks."""

    def handle(self) -> None:
        self._say("220 mail.test")
        while command := self.rfile.readline().strip().upper():
            if command == b"DATA":
                self._say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                self.server.received.append(b"".join(lines).decode())
                self._say("250 taken")
            elif command == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 mail.test")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append(body)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal of the tests."""


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[socketserver.TCPServer]:
    server.received = []
    server.status = 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def mail_server() -> Iterator[socketserver.TCPServer]:
    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox)) as server:
        yield server


@pytest.fixture
def hook_server() -> Iterator[socketserver.TCPServer]:
    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), _Hook)) as server:
        yield server
