"""What a run did, as a person wants to read it."""

from collections.abc import Sequence
from datetime import date

import click

from reporting.cli.amounts import dollars
from reporting.engine.stage import StageResult
from reporting.lake import Lake
from reporting.rulebook import Status
from reporting.settings import Settings

_FINDINGS = """
SELECT severity, rule_id, count(*) FROM (
    SELECT * FROM land.findings UNION ALL SELECT * FROM validate.findings
    UNION ALL SELECT * FROM recompute.findings UNION ALL SELECT * FROM stress.findings
    UNION ALL SELECT * FROM disclose.findings
) WHERE business_date = ? GROUP BY severity, rule_id ORDER BY rule_id
"""


def print_day(lake: Lake, settings: Settings, day: date, seconds: float) -> None:
    """Day, rows, findings, breaks, margin, stress and where the packs are."""
    click.echo(f"\n{day}  {'SYNTHETIC data  ' if _synthetic(lake, day) else ''}in {seconds:.1f} s")
    _rows(lake, day)
    _progress(lake, day)
    _findings(lake, day)
    _margin(lake, day)
    _stress(lake, day)
    _packs(lake, settings, day)


_CYCLES = """
SELECT cycles.cycle, count(margin.account_id), sum(margin.initial_margin_centicents),
    sum(breaks.venue_initial_centicents), sum(margin.shortfall_centicents),
    count(*) FILTER (breaks.status <> 'MATCH')
FROM recompute.cycles AS cycles
LEFT JOIN recompute.cycle_margin AS margin
    ON margin.business_date = cycles.business_date AND margin.cycle = cycles.cycle
LEFT JOIN recompute.cycle_breaks AS breaks
    ON breaks.business_date = margin.business_date AND breaks.cycle = margin.cycle
    AND breaks.account_id = margin.account_id
WHERE cycles.business_date = ?
GROUP BY cycles.cycle
ORDER BY cycles.cycle
"""

_ALERTS = """
SELECT cycle, kind, subject, amount_centicents, threshold_centicents, words
FROM recompute.cycle_alerts
WHERE business_date = ?
ORDER BY cycle, kind NOT IN ('LOSS', 'SHORTFALL'), kind, subject
"""

_HEAD = ("cycle", "kind", "subject", "amount", "threshold", "what")


def print_cycles(lake: Lake, day: date) -> None:
    """Margin of each intraday cycle of a date, and its alerts as a table."""
    cycles = lake.connection.execute(_CYCLES, [day]).fetchall()
    if not cycles:
        click.echo(f"\n{day}  no prices of an intraday cycle have come")
    for cycle, accounts, initial, venue, shortfall, breaks in cycles:
        charged = "nothing yet" if venue is None else f"{dollars(venue)}, {breaks:,} breaks"
        click.echo(
            f"\n{day} {cycle}  {accounts:,} accounts, initial margin {dollars(initial)}, short"
            f" {dollars(shortfall)}; charged by the venue {charged}"
        )
    rows = lake.connection.execute(_ALERTS, [day]).fetchall()
    if cycles:
        click.echo(f"\n{len(rows):,} alerts" if rows else "\nno alerts")
    width = max((len(row[2]) for row in rows), default=0)
    lines = [
        (cycle, kind, subject, dollars(amount), dollars(threshold), words)
        for cycle, kind, subject, amount, threshold, words in rows
    ]
    for cycle, kind, subject, amount, threshold, words in [_HEAD, *lines] if lines else []:
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


def _one(lake: Lake, query: str, day: date) -> tuple:
    return lake.connection.execute(query, [day]).fetchone()


def _synthetic(lake: Lake, day: date) -> bool:
    query = "SELECT bool_or(synthetic) FROM land.files WHERE business_date = ?"
    return bool(_one(lake, query, day)[0])


def _rows(lake: Lake, day: date) -> None:
    files, landed, rows = _one(
        lake,
        "SELECT count(*), count(*) FILTER (status = 'LANDED'), COALESCE(sum(rows_good), 0)"
        " FROM land.files WHERE business_date = ?",
        day,
    )
    quarantined = _one(lake, "SELECT count(*) FROM land.quarantine WHERE business_date = ?", day)[0]
    trades, contracts = _one(
        lake,
        "SELECT count(*), COALESCE(sum(count_qty), 0) FROM validate.trades WHERE business_date = ?",
        day,
    )
    positions, accounts, markets = _one(
        lake,
        "SELECT count(*), count(DISTINCT account_id), count(DISTINCT ticker)"
        " FROM recompute.positions WHERE business_date = ? AND closing_qty <> 0",
        day,
    )
    click.echo(f"  landed     {landed} of {files} files, {rows:,} rows, {quarantined} quarantined")
    click.echo(f"  trades     {trades:,} of {contracts / 100:,.2f} contracts")
    click.echo(f"  positions  {positions:,} open, {accounts:,} accounts, {markets:,} markets")


def _progress(lake: Lake, day: date) -> None:
    query = "SELECT bool_or(part_of_day) FROM land.progress WHERE business_date = ?"
    if _one(lake, query, day)[0]:
        click.echo("  waiting    for the end of the day; `reporting intraday` shows its cycles")


def _findings(lake: Lake, day: date) -> None:
    rows = lake.connection.execute(_FINDINGS, [day]).fetchall()
    for severity in ("ERROR", "WARN", "INFO"):
        of_severity = [(rule, count) for kind, rule, count in rows if kind == severity]
        total = sum(count for _, count in of_severity)
        rules = ", ".join(f"{rule} {count}" for rule, count in of_severity)
        click.echo(f"  {severity:<9}  {total:,}" + (f"  ({rules})" if rules else ""))


def _margin(lake: Lake, day: date) -> None:
    recomputed, worst, called = _one(
        lake,
        "SELECT sum(initial_margin_centicents), sum(worst_case_centicents), sum(call_centicents)"
        " FROM recompute.account_margin WHERE business_date = ?",
        day,
    )
    charged = _one(
        lake,
        "SELECT sum(initial_margin_centicents) FROM validate.margin_requirements"
        " WHERE business_date = ? AND cycle = 'EOD'",
        day,
    )[0]
    click.echo(
        f"  margin     charged {dollars(charged)}, recomputed {dollars(recomputed)},"
        f" worst case {dollars(worst)}, to call {dollars(called)}"
    )
    rows = lake.connection.execute(
        "SELECT status, cause, count(*) FROM recompute.margin_breaks WHERE business_date = ?"
        " GROUP BY ALL ORDER BY ALL",
        [day],
    ).fetchall()
    matched = sum(count for status, _, count in rows if status == "MATCH")
    others = [f"{count} {status} by {cause}" for status, cause, count in rows if status != "MATCH"]
    click.echo(f"  breaks     {matched:,} accounts match" + "".join(f", {text}" for text in others))


def _stress(lake: Lake, day: date) -> None:
    row = lake.connection.execute(
        # Dates of before assessments were in the table have none.
        "SELECT words, cover_2_centicents, prefunded_centicents,"
        " COALESCE(assessments_centicents, 0), covered,"
        " (SELECT count(*) FROM stress.cover WHERE business_date = ?)"
        " FROM stress.cover WHERE business_date = ?"
        " ORDER BY cover_2_centicents DESC, scenario_id LIMIT 1",
        [day, day],
    ).fetchone()
    if row is None:
        click.echo("  stress     no scenario: nothing is open")
        return
    words, cover_2, prefunded, assessments, covered, count = row
    if cover_2 == 0:
        click.echo(
            f"  stress     {count} scenarios; margin and own funds bear every loss, nothing of"
            f" {dollars(prefunded)} prefunded is needed"
        )
        return
    verdict = "covered" if covered else "NOT COVERED"
    click.echo(
        f"  stress     {count} scenarios; worst cover-2 {dollars(cover_2)} against"
        f" {dollars(prefunded)} prefunded and {dollars(assessments)} of assessments: {verdict}"
        f" ({words})"
    )


def _packs(lake: Lake, settings: Settings, day: date) -> None:
    rows = lake.connection.execute(
        "SELECT file_name, pages, bytes FROM disclose.pack_files WHERE business_date = ?"
        " ORDER BY file_name",
        [day],
    ).fetchall()
    if not rows:
        click.echo("  packs      none made")
        return
    click.echo(f"  packs      in {settings.packs / day.isoformat()}")
    for name, pages, size in rows:
        click.echo(f"               {name}  {pages} pages, {size // 1024:,} KiB")
