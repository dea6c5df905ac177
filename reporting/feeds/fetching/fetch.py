"""The steps of fetching one business date from the public API into the drop folder.

First the day's trades by time, then the markets that were traded (which name their events), the
events with all their markets, and the series. Each answer is appended to files in
``<out>/.fetch-<date>`` and acknowledged in ``state.json``. Both are synced, so a killed fetch
resumes after the last acknowledged answer. At the end the files are published in
``<out>/<date>/``, each followed by its manifest.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from reporting.clock import business_date_of, end_of_day_utc
from reporting.contract.streams import PATTERNS
from reporting.errors import UserError
from reporting.feeds import json_text
from reporting.feeds.fetching.fetch_state import FetchState, forget
from reporting.feeds.fetching.public_api import PublicApi, StaleCursor
from reporting.feeds.publishing import is_published, publish

STREAMS = ("trades", "markets", "events", "series")
_PAGE_SIZE = 1000
_TICKERS_PER_REQUEST = 50
_ID = re.compile(PATTERNS["id"], re.ASCII)


@dataclass
class FetchSummary:
    """The result of a fetch.

    ``rows``: row count of each stream. ``repeated_trades``: duplicates that were left out.
    ``not_found``: tickers that the API does not know or no longer knows.
    """

    business_date: date
    rows: dict[str, int] = field(default_factory=dict)
    requests_sent: int = 0
    repeated_trades: int = 0
    not_found: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.rows:
            return f"{self.business_date}: already in the drop folder, nothing to fetch"
        rows = ", ".join(f"{count} {stream}" for stream, count in self.rows.items())
        text = f"{self.business_date}: {rows}, with {self.requests_sent} requests"
        if self.repeated_trades:
            text += f"; {self.repeated_trades} repeated trades left out"
        if self.not_found:
            text += f"; not known to the API: {', '.join(self.not_found[:5])}"
            text += f" and {len(self.not_found) - 5} more" if len(self.not_found) > 5 else ""
        return text


def fetch_day(
    base_url: str,
    business_date: date,
    out: Path,
    streams: Sequence[str] = STREAMS,
    api: PublicApi | None = None,
    now: datetime | None = None,
) -> FetchSummary:
    """Fetch a business date into ``out/<date>/``; ``out`` is the drop folder.

    A stream whose manifest is already in the drop folder is left alone. ``api`` replaces the
    default client for ``base_url``, for other request rates. ``now`` (timezone-aware) is for
    tests. Raises UserError if the date is not over, or if the address or the API fails.
    """
    now = now or datetime.now(UTC)
    if end_of_day_utc(business_date) > now:
        raise UserError(f"{business_date} is not over in New York; fetch it tomorrow")
    if unknown := set(streams) - set(STREAMS):
        raise UserError(f"the public API has no stream {min(unknown)!r}; it has {STREAMS}")
    api = api or PublicApi(base_url)
    summary = FetchSummary(business_date)
    wanted = [stream for stream in streams if not is_published(out, business_date, stream)]
    if not wanted:
        forget(out, business_date)
        return summary
    state = FetchState.open(out, business_date, base_url)
    fetch = _Fetch(api, state, summary, business_date)
    fetch.trades()
    if set(wanted) - {"trades"}:
        fetch.markets_traded()
        without_markets = {"with_nested_markets": "false"}
        fetch.documents("events", state.event_tickers, ("events", "markets"), without_markets)
        fetch.documents("series", state.series_tickers, ("series",))
    for stream in wanted:
        totals = _totals(state.lines(stream)) if stream == "trades" else {}
        summary.rows[stream] = publish(out, business_date, stream, state.path(stream), totals, now)
    state.remove()
    summary.requests_sent = api.requests_sent
    summary.not_found = sorted(state.not_found)
    return summary


class _Fetch:
    """The steps of a fetch; each resumes where the state left off."""

    def __init__(
        self, api: PublicApi, state: FetchState, summary: FetchSummary, business_date: date
    ) -> None:
        self.api, self.state, self.summary = api, state, summary
        self.business_date = business_date

    def trades(self) -> None:
        first = end_of_day_utc(self.business_date - timedelta(days=1))
        after = end_of_day_utc(self.business_date)
        # The API does not document whether its bounds are inclusive. Ask for one more second on
        # both sides and keep the trades of the day.
        window = {
            "min_ts": int(first.timestamp()) - 1,
            "max_ts": int(after.timestamp()) + 1,
            "limit": _PAGE_SIZE,
        }
        for path in self._trade_paths(first):
            if self.state.is_done(path):
                continue
            try:
                self._trade_pages(path, window, self.state.cursor(path))
            except StaleCursor:  # trades already read are recognised by their id
                self._trade_pages(path, window, "")

    def _trade_paths(self, first: datetime) -> list[str]:
        """The paths that have the day's trades: the API moves old ones to a historical part."""
        content = self.api.get("/historical/cutoff")
        if content is None:  # an API generation without a historical part
            return ["/markets/trades"]
        try:
            text = json.loads(content)["trades_created_ts"]
            moved_before = datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                "/historical/cutoff of the API does not say which trades it holds; ask the venue"
            ) from error
        if first >= moved_before:
            return ["/markets/trades"]
        return ["/historical/trades", "/markets/trades"]

    def _trade_pages(self, path: str, window: dict, cursor: str) -> None:
        seen = dict(_trade_keys(self.state.lines("trades")))
        for page in self.api.pages(path, window, "trades", cursor):
            fresh = []
            for trade_id, text in _trade_keys(page.records):
                if seen.get(trade_id) == text:
                    self.summary.repeated_trades += 1
                elif self._is_of_the_day(text):
                    seen[trade_id] = text
                    fresh.append(text)
            self.state.append({"trades": fresh}, path, page.cursor, done=not page.cursor)

    def _is_of_the_day(self, text: str) -> bool:
        """Whether a trade is of the date. One without a readable time is left to landing."""
        created = json_text.values(text, ["created_time"])[0]
        try:
            return business_date_of(datetime.fromisoformat(created or "")) == self.business_date
        except ValueError:
            return True

    def markets_traded(self) -> None:
        tickers = sorted(set(_column(self.state.lines("trades"), "ticker")))
        for number, chosen in self._rest("markets traded", tickers, _TICKERS_PER_REQUEST):
            parameters = {"tickers": ",".join(chosen), "limit": _PAGE_SIZE}
            events, known = set(), set()
            for page in self.api.pages("/markets", parameters, "markets"):
                known.update(_column(page.records, "ticker"))
                events.update(_column(page.records, "event_ticker"))
            self.state.event_tickers |= events
            self.state.not_found |= set(chosen) - known
            self.state.append({}, "markets traded", str(number + len(chosen)))

    def documents(
        self,
        step: str,
        tickers: set[str],
        streams: Sequence[str],
        parameters: dict[str, str] | None = None,
    ) -> None:
        """Ask for each ticker alone; the answer holds records of ``streams``."""
        for number, (ticker,) in self._rest(step, sorted(tickers), 1):
            content = self.api.get(f"/{step}/{ticker}", parameters)
            lines: dict[str, list[str]] = {}
            if content is None:
                self.state.not_found.add(ticker)
            else:
                lines = {stream: self.api.records(content, stream) for stream in streams}
                self.state.series_tickers |= set(_column(lines.get("events", ()), "series_ticker"))
            self.state.append(lines, step, str(number + 1))

    def _rest(self, step: str, tickers: list[str], size: int) -> Iterator[tuple[int, list[str]]]:
        """The remaining tickers of a step, in groups, each with the position of its first."""
        for number in range(int(self.state.cursor(step) or 0), len(tickers), size):
            yield number, tickers[number : number + size]


def _trade_keys(records: Iterator[str] | Sequence[str]) -> Iterator[tuple[str | None, str]]:
    for text in records:
        yield json_text.values(text, ["trade_id"])[0], text


def _column(records: Iterator[str] | Sequence[str], name: str) -> Iterator[str]:
    """The identifiers in a column. Other values are skipped: they are not safe in a request."""
    for text in records:
        value = json_text.values(text, [name])[0]
        if value is not None and _ID.fullmatch(value) and ".." not in value:
            yield value


def _totals(trades: Iterator[str]) -> dict[str, str]:
    """Control totals: the sum of contracts, under the name that each API generation uses."""
    totals: dict[str, Decimal] = {}
    quantity = re.compile(PATTERNS["quantity"], re.ASCII)
    for text in trades:
        for name, value in zip(
            ("count", "count_fp"), json_text.values(text, ["count", "count_fp"]), strict=True
        ):
            if value is not None and quantity.fullmatch(value):
                totals[name] = totals.get(name, Decimal(0)) + Decimal(value)
    return {name: f"{total:f}" for name, total in totals.items()}
