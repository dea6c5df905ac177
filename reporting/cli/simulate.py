"""``reporting simulate`` and ``reporting demo``: a simulated venue, and all of its dates run."""

import json
import time
from datetime import date, timedelta
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option, input_option
from reporting.errors import UserError
from reporting.settings import Settings, from_environment

_SHOCK = "shock.json"
"""What the simulator writes beside its data."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New drop folder.")
@click.option(
    "--tape",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of a real tape: add a synthetic clearing book to it instead of a whole venue.",
)
@click.option(
    "--risk",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="With --tape: folder of daily closes, one CSV per series (VIX, WTI, ...).",
)
@click.option("--days", type=click.IntRange(1, 366), default=37, show_default=True)
@click.option("--accounts", type=click.IntRange(10, 100_000), default=200, show_default=True)
@click.option(
    "--trades",
    type=click.IntRange(100, 10_000_000),
    default=2_000,
    show_default=True,
    help="Trades a day (not with --tape).",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same bytes.")
@click.option("--start", type=BusinessDate(), default="2026-05-04", show_default=True)
@click.option("--errors/--no-errors", default=True, help="Inject errors and list them.")
@click.option("--clearing/--market-only", default=True, help="With --tape: add clearing files.")
@click.option("--intraday", is_flag=True, help="Add the 12:00 and 16:00 cycles (not with --tape).")
@click.option(
    "--shock/--no-shock",
    default=None,
    help="Make the last date but one a shock day with a default [if there are enough dates].",
)
@click.option("--one-drop", is_flag=True, help="With --tape: put everything under the last date.")
def simulate(
    out: Path,
    tape: Path | None,
    risk: Path | None,
    days: int,
    accounts: int,
    trades: int,
    seed: int,
    start: date,
    errors: bool,
    clearing: bool,
    intraday: bool,
    shock: bool | None,
    one_drop: bool,
) -> None:
    """Make a drop folder: a whole synthetic venue, or a clearing book for a real tape.

    A whole venue lists events from a day to a year ahead. It has market makers, funds on margin and
    retail that pays in full, with a guaranty fund sized by its own stress. The last date but one is
    a shock day: a sector reprices and a member defaults (docs/operations.md, "The simulated
    venue"). What happened is in OUT/shock.json.

    The manifest of every synthetic file says that it is synthetic. The injected errors (wrong
    position, stale mark, missed netting, ...) are listed in OUT/injected_errors.json.

    --risk adds broader risk series to a tape as the stream benchmarks. Event volatility is
    correlated with them. Each date gets its own closes; the first date also gets those of the
    year before. The file VIX_daily.csv holds the series VIX.

    \b
    Examples:
      reporting simulate --out build/shock-in --days 10 --accounts 60 --trades 600
      reporting simulate --out build/small-in --days 3 --accounts 60 --trades 1000 --seed 7
      reporting simulate --tape ../shared/data/kalshi/raw --out build/tape-in
      reporting simulate --tape ../shared/data/kalshi/raw --risk ../shared/data/risk --out build/in
      reporting simulate --intraday --days 2 --out build/intraday-in
    """
    from reporting.simulator.api import simulate_on_tape, simulate_venue
    from reporting.simulator.clearing_house.shock.record import shock_record

    if tape is not None and intraday:
        raise click.UsageError("--intraday does not go with --tape: a tape has no cycles")
    if tape is None and risk is not None:
        raise click.UsageError("--risk goes with --tape only: a simulated venue has no real dates")
    if tape is None:
        summary = simulate_venue(
            out,
            days,
            accounts,
            trades,
            seed,
            start=start,
            errors=errors,
            progress=click.echo,
            intraday=intraday,
            shock=days >= shock_record().least_days if shock is None else shock,
        )
    else:
        summary = simulate_on_tape(
            tape,
            out,
            accounts=accounts,
            seed=seed,
            errors=errors,
            clearing=clearing,
            one_drop=one_drop,
            risk=risk,
            progress=click.echo,
        )
    click.echo(
        f"{summary.trades:,} trades of {summary.contracts_qty / 100:,.2f} contracts,"
        f" {summary.first} to {summary.last}, in {summary.files} files: {out}"
    )
    if summary.errors:
        click.echo(
            f"{len(summary.errors)} injected errors are listed in {out}/injected_errors.json"
        )
    if summary.shock is not None:
        click.echo(f"{summary.shock} is the shock day; what happened is in {out}/shock.json")
        click.echo(f"next: reporting demo --input {out} --home build/home")
    elif clearing:
        click.echo(f"next: reporting run --date {summary.last} --input {out} --home build/home")
    else:
        click.echo(f"next: reporting run --date {summary.last} --input {out} (market side only)")


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
