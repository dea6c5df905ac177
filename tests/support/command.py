"""The command ``reporting``, run in this process."""

import csv
import io
import os
import sys
from unittest import mock

import pytest

from reporting.cli import main as cli


class Answer:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def rows(self) -> list[dict]:
        return list(csv.DictReader(io.StringIO(self.out)))


def answer(arguments: tuple[object, ...], capsys: pytest.CaptureFixture) -> Answer:
    """Run it with these arguments. That it does the same in a process of its own is proved in
    ``tests/docs``."""
    capsys.readouterr()
    # The desk leaves its installation in the environment.
    with (
        mock.patch.object(sys, "argv", ["reporting", *map(str, arguments)]),
        mock.patch.dict(os.environ),
    ):
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
    printed = capsys.readouterr()
    return Answer(code, printed.out, printed.err)
