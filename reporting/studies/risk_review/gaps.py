"""Dates of a review's window that are missing, incomplete, or without a table."""

from datetime import date

from reporting.engine.stage import table_of
from reporting.engine.tables import dependents
from reporting.lake.connection import STAGES
from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import grid
from reporting.rulebook import load_rulebook
from reporting.studies.risk_review.parts import Verdict, on_dates
from reporting.studies.risk_review.window import Window
from reporting.wording.numbers import NONE

NEEDED = STAGES[: STAGES.index("stress") + 1]
"""The stages that a review reads."""
READ = frozenset(
    {
        "recompute.account_margin",
        "recompute.margin_breaks",
        "recompute.metric_trends",
        "recompute.metrics",
        "stress.backtest_observations",
        "stress.backtest_results",
        "stress.cover",
        "stress.liquidity",
        "stress.procyclicality",
        "stress.reverse",
    }
)
"""Tables without which a section has a gap on a date."""
_EVIDENCE = (("cover", "stress.cover"), ("liquidity", "stress.liquidity"), ("metrics", "metrics"))


def gaps_section(window: Window) -> Section:
    """Dates that were not run, lack a stage, or have a table that was not made."""
    dates = window.dates
    not_run = [
        date.fromordinal(number)
        for number in range(window.first.toordinal(), window.last.toordinal() + 1)
        if date.fromordinal(number) not in window.stages
    ]
    incomplete = [at for at in dates if not set(NEEDED) <= window.stages[at]]
    blocked, empty = _blocked(window), _empty(window)
    lines = [(str(at), "not run", NONE) for at in not_run]
    lines += [
        (str(at), f"without {stage}", NONE)
        for at in incomplete
        for stage in NEEDED
        if stage not in window.stages[at]
    ]
    lines += [
        (str(at), "not made: " + ", ".join(tables), plain(cause)) for at, cause, tables in blocked
    ]
    lines += [(str(at), "no position or no result", f"no row of {name}") for at, name in empty]
    if not lines:
        words = (
            f"All {len(dates)} dates from {window.first} to {window.last} have every stage, and no"
            " table was blocked."
        )
        return Section("Dates and stages", conclusions=(Conclusion(Verdict.HOLDS, words),))
    conclusions = []
    if not_run or incomplete:
        span = (window.last - window.first).days + 1
        conclusions.append(
            Conclusion(
                Verdict.ACT,
                f"Dates were not run, or not through every stage,"
                f" {on_dates([*not_run, *incomplete], span)}. This review does not cover them.",
                "Run these dates (`reporting backfill`), or say why they cannot be run.",
            )
        )
    if blocked:
        conclusions.append(
            Conclusion(
                Verdict.ACT,
                "Tables of this review were not made"
                f" {on_dates([at for at, _, _ in blocked], len(dates))}, because their data could"
                " not be trusted. Their sections have gaps.",
                "When will the venue send these data again?",
            )
        )
    if empty and not conclusions:
        conclusions.append(
            Conclusion(
                Verdict.NOTE,
                "No position was open, so a table has no row,"
                f" {on_dates([at for at, _ in empty], len(dates))}.",
            )
        )
    table = grid(("date", "gap", "cause"), sorted(lines), 3)
    return Section("Dates and stages", (table,), tuple(conclusions))


def _blocked(window: Window) -> list[tuple[date, str, list[str]]]:
    """Tables of the review that an ERROR finding blocked, by date and finding."""
    blocked = []
    for row in window.rows("errors"):
        rule = load_rulebook().get(row["rule_id"])
        if rule is None:
            continue
        table = table_of(rule, row["subject"])
        tables = sorted(READ & {table, *dependents(table)})
        if tables:
            blocked.append((row["business_date"], f"{row['rule_id']}: {row['subject']}", tables))
    return blocked


def _empty(window: Window) -> list[tuple[date, str]]:
    """Dates that went through all stages and still have no row in a table."""
    empty = []
    for read, name in _EVIDENCE:
        present = {row["business_date"] for row in window.rows(read)}
        empty += [
            (at, name)
            for at in window.dates
            if at not in present and set(NEEDED) <= window.stages[at]
        ]
    return empty
