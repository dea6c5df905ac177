"""What the console says of a run: the day, its cycles, or one line of a backfill."""

from collections.abc import Sequence
from datetime import date

import click

from reporting.engine.stage import StageResult
from reporting.lake import Lake
from reporting.lake.selects import load_select
from reporting.rulebook import Status
from reporting.settings import Settings
from reporting.wording import dollars

_HEADINGS = ("cycle", "kind", "subject", "amount", "threshold", "detail")


def print_day(lake: Lake, settings: Settings, day: date, seconds: float | None = None) -> None:
    """Rows, findings, margin, breaks, stress and packs of a date."""
    landing = _landing(lake, day)
    synthetic = "SYNTHETIC data  " if landing["synthetic"] else ""
    took = "" if seconds is None else f"in {seconds:.1f} s"
    click.echo(f"\n{day}  {synthetic}{took}".rstrip())
    _print_rows(lake, day, landing)
    _print_findings(lake, day)
    _print_margin(lake, day, landing["charged_centicents"])
    _print_stress(lake, day)
    _print_packs(lake, settings, day)


def print_cycles(lake: Lake, day: date) -> None:
    """Margin of each intraday cycle of a date, and its alerts as a table."""
    cycles = _read(lake, "studies/status/cycles", day)
    if not cycles:
        click.echo(f"\n{day}  no intraday cycle has prices yet")
    for cycle, accounts, initial, charged, shortfall, breaks in cycles:
        venue = "nothing yet" if charged is None else f"{dollars.exact(charged)}, {breaks:,} breaks"
        click.echo(
            f"\n{day} {cycle}  {accounts:,} accounts, initial margin {dollars.exact(initial)},"
            f" shortfall {dollars.exact(shortfall)}; charged by the venue: {venue}"
        )
    alerts = _read(lake, "studies/status/cycle_alerts", day)
    if cycles:
        click.echo(f"\n{len(alerts):,} alerts" if alerts else "\nno alerts")
    width = max((len(alert[2]) for alert in alerts), default=0)
    lines = [
        (cycle, kind, subject, dollars.exact(amount), dollars.exact(threshold), words)
        for cycle, kind, subject, amount, threshold, words in alerts
    ]
    for cycle, kind, subject, amount, threshold, words in [_HEADINGS, *lines] if lines else []:
        click.echo(
            f"{cycle:<5}  {kind:<20}  {subject:<{width}}  {amount:>14}  {threshold:>14}  {words}"
        )


def print_line(
    number: int, count: int, day: date, stages: Sequence[StageResult], seconds: float
) -> None:
    """One day of a backfill on one line."""
    rows = {name: rows for stage in stages for name, rows in stage.rows.items()}
    failed = sum(check.status is Status.FAILED for stage in stages for check in stage.checks)
    broken = sum(check.status is Status.BROKEN for stage in stages for check in stage.checks)
    blocked = sum(len(stage.blocked) for stage in stages)
    extra = (f", {broken} checks broke" if broken else "") + (
        f", {blocked} tables blocked" if blocked else ""
    )
    click.echo(
        f"[{number}/{count}] {day}  {rows['validate.trades']:>9,} trades"
        f"  {rows['recompute.positions']:>8,} positions  {failed:>2} checks with findings"
        f"{extra}  {seconds:5.1f} s"
    )


def _read(lake: Lake, name: str, day: date) -> list[tuple]:
    return lake.connection.execute(load_select(name), {"day": day}).fetchall()


def _landing(lake: Lake, day: date) -> dict:
    cursor = lake.connection.execute(load_select("studies/status/day"), {"day": day})
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def _print_rows(lake: Lake, day: date, landing: dict) -> None:
    ((positions, accounts, markets),) = _read(lake, "studies/status/open_positions", day)
    click.echo(
        f"  landed     {landing['landed']} of {landing['files']} files,"
        f" {landing['landed_rows']:,} rows, {landing['quarantined']} quarantined"
    )
    click.echo(
        f"  trades     {landing['trades']:,}, {landing['contracts_qty'] / 100:,.2f} contracts"
    )
    click.echo(f"  positions  {positions:,} open, {accounts:,} accounts, {markets:,} markets")
    if landing["part_of_day"]:
        click.echo("  waiting    for the end of the day; `reporting intraday` shows its cycles")


def _print_findings(lake: Lake, day: date) -> None:
    rows = _read(lake, "studies/status/findings_by_rule", day)
    for severity in ("ERROR", "WARN", "INFO"):
        of_severity = [(rule, count) for kind, rule, count in rows if kind == severity]
        total = sum(count for _, count in of_severity)
        rules = ", ".join(f"{rule} {count}" for rule, count in of_severity)
        click.echo(f"  {severity:<9}  {total:,}" + (f"  ({rules})" if rules else ""))


def _print_margin(lake: Lake, day: date, charged: int | None) -> None:
    ((recomputed, worst_case, call),) = _read(lake, "studies/status/margin", day)
    click.echo(
        f"  margin     charged {dollars.exact(charged)}, recomputed {dollars.exact(recomputed)},"
        f" worst case {dollars.exact(worst_case)}, to call {dollars.exact(call)}"
    )
    breaks = _read(lake, "studies/status/breaks", day)
    matched = sum(accounts for status, _, accounts in breaks if status == "MATCH")
    others = "".join(
        f", {accounts} {status} by {cause}"
        for status, cause, accounts in breaks
        if status != "MATCH"
    )
    click.echo(f"  breaks     {matched:,} accounts match{others}")


def _print_stress(lake: Lake, day: date) -> None:
    rows = _read(lake, "studies/status/worst_cover", day)
    if not rows:
        click.echo("  stress     no scenarios: no position is open")
        return
    ((words, cover_2, prefunded, covered, scenarios),) = rows
    if cover_2 == 0:
        click.echo(
            f"  stress     {scenarios} scenarios; margin and the defaulters' own contributions"
            f" cover every loss, none of {dollars.exact(prefunded)} prefunded is needed"
        )
        return
    verdict = "covered" if covered else "NOT COVERED"
    click.echo(
        f"  stress     {scenarios} scenarios; largest Cover-2 {dollars.exact(cover_2)} against"
        f" {dollars.exact(prefunded)} prefunded: {verdict} ({words})"
    )


def _print_packs(lake: Lake, settings: Settings, day: date) -> None:
    packs = _read(lake, "studies/status/packs", day)
    if not packs:
        click.echo("  packs      none")
        return
    click.echo(f"  packs      in {settings.packs / day.isoformat()}")
    for name, pages, size in packs:
        click.echo(f"               {name}  {pages} pages, {size // 1024:,} KiB")
