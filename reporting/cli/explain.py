"""``reporting explain``: from an account's margin break down to the trades behind it."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from reporting.cli.options import BusinessDate, home_option
from reporting.cli.summary import dollars
from reporting.errors import UserError
from reporting.lake import Lake, open_lake
from reporting.settings import from_environment

_MARGIN = """
SELECT breaks.member_id, breaks.status, breaks.cause, breaks.venue_initial_centicents,
    breaks.recomputed_initial_centicents, breaks.difference_centicents,
    breaks.position_effect_centicents, breaks.mark_effect_centicents,
    breaks.netting_effect_centicents, breaks.parameter_effect_centicents,
    breaks.residual_centicents, breaks.venue_worst_case_centicents,
    breaks.recomputed_worst_case_centicents, breaks.venue_core_centicents,
    breaks.recomputed_core_centicents, breaks.venue_schedule_version, breaks.schedule_version,
    files.name, breaks.line
FROM recompute.margin_breaks AS breaks
LEFT JOIN land.files AS files
    ON files.business_date = breaks.business_date AND files.file_sha256 = breaks.file_sha256
WHERE breaks.business_date = $day AND breaks.account_id = $account
"""

_FINDINGS = """
SELECT severity, rule_id, subject, detail
FROM recompute.findings
WHERE business_date = $day AND (subject = $account OR starts_with(subject, $account || '/'))
ORDER BY ALL
"""

_POSITIONS = """
WITH ours AS (
    SELECT ticker, CAST(sum(closing_qty) AS BIGINT) AS qty
    FROM recompute.positions
    WHERE business_date = $day AND account_id = $account
    GROUP BY ticker
),
theirs AS (
    SELECT snapshot.ticker, snapshot.long_qty - snapshot.short_qty AS qty, files.name,
        snapshot.line
    FROM validate.position_snapshot AS snapshot
    LEFT JOIN land.files AS files
        ON files.business_date = snapshot.business_date
        AND files.file_sha256 = snapshot.file_sha256
    WHERE snapshot.business_date = $day AND snapshot.account_id = $account
        AND snapshot.cycle = 'EOD'
),
compared AS (
    SELECT COALESCE(ours.ticker, theirs.ticker) AS ticker, COALESCE(ours.qty, 0) AS ours_qty,
        COALESCE(theirs.qty, 0) AS theirs_qty, theirs.name, theirs.line
    FROM ours
    FULL OUTER JOIN theirs ON theirs.ticker = ours.ticker
)
SELECT compared.ticker, compared.ours_qty, compared.theirs_qty,
    compared.theirs_qty - compared.ours_qty, marks.mark_centicents, marks.venue_mark_centicents,
    compared.name, compared.line
FROM compared
LEFT JOIN recompute.marks AS marks
    ON marks.business_date = $day AND marks.ticker = compared.ticker
ORDER BY compared.theirs_qty = compared.ours_qty,
    COALESCE(marks.venue_mark_centicents = marks.mark_centicents, TRUE), compared.ticker
"""

# What our quantity of each market is the sum of: carried, traded, settled.
_BEHIND = """
SELECT positions.ticker, 1 AS part,
    'carried from ' || CAST(days.previous_business_date AS VARCHAR) AS words,
    positions.collateralisation, positions.opening_qty, NULL, '', NULL
FROM recompute.positions AS positions
JOIN recompute.days AS days ON days.business_date = positions.business_date
WHERE positions.business_date = $day AND positions.account_id = $account
    AND positions.opening_qty <> 0
UNION ALL
SELECT sides.ticker, 2, strftime(sides.executed_utc, '%Y-%m-%d %H:%M:%S') || ' UTC, trade '
    || sides.trade_id, sides.collateralisation, sides.signed_qty, sides.price_centicents,
    files.name, audit.line
FROM recompute.trade_sides AS sides
JOIN validate.trade_audit AS audit
    ON audit.business_date = sides.business_date AND audit.trade_id = sides.trade_id
    AND audit.account_id = sides.account_id
    AND audit.side = CASE WHEN sides.signed_qty > 0 THEN 'yes' ELSE 'no' END
LEFT JOIN land.files AS files
    ON files.business_date = audit.business_date AND files.file_sha256 = audit.file_sha256
WHERE sides.business_date = $day AND sides.account_id = $account
UNION ALL
SELECT positions.ticker, 3, 'settled', positions.collateralisation, positions.settled_qty, NULL,
    '', NULL
FROM recompute.positions AS positions
WHERE positions.business_date = $day AND positions.account_id = $account
    AND positions.settled_qty <> 0
ORDER BY ticker, part, words, collateralisation
"""

_EFFECTS = ("positions", "marks", "netting", "schedule", "residual")


class _Entry(NamedTuple):
    """A part of our quantity in a market; quantities are hundredths of a contract."""

    ticker: str
    part: int
    words: str
    collateralisation: str
    qty: int
    price_centicents: int | None
    file: str | None
    line: int | None


@click.command()
@click.option("--account", required=True, help="Account, as in recompute.margin_breaks.")
@click.option("--date", "day", type=BusinessDate(), help="Business date [newest in the lake].")
@click.option("--limit", type=int, default=1000, show_default=True, help="Entries shown at most.")
@home_option
def explain(account: str, day: date | None, limit: int, home: Path | None) -> None:
    """Explain an account's margin against the venue's, down to trades, file and line.

    Shows status and cause, the effects that sum to the difference, the findings, and each
    position with our quantity, the venue's, and what ours is made of: the quantity carried
    from the date before, the trades of the date, and settlement. Positions that differ come
    first, then those whose mark differs. Quantities are contracts, YES positive.

    \b
    Example:
      reporting explain --account A000178 --date 2026-05-04 --home build/home
    """
    with open_lake(from_environment(home), read_only=True) as lake:
        day = day or _newest(lake)
        asked = {"day": day, "account": account}
        if not _known(lake, asked):
            raise UserError(
                f"{day} knows no account {account!r}; `reporting status` lists the dates,"
                " validate.accounts the accounts"
            )
        click.echo(f"{day}  account {account}")
        _margin(lake, asked)
        for severity, rule, subject, detail in lake.connection.execute(_FINDINGS, asked).fetchall():
            click.echo(f"  {severity:<5}  {rule}  {subject}: {detail}")
        _positions(lake, asked, limit)


def _newest(lake: Lake) -> date:
    day = lake.connection.execute("SELECT max(business_date) FROM recompute.days").fetchone()[0]
    if day is None:
        raise UserError("no day has been run yet; start with `reporting run --help`")
    return day


def _known(lake: Lake, asked: dict) -> bool:
    query = (
        "SELECT account_id FROM validate.accounts"
        " WHERE business_date = $day AND account_id = $account"
        " UNION ALL SELECT account_id FROM recompute.margin_breaks"
        " WHERE business_date = $day AND account_id = $account LIMIT 1"
    )
    return bool(lake.connection.execute(query, asked).fetchall())


def _margin(lake: Lake, asked: dict) -> None:
    row = lake.connection.execute(_MARGIN, asked).fetchone()
    if row is None:
        click.echo("  no margin is charged or recomputed on this date")
        return
    member, status, cause, venue, ours, difference, *rest = row
    effects, (worst, our_worst, core, our_core, version, our_version, file, line) = (
        rest[:5],
        rest[5:],
    )
    click.echo(f"  member {member}: {status}" + (f" by {cause}" if cause != "NONE" else ""))
    click.echo(
        f"  initial margin  charged {dollars(venue)}, recomputed {dollars(ours)},"
        f" difference {dollars(difference)}"
    )
    if status != "MATCH":
        named = zip(_EFFECTS, effects, strict=True)
        click.echo("    of it  " + ", ".join(f"{name} {dollars(value)}" for name, value in named))
    click.echo(f"  worst case      charged {dollars(worst)}, recomputed {dollars(our_worst)}")
    click.echo(f"  core            charged {dollars(core)}, recomputed {dollars(our_core)}")
    click.echo(f"  schedule        charged by {version or 'none'}, recomputed by {our_version}")
    click.echo(f"  venue's row     {_place(file, line)}")


def _positions(lake: Lake, asked: dict, limit: int) -> None:
    behind: dict[str, list[_Entry]] = {}
    for entry in map(_Entry._make, lake.connection.execute(_BEHIND, asked).fetchall()):
        behind.setdefault(entry.ticker, []).append(entry)
    left = limit
    for row in lake.connection.execute(_POSITIONS, asked).fetchall():
        ticker, ours, theirs, difference, mark, venue_mark, file, line = row
        verdict = f"DIFFERS by {_contracts(difference)}" if difference else "agrees"
        click.echo(
            f"\n  {ticker}  rebuilt {_contracts(ours)}, venue {_contracts(theirs)}: {verdict}"
            f"  (mark {_price(mark)}, venue's {_price(venue_mark)}; {_place(file, line)})"
        )
        entries = behind.get(ticker, [])
        for entry in entries[:left]:
            _entry(entry)
        left -= min(left, len(entries))
    hidden = sum(map(len, behind.values())) - limit
    if hidden > 0:
        click.echo(f"{hidden} more entries are not shown; give a larger --limit", err=True)


def _entry(entry: _Entry) -> None:
    at = "" if entry.price_centicents is None else f" at {_price(entry.price_centicents)}"
    where = "" if entry.line is None else f"  {_place(entry.file, entry.line)}"
    click.echo(
        f"    {_contracts(entry.qty):>14}{at}  {entry.words},"
        f" {entry.collateralisation.replace('_', ' ')}{where}"
    )


def _contracts(qty: int) -> str:
    """Hundredths of a contract, YES positive, with their sign."""
    whole, part = divmod(abs(qty), 100)
    return f"{'-' if qty < 0 else '+' if qty else ''}{whole:,}.{part:02d}"


def _price(centicents: int | None) -> str:
    return "none" if centicents is None else f"{centicents / 10_000:.4f}"


def _place(file: str | None, line: int | None) -> str:
    return f"{file} line {line}" if file else "no row of the venue"
