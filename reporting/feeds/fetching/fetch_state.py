"""The state of a fetch on disk, so that a killed fetch neither loses nor repeats anything.

Lines are appended and synced first; then the state that acknowledges them is replaced. Bytes
after the acknowledged length belong to an unacknowledged answer and are cut off when the state
is opened again.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from reporting import files

_STATE = "state.json"


class FetchState:
    """The lines of each stream, the cursor of each step and the tickers of one business date."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self._folder, self._base_url = folder, base_url
        self._lengths: dict[str, int] = {}
        self._cursors: dict[str, str] = {}
        self._done: set[str] = set()
        self.event_tickers: set[str] = set()
        self.series_tickers: set[str] = set()
        self.not_found: set[str] = set()

    @classmethod
    def open(cls, out: Path, business_date: date, base_url: str) -> "FetchState":
        """The state of an earlier, unfinished fetch from the same address, or a new one."""
        state = cls(_folder(out, business_date), base_url)
        state._folder.mkdir(parents=True, exist_ok=True)
        saved = state._saved()
        if saved is None:
            state.remove()
            state._folder.mkdir()
            return state
        state._lengths, state._cursors = saved["lengths"], saved["cursors"]
        state._done = set(saved["done"])
        state.event_tickers = set(saved["event_tickers"])
        state.series_tickers = set(saved["series_tickers"])
        state.not_found = set(saved["not_found"])
        for path in state._folder.glob("*.ndjson"):
            os.truncate(path, state._lengths.get(path.stem, 0))
        return state

    def _saved(self) -> dict | None:
        try:
            saved = json.loads((self._folder / _STATE).read_text())
        except FileNotFoundError:
            return None
        return saved if saved["base_url"] == self._base_url else None

    def path(self, stream: str) -> Path:
        """The file with the lines of a stream, created empty if need be."""
        path = self._folder / f"{stream}.ndjson"
        path.touch()
        return path

    def lines(self, stream: str) -> Iterator[str]:
        """The acknowledged lines of a stream."""
        with open(self.path(stream), encoding="utf-8", newline="\n") as source:
            for line in source:
                yield line.rstrip("\n")

    def cursor(self, step: str) -> str:
        """The position at which a step resumes; empty at its start."""
        return self._cursors.get(step, "")

    def is_done(self, step: str) -> bool:
        """Whether the last answer of a step is acknowledged."""
        return step in self._done

    def append(
        self, lines: Mapping[str, Sequence[str]], step: str, cursor: str, done: bool = False
    ) -> None:
        """Keep the lines of an answer and acknowledge it with the cursor of the next one."""
        for stream, texts in lines.items():
            with open(self.path(stream), "a", encoding="utf-8", newline="\n") as target:
                target.writelines(f"{text}\n" for text in texts)
                target.flush()
                os.fsync(target.fileno())
                self._lengths[stream] = target.tell()
        self._cursors[step] = cursor
        if done:
            self._done.add(step)
        self._save()

    def _save(self) -> None:
        content = {
            "base_url": self._base_url,
            "lengths": self._lengths,
            "cursors": self._cursors,
            "done": sorted(self._done),
            "event_tickers": sorted(self.event_tickers),
            "series_tickers": sorted(self.series_tickers),
            "not_found": sorted(self.not_found),
        }
        files.write(self._folder / _STATE, json.dumps(content))

    def remove(self) -> None:
        """Forget the fetch."""
        shutil.rmtree(self._folder)


def forget(out: Path, business_date: date) -> None:
    """Remove the state of a fetch that was killed after it had published everything."""
    shutil.rmtree(_folder(out, business_date), ignore_errors=True)


def _folder(out: Path, business_date: date) -> Path:
    return out / f".fetch-{business_date.isoformat()}"
