"""A folder in which the commands that are shown to readers are run as they are printed.

It stands for the checkout. Beside it lies a short piece of each real tape, where the
documents say that the tapes lie; what is served for ``reporting fetch`` is made up here.
"""

import csv
import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import duckdb
from feeds.replay_server import Replay, serving

ROOT = Path(__file__).resolve().parents[2]
REPORTING = Path(sys.executable).with_name("reporting")
KALSHI = ROOT.parent / "shared" / "data" / "kalshi"
RISK = KALSHI.parent / "risk"
SECONDS_TO_START = 180
# Enough of each tape for a whole business date.
_RAW_EVENT_DATE = "2025-04-08"
_HISTORY_FROM = "2025-05-08"
_MACRO_DAYS = ("2024-01-01", "2024-01-02")


class Workplace:
    """The folder, and what was run in it; no command is run twice as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ran: set[str] = set()
        folder.mkdir()

    def run(self, command: str) -> None:
        """Run a command as printed; AssertionError with its complaint if it fails.

        Only what cannot be the same is replaced: the address of the venue, the port of the
        desk, a drop folder to be made that is already there, and the ends of a window on a tape
        of which only a piece lies here.
        """
        verb = command.split()[1]
        if verb == "ui":
            command = re.sub(r" --port [0-9]+", "", command)
        if verb == "review" and "--home build/window" in command:
            command = re.sub(r" --(from|to) \S+", "", command)
        if command in self._ran:
            return
        self._ran.add(command)
        if verb == "ui":
            self._serve(command)
        elif verb == "fetch":
            with serving(_one_trade()) as replay:
                said = self.call(re.sub(r"http://127\.0\.0\.1:\d+", replay.url, command))
            assert "1 trades, 1 markets, 1 events, 1 series" in said
        elif verb == "what-if":
            self._write_books(re.search(r"--home (\S+)", command)[1])
            self.call(command)
        else:
            self.call(self._with_new_folder(command))

    def call(self, command: str) -> str:
        """What a command line prints that must succeed, with its pipes and files."""
        done = subprocess.run(["sh", "-c", command], **self._where(), capture_output=True)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert "Traceback" not in done.stderr, f"{command}\n{done.stderr}"
        return done.stdout

    def _where(self) -> dict:
        # A reader has no settings in the environment. The draws of the daily check are those
        # of the test run (tests/conftest.py): how many they are changes no command.
        env = {
            key: value
            for key, value in os.environ.items()
            if key == "REPORTING_REPLICA_DRAWS" or not key.startswith("REPORTING_")
        }
        env["PATH"] = f"{REPORTING.parent}{os.pathsep}{env['PATH']}"
        return {"cwd": self.folder, "env": env, "text": True}

    def _write_books(self, home: str) -> None:
        """The books that a reader of the help would have: two contracts with a mark."""
        query = "SELECT ticker FROM recompute.marks WHERE NOT settled ORDER BY ticker LIMIT 2"
        held = self.call(f'reporting sql --home {home} "{query}"').split()[1:]
        (self.folder / "book.csv").write_text(f"ticker,contracts\n{held[0]},100\n{held[1]},-5\n")
        book = {"positions": [{"ticker": held[0], "contracts": 100, "side": "no"}]}
        (self.folder / "book.json").write_text(json.dumps(book))

    def _with_new_folder(self, command: str) -> str:
        out = re.search(r" simulate .*--out (\S+)", command)
        if out is None or not (self.folder / out[1]).exists():
            return command
        return command.replace(f"--out {out[1]}", f"--out {out[1]}-{len(self._ran)}")

    def _serve(self, command: str) -> None:
        """Start the desk on a free port, ask it for its page, and stop it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = f"{command} --port {port}"
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            **self._where(),
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        watchdog = threading.Timer(SECONDS_TO_START, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        try:
            while "Ctrl-C" not in (line := process.stdout.readline()):
                assert line, f"{command}\nended before it was ready"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=60) as answer:
                assert answer.status == 200
            process.terminate()
            assert process.wait(60) == 0
        finally:
            watchdog.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.stdout.close()


def lay_out_tapes(beside: Path) -> None:
    """A short piece of each real tape at ``beside/shared/data/kalshi``, the risk series beside."""
    place = beside / "shared" / "data" / "kalshi"
    shutil.copytree(RISK, place.parent / "risk")
    for source in sorted(KALSHI.glob(f"raw/*/*/{_RAW_EVENT_DATE}.json.gz")):
        target = place / source.relative_to(KALSHI)
        target.parent.mkdir(parents=True)
        shutil.copyfile(source, target)
    _copy_history(KALSHI / "history", place / "history")
    _copy_macro(KALSHI / "macro", place / "macro")


def _copy_history(source: Path, target: Path) -> None:
    target.mkdir()
    for name in ("markets.parquet", "events.parquet"):
        shutil.copyfile(source / name, target / name)
    with duckdb.connect() as connection:
        trades = connection.read_parquet(str(source / "trades.parquet"))
        last = duckdb.ColumnExpression("created_time") >= duckdb.ConstantExpression(_HISTORY_FROM)
        trades.filter(last).write_parquet(str(target / "trades.parquet"))


def _copy_macro(source: Path, target: Path) -> None:
    target.mkdir()
    shutil.copyfile(source / "markets.json.gz", target / "markets.json.gz")
    with (
        gzip.open(source / "trades.csv.gz", "rt", newline="") as tape,
        gzip.open(target / "trades.csv.gz", "wt", newline="") as piece,
    ):
        rows = csv.DictReader(tape)
        writer = csv.DictWriter(piece, rows.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in rows if row["created_time"].startswith(_MACRO_DAYS))


def _one_trade() -> Replay:
    """A venue with one trade on 12 January 2026, the date of the example of ``fetch``."""
    return Replay(
        trades=[
            {
                "trade_id": "t-1",
                "ticker": "KXA-26JAN12",
                "created_time": "2026-01-12T15:00:00Z",
                "taker_side": "yes",
                "count": 5,
                "yes_price": 40,
                "no_price": 60,
            }
        ],
        markets=[{"ticker": "KXA-26JAN12", "event_ticker": "KXA", "status": "active"}],
        events=[{"event_ticker": "KXA", "series_ticker": "KXA", "mutually_exclusive": False}],
        series=[{"ticker": "KXA"}],
    )
