"""What a review says of the data themselves: findings by rule."""

from collections.abc import Mapping
from datetime import date

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.rulebook import load_rulebook
from reporting.studies.risk_review.parts import Verdict, on_dates
from reporting.studies.risk_review.window import Window
from reporting.wording.numbers import NONE, count
from reporting.wording.words import number_of

Findings = Mapping[tuple[str, str], Mapping[date, int]]
"""Number of findings by date, by rule and severity."""
_SEVERITIES = {"ERROR": 0, "WARN": 1, "INFO": 2}


def findings_section(window: Window) -> Section:
    """Findings by rule over the window."""
    findings: dict[tuple[str, str], dict[date, int]] = {}
    for row in window.rows("findings"):
        by_date = findings.setdefault((row["rule_id"], row["severity"]), {})
        by_date[row["business_date"]] = row["findings"]
    total = len(window.dates)
    if not findings:
        words = f"No rule had a finding on any of {total} dates."
        return Section("Findings", conclusions=(Conclusion(Verdict.HOLDS, words),))
    conclusions = (
        *_errors(findings, total),
        *_listed(findings, total, "WARN", Verdict.WATCH, "Warnings"),
        *_listed(findings, total, "INFO", Verdict.NOTE, "For the record"),
    )
    return Section("Findings", (_table(findings),), conclusions)


def _errors(findings: Findings, total: int) -> list[Conclusion]:
    conclusions = []
    for (rule_id, severity), by_date in sorted(findings.items()):
        if severity != "ERROR":
            continue
        rule = load_rulebook().get(rule_id)
        meaning = rule.meaning if rule else "the rule is no longer in the rulebook."
        words = (
            f"{rule_id} {on_dates(by_date, total)},"
            f" {number_of(sum(by_date.values()), 'finding')}: {meaning}"
        )
        conclusions.append(Conclusion(Verdict.ACT, words, rule.remediation if rule else ""))
    return conclusions


def _listed(
    findings: Findings, total: int, severity: str, verdict: Verdict, label: str
) -> list[Conclusion]:
    """One conclusion for all rules of a severity."""
    rules = [
        f"{rule_id} {on_dates(by_date, total)} ({number_of(sum(by_date.values()), 'finding')})"
        for (rule_id, rule_severity), by_date in sorted(findings.items())
        if rule_severity == severity
    ]
    return [Conclusion(verdict, f"{label}: {'; '.join(rules)}.")] if rules else []


def _table(findings: Findings) -> Table:
    rulebook = load_rulebook()

    def severest_first(rule: tuple[str, str]) -> tuple[int, str]:
        return _SEVERITIES.get(rule[1], len(_SEVERITIES)), rule[0]

    lines = []
    for rule_id, severity in sorted(findings, key=severest_first):
        by_date = findings[rule_id, severity]
        lines.append(
            (
                rule_id,
                severity,
                plain(rulebook[rule_id].meaning) if rule_id in rulebook else NONE,
                str(min(by_date)),
                str(max(by_date)),
                count(len(by_date)),
                count(sum(by_date.values())),
            )
        )
    return grid(
        ("rule", "severity", "meaning", "first", "last", "dates", "findings"),
        lines,
        5,
    )
