"""``reporting ui``: the Dagster desk on this machine."""

from pathlib import Path

import click

from reporting.cli.options import home_option, input_option
from reporting.settings import from_environment


@click.command()
@click.option("--port", type=click.IntRange(1024, 65535), default=3000, show_default=True)
@click.option("--read-only", is_flag=True, help="For auditors: no run can be started.")
@input_option
@home_option
def ui(port: int, read_only: bool, input_: Path | None, home: Path | None) -> None:
    """Serve the desk on http://127.0.0.1:PORT until stopped with Ctrl-C.

    Starts the web server and the daemon (schedules, sensors). --read-only starts the web
    server alone. The desk listens on loopback only; to share it, put a proxy with sign-on in
    front of it (docs/operations.md).

    \b
    Example:
      reporting ui --home build/home --port 3000
    """
    # Imported here: Dagster takes seconds to import.
    from reporting.desk.server import serve

    def say_ready() -> None:
        click.echo(f"http://127.0.0.1:{port}{' (read-only)' if read_only else ''}; Ctrl-C stops it")

    click.echo("starting the desk ...")
    serve(from_environment(home, input_), port, read_only, say_ready)
    click.echo("stopped")
