"""Options that several subcommands share."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click

from reporting.settings import DEFAULT_HOME, DEFAULT_INPUT

Command = Callable[..., object]


def home_option(command: Command) -> Command:
    """``--home``: the folder for everything that the system writes."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path),
        help=f"Folder for lake, store and packs [REPORTING_HOME or {DEFAULT_HOME}].",
    )(command)


def input_option(command: Command) -> Command:
    """``--input``: the drop folder."""
    return click.option(
        "--input",
        "input_",
        type=click.Path(path_type=Path),
        help=f"Drop folder, one subfolder per business date [REPORTING_INPUT or {DEFAULT_INPUT}].",
    )(command)


class BusinessDate(click.ParamType):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD, e.g. 2025-04-08")
