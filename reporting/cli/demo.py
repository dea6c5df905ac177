"""``reporting demo``: a simulated venue from its first date through its shock day to the drill."""

import json
import time
from datetime import date, timedelta
from pathlib import Path

import click

from reporting.cli.options import home_option, input_option
from reporting.errors import UserError
from reporting.settings import Settings, from_environment

_SHOCK = "shock.json"
"""What the simulator writes beside its data."""


@click.command()
@input_option
@home_option
def demo(input_: Path | None, home: Path | None) -> None:
    """Run a simulated venue: the dates up to its shock day, the shock, and the day after.

    The dates before are loaded without packs, so that backtests and trends have a history. The
    quiet day before the shock, the shock day and all later dates get their packs. Then the default
    of the member that failed is drilled at the end of the quiet day: what the plan says before
    anything happens. Running it again renders the same bytes.

    \b
    Examples:
      reporting simulate --out build/shock-in --days 10 --accounts 60 --trades 600
      reporting demo --input build/shock-in --home build/shock
    """
    # Imported here: without the stages the other commands start in a quarter of the time.
    from reporting.cli.dates import run_dates, run_earlier_dates
    from reporting.cli.drill import record_folder, show
    from reporting.cli.summary import print_day
    from reporting.feeds.api import list_days
    from reporting.lake import open_lake, open_newest
    from reporting.studies.default_drill.files import write_record
    from reporting.studies.default_drill.record import make_record

    settings = from_environment(home, input_)
    story = _story(settings)
    shock = date.fromisoformat(story["business_date"])
    quiet = shock - timedelta(days=1)
    started = time.perf_counter()
    run_earlier_dates(settings, quiet)
    run_dates(settings, quiet, None, packs=True)
    seconds = time.perf_counter() - started
    with open_lake(settings, read_only=True) as lake:
        for day in list_days(settings.input):
            if day >= quiet:
                print_day(lake, settings, day)
    click.echo(f"\n{shock}, the shock day: {story['words']}")
    for line in _told(story):
        click.echo(f"  {line}")
    click.echo("\nThe drill of this default at the end of the quiet day:")
    with open_newest(settings) as lake:
        record, files = make_record(lake, story["defaulted_member"], quiet, None)
    show(record, write_record(record, files, record_folder(settings, record)))
    click.echo(f"\n{seconds:.0f} s for all dates; next: reporting ui --home {settings.home}")


def _story(settings: Settings) -> dict:
    path = settings.input / _SHOCK
    if not path.is_file():
        raise UserError(
            f"there is no {path}: this drop folder has no shock day; make one with `reporting"
            " simulate --out ...`, or run its dates with `reporting backfill`"
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _told(story: dict) -> list[str]:
    """What happened, in sentences."""
    from reporting.wording import dollars

    amount = dollars.exact
    used = ", ".join(
        f"{layer} {amount(paid)}" for layer, paid in story["used_centicents"].items() if paid
    )
    auction, ported = story["auction"], story["ported"]
    beyond = len(story["accounts_beyond_margin"])
    return [
        f"{len(story['repriced_events'])} events repriced; {beyond} accounts lost more than their"
        " margin",
        f"{len(story['late_calls'])} margin calls were met late, {len(story['disputed_calls'])} are"
        " in dispute",
        f"member {story['defaulted_member']} did not pay {amount(story['unpaid_centicents'])};"
        f" {amount(story['seized_centicents'])} of collateral was seized",
        f"the loss of {amount(story['loss_beyond_margin_centicents'])} used {used}",
        f"{len(ported['accounts'])} customers were ported to {ported['to_member']}",
        f"{auction['winner']} won auction {auction['auction_id']};"
        f" {', '.join(auction['non_bidders'])} did not bid",
    ]
