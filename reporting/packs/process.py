"""The process that renders, seen from outside: how it is started, limited and understood.

Memory is limited by looking at what the process holds and ending it when that is too much. A
limit on its address space alone is not kept by the native libraries in it: where they get no
memory they crash, wait, or fail with words about something else (measured at 60 to 300 MiB). It
stands behind, for what grows faster than is looked.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reporting.errors import UserError
from reporting.settings import ROOT

_SECONDS_BETWEEN_LOOKS = 0.05
# What the child may inherit: where programs and native libraries are, nothing else.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT")
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


class PackError(UserError):
    """A pack could not be rendered; the message says which, and why."""


def run_child(request: dict, scratch: Path, memory_bytes: int, timeout_seconds: int) -> dict:
    """The answer of a process that renders a request into ``scratch``.

    memory_bytes: that it may hold at any time. Raises PackError that says how it ended.
    """
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= _ENVIRONMENT | {"HOME": str(scratch), "TMPDIR": str(scratch)}
    # The code of this process, and not what lies in the current folder (-P).
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-P", "-m", "reporting.packs.child", str(scratch)]
    with (
        _as_file(request) as said,
        subprocess.Popen(
            [*command, str(memory_bytes), str(timeout_seconds)],
            stdin=said,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        ) as process,
    ):
        try:
            return _answer(*_watched(process, memory_bytes, timeout_seconds))
        except PackError as error:
            raise PackError(f"packs of {request['business_date']}: {error}") from None
        finally:
            process.kill()


@contextmanager
def _as_file(request: dict) -> Iterator[IO[bytes]]:
    """A request to be read from its beginning. Through a pipe, ``communicate`` would send no more
    than what was read before its first timeout."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(request).encode())
        file.seek(0)
        yield file


def _watched(
    process: subprocess.Popen, memory_bytes: int, timeout_seconds: int
) -> tuple[int, str, str]:
    """Exit status and output of the process. Raises PackError when it needs too much."""
    ends = time.monotonic() + timeout_seconds
    while True:
        try:
            out, complaint = process.communicate(timeout=_SECONDS_BETWEEN_LOOKS)
        except subprocess.TimeoutExpired:
            if _held_bytes(process.pid) > memory_bytes:
                needed = f"rendering needed more than {memory_bytes // 2**20} MiB of memory"
                raise PackError(needed) from None
            if time.monotonic() > ends:
                raise PackError(
                    f"rendering took longer than {timeout_seconds} s and was stopped"
                ) from None
        else:
            return (
                process.returncode,
                out.decode(errors="replace").strip(),
                complaint.decode(errors="replace").strip(),
            )


def _held_bytes(process_id: int) -> int:
    """The most memory that a process has held so far, 0 once it has ended."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return 0
    most = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return 1024 * int(most[0]) if most else 0


def _answer(status: int, out: str, complaint: str) -> dict:
    """The child's last line as an answer, or a ``PackError`` that says how it ended."""
    try:
        answer = json.loads(out.splitlines()[-1]) if out else {}
    except ValueError:
        answer = {}
    if status == 0 and "files" in answer:
        return answer
    if "error" in answer:
        raise PackError(answer["error"])
    if status < 0:
        raise PackError(f"the rendering process was ended by signal {-status}")
    raise PackError(complaint.splitlines()[-1] if complaint else f"exit status {status}")
