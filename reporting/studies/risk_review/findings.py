"""What a review says of the data themselves: findings by rule, and dates that have gaps."""

from datetime import date

from reporting.engine.stage import table_of
from reporting.engine.tables import dependents
from reporting.lake.connection import STAGES
from reporting.rulebook import load_rulebook
from reporting.studies.risk_review.parts import (
    NONE,
    Conclusion,
    Grid,
    Section,
    Verdict,
    count,
    on_dates,
    plain,
)
from reporting.studies.risk_review.window import Window
from reporting.wording.words import number_of

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


def findings_section(window: Window) -> Section:
    """Findings by rule over the window."""
    by_rule: dict[tuple[str, str], dict[date, int]] = {}
    for row in window.rows("findings"):
        dates = by_rule.setdefault((row["rule_id"], row["severity"]), {})
        dates[row["business_date"]] = row["findings"]
    of = len(window.dates)
    if not by_rule:
        return Section(
            "Findings",
            (Conclusion(Verdict.HOLDS, f"No rule found anything on {of} dates."),),
        )
    conclusions = []
    for (rule_id, severity), dates in sorted(by_rule.items()):
        if severity == "ERROR":
            rule = load_rulebook().get(rule_id)
            conclusions.append(
                Conclusion(
                    Verdict.ACT,
                    f"{rule_id} {on_dates(dates, of)}, {number_of(sum(dates.values()), 'finding')}:"
                    f" {rule.meaning if rule else 'a rule that is no longer in the book.'}",
                    rule.remediation if rule else "",
                )
            )
    for verdict, wanted, words in (
        (Verdict.WATCH, "WARN", "Warned of"),
        (Verdict.NOTE, "INFO", "For the record"),
    ):
        said = [
            f"{rule_id} {on_dates(dates, of)} ({number_of(sum(dates.values()), 'finding')})"
            for (rule_id, severity), dates in sorted(by_rule.items())
            if severity == wanted
        ]
        if said:
            conclusions.append(Conclusion(verdict, f"{words}: {'; '.join(said)}."))
    return Section("Findings", tuple(conclusions), (_grid(by_rule),))


def _grid(by_rule: dict[tuple[str, str], dict[date, int]]) -> Grid:
    order = {"ERROR": 0, "WARN": 1, "INFO": 2}
    book = load_rulebook()
    lines = []
    for (rule_id, severity), dates in sorted(
        by_rule.items(), key=lambda item: (order.get(item[0][1], 3), item[0][0])
    ):
        meaning = book[rule_id].meaning if rule_id in book else NONE
        lines.append(
            (
                rule_id,
                severity,
                plain(meaning),
                str(min(dates)),
                str(max(dates)),
                count(len(dates)),
                count(sum(dates.values())),
            )
        )
    return Grid(
        ("rule", "severity", "what it finds", "first", "last", "dates", "findings"),
        tuple(lines),
        5,
    )


def gaps_section(window: Window) -> Section:
    """Dates that are missing, without a stage, or with a table that was not made."""
    dates = window.dates
    missing = [
        date.fromordinal(number)
        for number in range(window.first.toordinal(), window.last.toordinal() + 1)
        if date.fromordinal(number) not in window.stages
    ]
    lines = [(str(at), "not run", NONE) for at in missing]
    lines += [
        (str(at), f"without {stage}", NONE)
        for at in dates
        for stage in NEEDED
        if stage not in window.stages[at]
    ]
    blocked = _blocked(window)
    lines += [
        (str(at), "not made: " + ", ".join(tables), plain(why)) for at, why, tables in blocked
    ]
    empty = _empty(window)
    lines += [(str(at), "nothing open or nothing made", f"no row of {name}") for at, name in empty]
    if not lines:
        words = f"All {len(dates)} dates from {window.first} to {window.last} have every stage"
        return Section(
            "Dates and stages",
            (Conclusion(Verdict.HOLDS, f"{words}, and no table was blocked."),),
        )
    conclusions = []
    if missing or any("without" in line[1] for line in lines):
        gone = sorted({*missing, *(at for at in dates if not set(NEEDED) <= window.stages[at])})
        span = (window.last - window.first).days + 1
        conclusions.append(
            Conclusion(
                Verdict.ACT,
                f"Not run, or not through every stage: {on_dates(gone, span)}. Nothing here speaks"
                " of them.",
                "Run these dates (`reporting backfill`), or say why they cannot be run.",
            )
        )
    if blocked:
        conclusions.append(
            Conclusion(
                Verdict.ACT,
                "Tables of this review were not made"
                f" {on_dates([at for at, _, _ in blocked], len(dates))}, because data could not be"
                " trusted; their sections have gaps.",
                "When does the venue send these data again?",
            )
        )
    if empty and not conclusions:
        conclusions.append(
            Conclusion(
                Verdict.NOTE,
                f"Without a row in a table, since nothing was open:"
                f" {on_dates([at for at, _ in empty], len(dates))}.",
            )
        )
    return Section(
        "Dates and stages",
        tuple(conclusions),
        (Grid(("date", "what", "why"), tuple(sorted(lines)), 3),),
    )


def _blocked(window: Window) -> list[tuple[date, str, list[str]]]:
    """Tables of the review that an ERROR finding stopped, by date and finding."""
    found = []
    for row in window.rows("errors"):
        rule = load_rulebook().get(row["rule_id"])
        if rule is None:
            continue
        table = table_of(rule, row["subject"])
        stopped = sorted(READ & {table, *dependents(table)})
        if stopped:
            found.append((row["business_date"], f"{row['rule_id']}: {row['subject']}", stopped))
    return found


def _empty(window: Window) -> list[tuple[date, str]]:
    """Dates that went through the stages and still have no row in a table."""
    found = []
    for query, name in _EVIDENCE:
        have = {row["business_date"] for row in window.rows(query)}
        found += [
            (at, name) for at in window.dates if at not in have and set(NEEDED) <= window.stages[at]
        ]
    return found
