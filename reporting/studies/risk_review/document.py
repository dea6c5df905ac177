"""The review as a document in Markdown: summary, sections, limits; and making it from a lake.

Belongs here: the order of things, how a table is laid out, and the limits that no number shows.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from reporting.errors import UserError
from reporting.lake import Lake, open_newest
from reporting.settings import Settings
from reporting.studies.risk_review.broader import broader_section
from reporting.studies.risk_review.coverage import backtest_section
from reporting.studies.risk_review.findings import NEEDED, findings_section, gaps_section
from reporting.studies.risk_review.liquidity import liquidity_section
from reporting.studies.risk_review.market import metrics_section
from reporting.studies.risk_review.parts import Grid, Section, Verdict, day
from reporting.studies.risk_review.procyclicality import procyclicality_section
from reporting.studies.risk_review.stress import reverse_section, stress_section
from reporting.studies.risk_review.window import Window, read_window

SECTIONS = (
    stress_section,
    reverse_section,
    liquidity_section,
    backtest_section,
    procyclicality_section,
    metrics_section,
    broader_section,
    findings_section,
    gaps_section,
)

EDGE_DAYS = 30
"""A window that begins less than so many days after the lake does has a short past."""

_LIMITS = (
    "Conclusions follow from the numbers by fixed rules. They do not know what a committee knows"
    " of members, products and plans, and a rule that is silent is not a proof.",
    "Stress scenarios are those of the library in force on each date; what none of them imagines"
    " is not in Cover-1 and Cover-2. Liquidity is looked at in one scenario for each number of"
    " payers (docs/stress.md).",
    "Reverse stress looks at the events with the most to lose, as many as the library says.",
    "Backtests hold static books against closes: nobody trades out, and nothing is seen within a"
    " date. Observations of one resolution hang together; read the clustered interval"
    " (docs/backtests.md).",
    "Correlations pair a date that ends at midnight in New York with closes of the afternoon, and"
    " say nothing of cause (docs/metrics.md). A close counts as known on its own date, though some"
    " series are published days later.",
    "Amounts are rounded to whole dollars where the head does not say otherwise; decisions above"
    " were taken on exact numbers.",
)


def make_review(settings: Settings, first: date | None, last: date | None) -> str:
    """The document of a window of dates, the whole lake if none is given.

    Raises UserError, one line, where there is no lake, an end was not run or the window holds no
    date.
    """
    with open_newest(settings) as lake:
        stages = stages_of(lake)
        if not stages:
            raise UserError("no day has been run yet; start with `reporting run --help`")
        first, last = first or min(stages), last or max(stages)
        check_window(sorted(stages), first, last)
        window = read_window(lake.connection, stages, first, last)
    return document(window)


def stages_of(lake: Lake) -> dict[date, frozenset[str]]:
    """The stages that were committed for each date, of those that a review reads."""
    found: dict[date, set[str]] = {}
    for snapshot in lake.snapshots():
        if snapshot.stage in NEEDED and snapshot.business_date:
            found.setdefault(date.fromisoformat(snapshot.business_date), set()).add(snapshot.stage)
    return {at: frozenset(stages) for at, stages in found.items()}


def check_window(dates: Sequence[date], first: date, last: date) -> None:
    """Raises UserError where an end of the window was not run, or they are in the wrong order."""
    for name, at in (("--from", first), ("--to", last)):
        if at not in dates:
            raise UserError(
                f"{name} {at} was not run; the lake holds {dates[0]} to {dates[-1]}"
                " (`reporting status`)"
            )
    if first > last:
        raise UserError(f"--from {first} is after --to {last}: the window is empty")


def document(window: Window) -> str:
    """The review as Markdown; the same window gives the same text."""
    sections = [make(window) for make in SECTIONS]
    lines = [
        f"# Risk review, {day(window.first)} to {day(window.last)}",
        "",
        *_about(window),
        "",
        *_summary(sections),
        *(line for section in sections for line in _section(section)),
        "## Limits",
        "",
        *(f"- {limit}" for limit in (*_own_limits(window), *_LIMITS)),
    ]
    return "\n".join(lines) + "\n"


def _about(window: Window) -> list[str]:
    files = window.rows("files")
    digest = hashlib.sha256("\n".join(row["file_sha256"] for row in files).encode()).hexdigest()
    synthetic = sorted({row["stream"] for row in files if row["synthetic"]})
    lines = [
        f"Written by `reporting review --from {window.first} --to {window.last}` from"
        f" {len(window.dates)} dates in the lake; change the data or the rules, not this text."
        f" Input: {len(files):,} files, SHA-256 of their hashes in order `{digest[:16]}`."
    ]
    if synthetic:
        lines = [
            f"**SYNTHETIC data**: {len(synthetic)} of {len({row['stream'] for row in files})}"
            " streams are marked synthetic by their sender. Conclusions about accounts, members"
            " and resources are about made-up ones.",
            "",
            *lines,
        ]
    return lines


def _summary(sections: Sequence[Section]) -> list[str]:
    """Conclusions of all sections by their weight, and what to ask of the venue."""
    lines = ["## Summary", ""]
    for verdict in Verdict:
        of_verdict = [
            f"- *{section.title}*: {conclusion.words}"
            for section in sections
            for conclusion in section.conclusions
            if conclusion.verdict is verdict
        ]
        if verdict is Verdict.ACT and not of_verdict:
            of_verdict = ["- Nothing."]
        if of_verdict:
            lines += [f"### {verdict.value}", "", *of_verdict, ""]
    asks = [
        f"{conclusion.ask}"
        for verdict in Verdict
        for section in sections
        for conclusion in section.conclusions
        if conclusion.verdict is verdict and conclusion.ask
    ]
    if asks:
        numbered = [f"{number}. {ask}" for number, ask in enumerate(dict.fromkeys(asks), 1)]
        lines += ["### What to ask", "", *numbered, ""]
    return lines


def _section(section: Section) -> list[str]:
    lines = [f"## {section.title}", ""]
    lines += [f"- **{each.verdict.value}.** {each.words}" for each in section.conclusions]
    lines += [""] if section.conclusions else []
    for table in section.tables:
        if table.rows:
            lines += [*_table(table), ""]
    return lines


def _table(table: Grid) -> list[str]:
    sides = ["---"] * table.words + ["--:"] * (len(table.heads) - table.words)
    lines = [table.note, ""] if table.note else []
    for cells in (table.heads, sides, *table.rows):
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _own_limits(window: Window) -> list[str]:
    """Limits that the window itself shows."""
    dates = len(window.dates)
    found = [
        f"{dates} dates. A loss that comes once in a hundred dates is seen in such a window"
        f" with a probability of {100 * (1 - 0.99**dates):.0f}%; nothing here measures rarer ones."
    ]
    first = min(window.stages)
    if (window.first - first).days < EDGE_DAYS:
        found.append(
            f"The lake begins on {day(first)}: positions opened before are not in it, and whatever"
            " looks back (volatility, growth, floor, backtests) has a short past."
        )
    if window.last >= max(window.stages) - timedelta(days=1):
        found.append(
            "The window ends where the lake does: on a tape that ends there, what would have been"
            " listed next is missing, and open interest and margin of the last dates are too small."
        )
    if any(row["synthetic"] for row in window.rows("files")):
        real = sorted({row["stream"] for row in window.rows("files") if not row["synthetic"]})
        found.append(
            "Real are " + (", ".join(real) or "no streams") + "; everything else, and so"
            " every account, member, margin, collateral and resource, was simulated. Amounts"
            " depend on how many accounts the simulation made."
        )
    return found
