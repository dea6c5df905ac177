"""``reporting simulate`` and ``reporting fetch``: fill a drop folder."""

from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New drop folder.")
@click.option(
    "--tape",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Real tape: put a synthetic clearing book on it instead of making a venue.",
)
@click.option(
    "--risk",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="With --tape: folder of daily closes (VIX, WTI, ...), a CSV with date and close each.",
)
@click.option("--days", type=click.IntRange(1, 366), default=3, show_default=True)
@click.option("--accounts", type=click.IntRange(10, 100_000), default=200, show_default=True)
@click.option(
    "--trades",
    type=click.IntRange(100, 10_000_000),
    default=5_000,
    show_default=True,
    help="Trades a day (not with --tape).",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same bytes.")
@click.option("--start", type=BusinessDate(), default="2026-05-04", show_default=True)
@click.option("--errors/--no-errors", default=True, help="Inject errors, listed beside.")
@click.option("--clearing/--market-only", default=True, help="With --tape: clearing side too.")
@click.option("--intraday", is_flag=True, help="Cycles of 12:00 and 16:00 too (not with --tape).")
@click.option("--one-drop", is_flag=True, help="With --tape: all of it under the last date.")
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
    one_drop: bool,
) -> None:
    """Make a drop folder: a whole synthetic venue, or a clearing book on a real tape.

    What is synthetic says so in its manifests. The injected errors (wrong position,
    stale mark, missed netting, ...) are listed in OUT/injected_errors.json.

    --risk adds broader risk series to a tape as the stream benchmarks, which event volatility
    is correlated with: each date gets its own closes, the first one also the year before. A
    file VIX_daily.csv is the series VIX.

    \b
    Examples:
      reporting simulate --out build/in --days 3 --accounts 200 --trades 5000 --seed 7
      reporting simulate --tape ../shared/data/kalshi/raw --out build/tape-in
      reporting simulate --tape ../shared/data/kalshi/raw --risk ../shared/data/risk --out build/in
      reporting simulate --intraday --days 2 --out build/intraday-in
    """
    from reporting.simulator.api import simulate_on_tape, simulate_venue

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
    click.echo(
        f"next: reporting run --date {summary.last} --input {out} --home build/home"
        if clearing
        else f"next: reporting run --date {summary.last} --input {out} (market side only)"
    )


@click.command()
@click.option("--base-url", required=True, help="Root of the public API, e.g. of a test server.")
@click.option("--date", "day", type=BusinessDate(), required=True, help="Business date.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Drop folder.")
def fetch(base_url: str, day: date, out: Path) -> None:
    """Fetch a business date from the venue's public API into the drop folder.

    A fetch that was stopped goes on where it was; run the same command again.

    \b
    Example:
      reporting fetch --base-url http://127.0.0.1:8080 --date 2026-01-12 --out build/fetched
    """
    from reporting.feeds.api import fetch_day

    click.echo(str(fetch_day(base_url, day, out)))
