"""A local public API for the tests: answers from lists of records, and misbehaves on order.

``faults`` is used up one per request, in order: None answers properly, a number is the
status to answer, "drop" closes before an answer, "cut" breaks off in the middle of the
body, "garbage" sends a body that is no JSON.
"""

import json
import threading
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PREFIX = "/trade-api/v2"


@dataclass
class Replay:
    """What the server knows and how it behaves."""

    trades: list[dict] = field(default_factory=list)
    old_trades: list[dict] = field(default_factory=list)
    markets: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    series: list[dict] = field(default_factory=list)
    cutoff: str | None = None
    page_size: int = 2
    overlap: int = 0
    retry_after: str = "0"
    faults: deque = field(default_factory=deque)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, query: dict[str, str]) -> dict | None:
        part, _, name = path.removeprefix(PREFIX + "/").partition("/")
        if path == f"{PREFIX}/historical/cutoff":
            return {"trades_created_ts": self.cutoff} if self.cutoff else None
        if path in (f"{PREFIX}/markets/trades", f"{PREFIX}/historical/trades"):
            trades = self.old_trades if "historical" in path else self.trades
            return self._page("trades", [t for t in trades if _in_window(t, query)], query)
        if part == "markets" and not name:
            chosen = query["tickers"].split(",")
            return self._page("markets", [m for m in self.markets if m["ticker"] in chosen], query)
        if part == "events" and name:
            markets = [market for market in self.markets if market["event_ticker"] == name]
            for event in self.events:
                if event["event_ticker"] == name:
                    return {"event": event, "markets": markets}
        if part == "series" and name:
            return next(({"series": s} for s in self.series if s["ticker"] == name), None)
        return None

    def _page(self, wrapper: str, records: list[dict], query: dict[str, str]) -> dict:
        start = int(query.get("cursor", "0"))
        stop = start + self.page_size
        cursor = str(stop) if stop < len(records) else ""
        return {wrapper: records[max(0, start - self.overlap) : stop], "cursor": cursor}


def _in_window(trade: dict, query: dict[str, str]) -> bool:
    moment = datetime.fromisoformat(trade["created_time"]).timestamp()
    return int(query["min_ts"]) <= moment <= int(query["max_ts"])


@contextmanager
def serving(replay: Replay):
    """The replay, served at its ``url``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            replay.asked.append((parts.path.removeprefix(PREFIX), query))
            fault = replay.faults.popleft() if replay.faults else None
            answer = replay.answer(parts.path, query)
            body = json.dumps(answer, indent=1).encode() if answer is not None else b"{}"
            if fault == "drop":
                self.close_connection = True
                return
            status = fault if isinstance(fault, int) else 200 if answer is not None else 404
            body = b"<html>" if fault == "garbage" else body
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", replay.retry_after)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
            self.close_connection = fault == "cut"

        def handle(self) -> None:
            with suppress(ConnectionResetError):  # a client that was killed, as ordered
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        replay.url = f"http://127.0.0.1:{server.server_port}"
        yield replay
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
