"""Entry point of ``reporting``: the group of commands, and errors as one line."""

import sys

import click

from reporting.cli.backfill import backfill
from reporting.cli.backtest import backtest
from reporting.cli.calc import calc
from reporting.cli.drill import drill
from reporting.cli.explain import explain
from reporting.cli.fetch import fetch
from reporting.cli.intraday import intraday
from reporting.cli.replicate import replicate
from reporting.cli.review import review
from reporting.cli.run import run
from reporting.cli.simulate import demo, simulate
from reporting.cli.sql import sql
from reporting.cli.status import status
from reporting.cli.ui import ui
from reporting.cli.what_if import what_if
from reporting.errors import UserError

_HELP = """Independent second line of an event-contract exchange and clearing house.

It lands the venue's trades and margin data, validates them, recomputes every
account's margin from the trades, explains each difference, runs stress tests and a
default drill, and renders disclosure packs.

\b
A first day, from nothing:
  reporting simulate --out build/in --days 3
  reporting run --date 2026-05-06 --input build/in --home build/home
  reporting status --home build/home
  reporting ui --home build/home

Settings come from options or from REPORTING_* variables (docs/operations.md).
"""


@click.group(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """The group of commands; each is in the file of its name."""


for _command in (
    simulate,
    demo,
    fetch,
    run,
    intraday,
    backfill,
    status,
    explain,
    sql,
    replicate,
    what_if,
    drill,
    backtest,
    review,
    ui,
    calc,
):
    group.add_command(_command)


def main() -> None:
    """Run the command. A user's mistake is one line on stderr and exit code 2."""
    try:
        group(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()  # Not a mistake: `reporting` alone shows the help.
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(_one_line(error), err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except (UserError, ValueError) as error:
        if not isinstance(error, UserError) and not _is_ours(error):
            raise
        click.echo(f"reporting: {error}", err=True)
        sys.exit(2)


def _one_line(error: click.ClickException) -> str:
    """Click's message on one line: the mistake, and where the help is."""
    mistake = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "reporting"
    return f"reporting: {mistake}; see `{path} --help`"


def _is_ours(error: Exception) -> bool:
    """Whether the error names the field at fault, as those of model and simulator do."""
    return type(error).__module__.startswith("reporting.")
