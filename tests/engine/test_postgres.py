"""The lake's catalog in a real PostgreSQL gives the same rows as the SQLite one."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.venues import DAY_1, contents, differing, run_days, settings_of

from reporting.errors import UserError
from reporting.lake import open_lake

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]


def _programs() -> Path:
    """The folder with initdb and pg_ctl; Debian keeps it out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    pytest.skip("PostgreSQL is not installed; `make test` installs it")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server on loopback with an empty database; its connection string."""
    programs = _programs()
    # The server refuses to run as root, and a socket's path may not be long.
    user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="reporting-postgres-") as name:
        folder, data = Path(name), Path(name) / "data"
        if user:
            shutil.chown(folder, "postgres", "postgres")

        def call(*command: object) -> None:
            done = subprocess.run(
                [str(part) for part in command],
                check=False,
                # Not a pipe: the server would inherit it and keep it open.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                timeout=60,
                **user,
            )
            assert done.returncode == 0, command

        call(programs / "initdb", "-D", data, "-U", "reporting", "-A", "trust", "--no-sync")
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
        control = (programs / "pg_ctl", "-D", data, "-w")
        call(*control, "-l", folder / "server.log", "-o", options, "start")
        try:
            call(programs / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "reporting", "lake")
            yield f"dbname=lake host=127.0.0.1 port={port} user=reporting"
        finally:
            call(*control, "-m", "immediate", "stop")


def test_a_day_gives_the_same_rows(server, finished, finished_contents, tmp_path):
    """A date run with a PostgreSQL catalog, and run again, holds the same rows in every table
    as with the SQLite catalog; its snapshots can be read again.

    Fails when a type, an order or a transaction differs between the catalogs.
    """
    settings = settings_of(tmp_path / "home", finished.input, catalog=f"postgres:{server}")
    run_days(settings, [DAY_1])
    wanted = {n: [r for r in rows if r[0] == DAY_1] for n, rows in finished_contents.items()}
    assert differing(wanted, contents(settings, [DAY_1])) == []
    assert not settings.lake_catalog.exists()

    with open_lake(settings, read_only=True) as lake:
        commits = lake.snapshots()
    validated = next(c.snapshot_id for c in commits if c.stage == "validate")
    run_days(settings, [DAY_1], ["land", "validate"])
    assert differing(wanted, contents(settings, [DAY_1])) == []
    then = contents(settings, [DAY_1], as_of=validated)
    assert then["validate.trades"] == wanted["validate.trades"]
    assert then["recompute.positions"] == []


def test_a_server_that_is_not_there_is_one_line(finished, tmp_path):
    """A wrong port is one line that names the setting, without the connection string: it may
    hold a password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = settings_of(tmp_path / "home", finished.input)
    secret = f"postgres:dbname=x host=127.0.0.1 port={port} user=x password=hunter2"
    with pytest.raises(UserError) as refused, open_lake(replace(settings, catalog=secret)):
        pass
    message = str(refused.value)
    assert "REPORTING_CATALOG" in message
    assert "\n" not in message
    assert "hunter2" not in message
