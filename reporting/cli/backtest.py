"""``reporting backtest``: margin coverage over any period, or under another schedule."""

import csv
import sys
from datetime import date
from pathlib import Path

import click
import yaml

from reporting.cli.options import BusinessDate, home_option
from reporting.errors import UserError
from reporting.lake import open_newest
from reporting.settings import from_environment
from reporting.studies.status import dates_run
from reporting.wording import dollars


@click.command()
@click.option("--from", "first", type=BusinessDate(), help="First date [first in the lake].")
@click.option("--to", "last", type=BusinessDate(), help="Last date, included [newest].")
@click.option(
    "--by",
    type=click.Choice(("portfolio", "account", "bucket", "cluster", "date")),
    default="portfolio",
    show_default=True,
    help="How observations are grouped.",
)
@click.option(
    "--next-close", is_flag=True, help="Accounts over one day, whatever their liquidation period."
)
@click.option(
    "--liquidation-days",
    type=click.IntRange(1, 365),
    help="What if: accounts, with every contract margined over this many days.",
)
@click.option(
    "--schedule",
    "file",
    type=click.Path(path_type=Path),
    help="What if: accounts, with these margin schedule parameters (YAML or JSON).",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print every column as CSV.")
@home_option
def backtest(
    first: date | None,
    last: date | None,
    by: str,
    next_close: bool,
    liquidation_days: int | None,
    file: Path | None,
    as_csv: bool,
    home: Path | None,
) -> None:
    """Test margin against losses over any period of the loaded history.

    The books are accounts and hypothetical portfolios that the stage stress has observed,
    unchanged over their liquidation period. Model-driven books, with a margin below their worst
    case, are groups of their own: only they test the model. Shows coverage, its intervals with
    each resolution and each date as one draw, and the p-values of the tests in
    docs/backtests.md. Without 30 dates, or over another period than that of the margin, there is
    no verdict, and the line says so. A dash means that there are too few draws for the test.

    With --liquidation-days or --schedule the margin of every account is computed again for
    each date under the changed schedule, against the same losses.

    \b
    Examples:
      reporting backtest --home build/home
      reporting backtest --by account --next-close --csv --home build/home
      reporting backtest --liquidation-days 5 --next-close --home build/home
    """
    # Imported here: the model takes a second to import.
    from reporting.studies.backtest import BacktestRequest, backtest_review

    changes = _changes(liquidation_days, file)
    with open_newest(from_environment(home)) as lake:
        days = dates_run(lake)
        asked = BacktestRequest(first or days[0], last or days[-1], by, next_close, changes)
        if asked.first > asked.last:
            raise UserError(f"--from {asked.first} is after --to {asked.last}")
        groups = backtest_review(lake, asked, _progress)
    rows = [_row(group) for group in groups]
    if as_csv:
        writer = csv.DictWriter(sys.stdout, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return
    click.echo(f"observations ending {asked.first} to {asked.last}, by {by}")
    _table(rows, bool(changes))


def _progress(line: str) -> None:
    click.echo(line, err=True)


def _changes(liquidation_days: int | None, file: Path | None) -> dict[str, object]:
    from reporting.model.margin.schedule_reader import LEGAL_CLASSES

    changes: dict[str, object] = {}
    if file is not None:
        try:
            changes = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"--schedule {file} cannot be read: {error}") from None
        except yaml.YAMLError as error:
            where = " ".join(str(error).split())
            raise UserError(f"--schedule {file} is neither YAML nor JSON: {where}") from None
        if not isinstance(changes, dict) or not changes:
            raise UserError(f"--schedule {file} must map parameters to values, as the feed does")
    if liquidation_days is not None:
        if "liquidation_days" in changes:
            raise UserError(
                f"--schedule {file} already has liquidation_days; leave --liquidation-days out"
            )
        changes["liquidation_days"] = dict.fromkeys(LEGAL_CLASSES, liquidation_days)
        changes["swap_one_day_categories"] = []
    return changes


def _row(group) -> dict[str, object]:
    """All columns of a group; empty where observations are too few."""
    books = "model-driven" if group.tests_model else "at worst case"
    row = {"group": group.name, "books": books, "dates": group.dates, **_columns(group.held)}
    row["margin_centicents"] = group.margin_centicents
    row["margin_needed_bps"] = group.needed_bps
    if group.what_if is not None:
        changed = _columns(group.what_if)
        changed["margin_centicents"] = group.what_if_margin_centicents
        row |= {f"what_if_{name}": value for name, value in changed.items()}
    return row


def _columns(coverage) -> dict[str, object]:
    items, tests = coverage.items, coverage.tests
    first, duration = coverage.first_failure, coverage.duration
    return {
        "observations": items.observations,
        "breaches": items.breaches,
        "achieved_coverage": items.achieved_coverage,
        "clusters": coverage.clusters,
        "clustered_lowest_coverage": coverage.low,
        "clustered_highest_coverage": coverage.high,
        "dated_lowest_coverage": coverage.dated_low,
        "dated_highest_coverage": coverage.dated_high,
        "draws": coverage.draws,
        "verdict": coverage.verdict,
        "basis": coverage.basis,
        "peak_uncovered_micros": items.peak_uncovered,
        "average_uncovered_micros": items.average_uncovered,
        "kupiec_p_value": tests.kupiec_p_value,
        "first_failure_p_value": first and first.p_value,
        "independence_p_value": tests.independence_p_value,
        "conditional_p_value": tests.conditional_p_value,
        "duration_p_value": duration and duration.verdict.p_value,
        "duration_shape": duration and duration.shape,
        "binomial_p_value": tests.binomial_p_value,
        "zone": tests.zone,
        "z2": tests.z2,
    }


_SHOWN = (
    ("kupiec", "kupiec_p_value"),
    ("first", "first_failure_p_value"),
    ("indep.", "independence_p_value"),
    ("cond.", "conditional_p_value"),
    ("duration", "duration_p_value"),
    ("binomial", "binomial_p_value"),
)


def _table(rows: list[dict[str, object]], is_what_if: bool) -> None:
    width = max(len("  if changed"), *(len(_name(row)) for row in rows))
    head = "".join(f"{name:>10}" for name, _ in _SHOWN)
    click.echo(
        f"{'group':<{width}}{'dates':>7}{'obs.':>9}{'breaches':>9}{'coverage':>10}"
        f"{'by resolution':>19}{'by date':>19}{'needed':>8}{head}  zone  verdict"
    )
    for row in rows:
        _line(row, "", _name(row), width)
        if is_what_if:
            _line(row, "what_if_", "  if changed", width)
            margin, changed = int(row["margin_centicents"]), int(row["what_if_margin_centicents"])
            ratio = f", {changed / margin:.2f} times" if margin else ""
            click.echo(
                f"{'':<{width}}  margin {dollars.exact(margin)},"
                f" changed {dollars.exact(changed)}{ratio}"
            )
    click.echo(
        "p-values of the tests; intervals: 95 %, each resolution or each date one draw; needed:"
        " share of margin that the required share of losses needed; -: too few observations"
    )


def _name(row: dict[str, object]) -> str:
    return f"{row['group']}, {row['books']}"


def _line(row: dict[str, object], prefix: str, name: str, width: int) -> None:
    def of(column: str):
        return row[prefix + column]

    if of("verdict") == "no verdict":
        click.echo(
            f"{name:<{width}}{row['dates']:>7}{of('observations'):>9,}{of('breaches'):>9,}"
            f"  {of('basis')}"
        )
        return
    by_resolution, by_date = (
        f"{of(f'{kind}_lowest_coverage'):.2%} to {of(f'{kind}_highest_coverage'):.2%}"
        for kind in ("clustered", "dated")
    )
    needed = None if prefix else row["margin_needed_bps"]
    shown = "".join(f"{_value(of(column)):>10}" for _, column in _SHOWN)
    click.echo(
        f"{name:<{width}}{row['dates']:>7}{of('observations'):>9,}{of('breaches'):>9,}"
        f"{of('achieved_coverage'):>10.3%}{by_resolution:>19}{by_date:>19}"
        f"{'-' if needed is None else f'{needed // 100}%':>8}{shown}"
        f"  {of('zone') or '-'}  {of('verdict')} ({of('basis')})"
    )


def _value(p_value: float | None) -> str:
    return "-" if p_value is None else f"{p_value:.4f}"
