"""The client of the public API against a local server that replays real answers."""

import json
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from feeds.delivery import Inbox, read, rules
from feeds.replay_server import Replay, serving
from reporting.errors import UserError
from reporting.feeds.api import FetchSummary, fetch_day
from reporting.feeds.fetching.public_api import PublicApi, TokenBucket

pytestmark = pytest.mark.slow

DAY = date(2026, 1, 12)
NOW = datetime(2026, 1, 14, tzinfo=UTC)


def answers(folder: Path, name: str) -> dict:
    return json.loads((folder / f"{name}.json").read_text())["response"]


@pytest.fixture
def replay(kalshi: Path) -> Iterator[Replay]:
    """Real answers of January 2026: five trades of 12 January in one market."""
    folder = kalshi / "api-samples" / "2026-01"
    event = answers(folder, "event_single_response")
    series = {**answers(folder, "series_single_response")["series"], "ticker": "KXELONMARS"}
    replay = Replay(
        trades=answers(folder, "trades_list_response")["trades"],
        markets=event["markets"],
        events=[event["event"]],
        series=[series],
    )
    with serving(replay):
        yield replay


def fetch(replay: Replay, out: Path, **arguments) -> FetchSummary:
    api = PublicApi(replay.url, requests_per_second=10_000, attempts=5, backoff_seconds=0.01)
    return fetch_day(replay.url, DAY, out, api=api, now=NOW, **arguments)


def fetched_ids(out: Path) -> list[str]:
    lines = (out / str(DAY) / f"trades_{DAY}.ndjson").read_text().splitlines()
    return [json.loads(line)["trade_id"] for line in lines]


def ids(replay: Replay) -> list[str]:
    return [trade["trade_id"] for trade in replay.trades]


def test_a_day_lands_whole(replay: Replay, inbox: Inbox) -> None:
    summary = fetch(replay, inbox.root / "inbox")
    assert summary.rows == {"trades": 5, "markets": 1, "events": 1, "series": 1}
    assert str(summary).startswith("2026-01-12: 5 trades, 1 markets, 1 events, 1 series, with ")
    landing = inbox.land(DAY)
    assert rules(landing) == []
    result = read(landing)
    assert result.loaded.findings == []
    assert result.rows("trades", "trade_id", "count", "yes_price", "yes_price_dollars") == [
        (trade["trade_id"], "1", "6", "0.0600") for trade in replay.trades
    ]
    assert result.rows("markets", "ticker", "volume") == [("KXELONMARS-99", "35001")]
    assert result.rows("events", "event_ticker", "mutually_exclusive") == [
        ("KXELONMARS-99", "false")
    ]
    assert result.rows("series", "ticker", "fee_type") == [("KXELONMARS", "quadratic")]
    manifest = json.loads((inbox.folder(DAY) / f"trades_{DAY}.ndjson.manifest.json").read_text())
    assert manifest["control_totals"] == {"count": "5"}
    assert sorted(path.name for path in (inbox.root / "inbox").iterdir()) == [str(DAY)]


def test_only_the_window_of_the_day_is_asked_for(replay: Replay, tmp_path: Path) -> None:
    """Midnight in New York is 05:00 UTC in winter; one second more on both sides."""
    first = {**replay.trades[0], "trade_id": "first", "created_time": "2026-01-12T05:00:00Z"}
    last = {**first, "trade_id": "last", "created_time": "2026-01-13T04:59:59.999999Z"}
    before = {**first, "trade_id": "before", "created_time": "2026-01-12T04:59:59.999999Z"}
    after = {**first, "trade_id": "after", "created_time": "2026-01-13T05:00:00Z"}
    replay.trades = [after, last, first, before]
    fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == ["last", "first"]
    windows = [query for path, query in replay.asked if path == "/markets/trades"]
    assert (windows[0]["min_ts"], windows[0]["max_ts"]) == ("1768193999", "1768280401")


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2025, 3, 9), 23), (date(2025, 11, 2), 25), (DAY, 24)]
)
def test_days_of_daylight_saving(tmp_path: Path, day: date, hours: int) -> None:
    with serving(Replay()) as replay:
        fetch_day(replay.url, day, tmp_path, now=NOW)
    ((_, query),) = [asked for asked in replay.asked if asked[0] == "/markets/trades"]
    assert int(query["max_ts"]) - int(query["min_ts"]) == hours * 3600 + 2


@pytest.mark.parametrize(
    "faults",
    [
        [429, 429],
        [500, 502, 503, 504],
        ["drop", None, "drop"],
        ["cut", None, "cut", "cut"],
        [None, 429, "cut", 500, "drop", None, "cut"],
    ],
)
def test_a_server_that_fails_now_and_then(replay: Replay, tmp_path: Path, faults: list) -> None:
    replay.faults = deque(faults)
    fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == ids(replay)
    assert not replay.faults


def test_retry_after_is_honoured(replay: Replay, tmp_path: Path) -> None:
    replay.faults, replay.retry_after = deque([429]), "1"
    started = time.monotonic()
    fetch(replay, tmp_path, streams=("trades",))
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("fault", [500, "cut", 400, 401, 302, "garbage"])
def test_a_server_that_keeps_failing_is_one_clear_line(
    replay: Replay, tmp_path: Path, fault: object
) -> None:
    replay.faults = deque([None, None] + [fault] * 200)
    with pytest.raises(UserError) as caught:
        fetch(replay, tmp_path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / str(DAY)).exists()


def test_pages_that_overlap_give_no_trade_twice(replay: Replay, tmp_path: Path) -> None:
    replay.overlap = 1
    summary = fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == ids(replay)
    assert summary.repeated_trades == 2


def test_one_id_with_two_contents_is_kept_for_validation(replay: Replay, tmp_path: Path) -> None:
    replay.trades.append({**replay.trades[0], "count": 2})
    fetch(replay, tmp_path)
    assert len(fetched_ids(tmp_path)) == 6


class Killed(BaseException):
    """As a kill: nothing may catch it."""


@pytest.mark.parametrize("step", range(1, 50))
def test_a_fetch_killed_at_any_durable_step_goes_on(
    replay: Replay, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Die at the n-th sync or rename, run again: the same files as without a kill."""
    calls = 0

    def dying(function):
        def called(*arguments, **keywords):
            nonlocal calls
            calls += 1
            if calls == step:
                raise Killed
            return function(*arguments, **keywords)

        return called

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dying(os.fsync))
        patch.setattr(os, "replace", dying(os.replace))
        with suppress(Killed):
            fetch(replay, tmp_path)
    fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == ids(replay)
    inbox = Inbox(tmp_path / "landing")
    inbox.root.mkdir()
    (inbox.root / "inbox").symlink_to(tmp_path)
    landing = inbox.land(DAY)
    assert rules(landing) == []
    lines = {file.stream: file.staged.read_text().count("\n") for file in landing.files}
    assert lines == {"events": 1, "markets": 1, "series": 1, "trades": 5}
    assert all(lines[file.stream] == file.rows_claimed for file in landing.files)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".fetch")] == []


def test_what_was_fetched_is_not_asked_for_again(replay: Replay, tmp_path: Path) -> None:
    replay.faults = deque([None, None, None] + [500] * 99)  # cutoff, two pages, then no more
    replay.page_size = 1
    with pytest.raises(UserError):
        fetch(replay, tmp_path)
    replay.faults, replay.asked = deque(), []
    fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == ids(replay)
    trades = [query for path, query in replay.asked if path == "/markets/trades"]
    assert [query["cursor"] for query in trades] == ["2", "3", "4"]


def test_a_stale_cursor_starts_the_list_again(replay: Replay, tmp_path: Path) -> None:
    replay.faults = deque([None, None, 400])
    fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == ids(replay)


def test_fetching_again_asks_nothing(replay: Replay, tmp_path: Path) -> None:
    fetch(replay, tmp_path)
    replay.asked = []
    summary = fetch(replay, tmp_path)
    assert (summary.rows, replay.asked) == ({}, [])
    assert str(summary) == "2026-01-12: already in the drop folder, nothing to fetch"


def test_sequence_numbers_go_on_from_the_drop_folder(replay: Replay, inbox: Inbox) -> None:
    name = "trades_2025-03-17.ndjson"
    inbox.deliver(name, "", "trades", sequence=41, rows=0)
    fetch(replay, inbox.root / "inbox")
    by_stream = {file.stream: file.sequence for file in inbox.land(DAY).files}
    assert by_stream == {"trades": 42, "markets": 1, "events": 1, "series": 1}


def test_old_trades_come_from_the_historical_part(replay: Replay, tmp_path: Path) -> None:
    replay.cutoff = "2026-01-12T14:00:00Z"
    replay.old_trades, replay.trades = replay.trades[3:], replay.trades[:4]  # one in both
    expected = [trade["trade_id"] for trade in [*replay.old_trades, *replay.trades[:3]]]
    fetch(replay, tmp_path)
    assert fetched_ids(tmp_path) == expected


def test_a_market_that_the_api_no_longer_knows_is_named(replay: Replay, tmp_path: Path) -> None:
    replay.markets = []
    summary = fetch(replay, tmp_path)
    assert summary.not_found == ["KXELONMARS-99"]
    assert "not known to the API: KXELONMARS-99" in str(summary)


def test_a_hostile_ticker_is_never_part_of_a_request(replay: Replay, tmp_path: Path) -> None:
    replay.trades = [{**replay.trades[0], "ticker": "../../x?y=1&z"}]
    assert fetch(replay, tmp_path).rows["trades"] == 1
    assert [path for path, _ in replay.asked] == ["/historical/cutoff", "/markets/trades"]


@pytest.mark.parametrize(
    "url", ["http://example.com", "ftp://127.0.0.1", "", "https://", "file:///etc/passwd"]
)
def test_addresses_that_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UserError, match="base URL"):
        fetch_day(url, DAY, tmp_path, now=NOW)


def test_a_day_that_is_not_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not over in New York"):
        fetch_day("https://127.0.0.1", DAY, tmp_path, now=datetime(2026, 1, 13, 4, 59, tzinfo=UTC))


def test_a_stream_that_the_api_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="members"):
        fetch_day("https://127.0.0.1", DAY, tmp_path, streams=("members",), now=NOW)


def test_the_bucket_spaces_requests() -> None:
    """Two at once, then two a second: 5 requests take 1.5 seconds of a clock that we turn."""
    clock = [100.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    bucket = TokenBucket(2, 2, lambda: clock[0], sleep)
    for _ in range(5):
        bucket.take()
    assert slept == [0.5, 0.5, 0.5]
    clock[0] += 60  # a long rest does not save up more than the burst
    for _ in range(3):
        bucket.take()
    assert slept == [0.5] * 4
