"""Client of the venue's public trade API: one polite GET at a time.

This module handles the transport: rate, retries and paging. ``fetch`` decides which data a
business date needs. Paths and parameters follow the venue's OpenAPI document, trade API 3.13.
The client talks only to the address it is given and follows no redirect.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from reporting.errors import UserError
from reporting.feeds import json_text
from reporting.feeds.lines import BadLine

_PAGE_BYTES = 64 << 20
_TIMEOUT_SECONDS = (10, 60)
_LONGEST_WAIT_SECONDS = 120
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class StaleCursor(UserError):
    """The venue no longer knows the cursor; the list must be read from its start."""


@dataclass(frozen=True)
class Page:
    """The records of one answer, each as one line of JSON, and the cursor of the next page."""

    records: list[str]
    cursor: str


class TokenBucket:
    """Allows ``rate`` requests a second on average and ``burst`` at once."""

    def __init__(
        self,
        rate: float,
        burst: int,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._burst, self._now, self._sleep = rate, burst, now, sleep
        self._tokens, self._filled_at = float(burst), now()

    def take(self) -> None:
        """Wait until a request may be sent."""
        moment = self._now()
        self._tokens += (moment - self._filled_at) * self._rate
        self._tokens, self._filled_at = min(self._tokens, self._burst), moment
        if self._tokens < 1:
            wait = (1 - self._tokens) / self._rate
            self._sleep(wait)
            self._tokens, self._filled_at = 1.0, moment + wait
        self._tokens -= 1


class PublicApi:
    """Client of the API under ``base_url``, given without ``/trade-api/v2``."""

    def __init__(
        self,
        base_url: str,
        requests_per_second: float = 10.0,
        attempts: int = 6,
        backoff_seconds: float = 0.5,
    ) -> None:
        parts = urlsplit(base_url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not secure or not parts.hostname or parts.query or parts.fragment:
            raise UserError(
                f"base URL {base_url!r} cannot be used: give https://<host> "
                "(plain http only on this machine)"
            )
        self._root = base_url.rstrip("/").removesuffix("/trade-api/v2") + "/trade-api/v2"
        self._attempts, self._backoff_seconds = attempts, backoff_seconds
        self._bucket = TokenBucket(requests_per_second, burst=max(1, int(requests_per_second)))
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/json"
        retry = Retry(
            total=attempts,
            redirect=0,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            backoff_factor=backoff_seconds,
            backoff_max=_LONGEST_WAIT_SECONDS,
            retry_after_max=_LONGEST_WAIT_SECONDS,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        self.requests_sent = 0

    def pages(
        self, path: str, parameters: Mapping[str, object], wrapper: str, cursor: str = ""
    ) -> Iterator[Page]:
        """All pages from ``cursor`` on; the last one has an empty cursor."""
        seen = {cursor}
        while True:
            page = self.page(
                path, {**parameters, **({"cursor": cursor} if cursor else {})}, wrapper
            )
            yield page
            cursor = page.cursor
            if not cursor:
                return
            if cursor in seen:
                raise UserError(f"{self._root}{path} repeats a cursor; ask the venue")
            seen.add(cursor)

    def page(self, path: str, parameters: Mapping[str, object], wrapper: str) -> Page:
        """One page of a list."""
        content = self.get(path, parameters)
        if content is None:
            raise UserError(f"{self._root}{path} does not exist (404); check the base URL")
        cursor = _document(content).get("cursor") or ""
        if not isinstance(cursor, str):
            raise UserError(f"{self._root}{path} gave a cursor that is no text; ask the venue")
        return Page(self.records(content, wrapper), cursor)

    def records(self, content: bytes, wrapper: str) -> list[str]:
        """The records that an answer holds under ``wrapper``."""
        records = []
        for record in json_text.page_records(content, wrapper):
            if isinstance(record, BadLine):
                raise UserError(
                    f"{self._root} gave an answer without readable {wrapper}: {record.excerpt[:80]}"
                )
            records.append(json_text.compact(record[1]))
        return records

    def get(self, path: str, parameters: Mapping[str, object] | None = None) -> bytes | None:
        """The body of an answer; None for 404. Raises UserError if every attempt fails.

        The session retries refused connections and 429/5xx answers and honours Retry-After.
        An answer that breaks off in its body is requested again here.
        """
        url = self._root + quote(path, safe="/")
        reason = ""
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(min(self._backoff_seconds * 2 ** (attempt - 1), _LONGEST_WAIT_SECONDS))
            self._bucket.take()
            self.requests_sent += 1
            try:
                with self._session.get(
                    url,
                    params=parameters,
                    timeout=_TIMEOUT_SECONDS,
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    return self._content(answer, url, bool(parameters and "cursor" in parameters))
            except (requests.ConnectionError, requests.Timeout) as error:
                reason = type(error).__name__
            except requests.exceptions.ChunkedEncodingError:
                reason = "the answer broke off"
        raise UserError(f"{url} cannot be reached ({reason}); run the same command again later")

    def _content(self, answer: requests.Response, url: str, has_cursor: bool) -> bytes | None:
        if answer.status_code == 404:
            return None
        if answer.status_code == 400 and has_cursor:
            raise StaleCursor(f"{url} no longer knows its cursor; run the same command again")
        if answer.status_code != 200:
            raise UserError(
                f"{url} answered {answer.status_code}; if the address is right, run the same "
                "command again later"
            )
        body = bytearray()
        for block in answer.iter_content(1 << 20):
            body += block
            if len(body) > _PAGE_BYTES:
                raise UserError(f"{url} answered with more than {_PAGE_BYTES} bytes; ask the venue")
        return bytes(body)


def _document(content: bytes) -> dict:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UserError("the API answered with something else than a JSON object; check the URL")
    return document
