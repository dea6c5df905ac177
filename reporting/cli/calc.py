"""``reporting calc``: recompute one number without the system."""

import json
from typing import BinaryIO

import click


@click.command()
@click.argument("name")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--schema", "show_schema", is_flag=True, help="Print the JSON Schema of the input.")
@click.option("--example", "show_example", is_flag=True, help="Print a worked example.")
def calc(name: str, file: BinaryIO, show_schema: bool, show_example: bool) -> None:
    """Compute one number from a JSON document and print the answer as JSON.

    The document is read from FILE or standard input. NAME is worst-case, margin,
    variation-margin, fees, haircut, waterfall, backtest, shortfall-backtest, clearing-vector,
    cascade or cover. No lake is needed. Invalid input gives one line that names the field,
    and exit code 2.

    \b
    Examples:
      reporting calc worst-case --example | reporting calc worst-case -
      reporting calc waterfall --schema
    """
    from reporting.calculators import api

    if show_schema:
        click.echo(json.dumps(api.schema(name), indent=2))
    elif show_example:
        click.echo(api.example(name), nl=False)
    else:
        click.echo(api.render(api.run(name, file.read())), nl=False)
