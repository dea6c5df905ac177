"""Findings of the rulebook in a pack: in a sentence, by rule, and in detail."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import table
from reporting.wording import words

SEVERITIES = ("ERROR", "WARN", "INFO")


def severity_counts(tables: Tables, stages: tuple[str, ...]) -> dict[str, int]:
    counts = dict.fromkeys(SEVERITIES, 0)
    for row in tables["findings_by_rule"]:
        if row["stage"] in stages and row["findings"]:
            counts[row["severity"]] = counts.get(row["severity"], 0) + row["findings"]
    return counts


def findings_sentence(counts: dict[str, int]) -> str:
    if not any(counts.values()):
        return "The rulebook raised no finding."
    parts = [words.number_of(counts[name], f"{name} finding") for name in SEVERITIES]
    return words.sentence(f"the rulebook raised {words.listed(parts)}")


def findings_section(
    tables: Tables, stages: tuple[str, ...], number_printed: int, scope: str
) -> Section:
    """Findings of ``stages`` by rule, then the details of ERROR and WARN with file and line."""
    by_rule = [row for row in tables["findings_by_rule"] if row["stage"] in stages]
    today = [row for row in by_rule if row["findings"]]
    details = [
        row
        for row in tables["finding_details"]
        if row["stage"] in stages and row["severity"] in ("ERROR", "WARN")
    ]
    total = sum(row["findings"] for row in today if row["severity"] in ("ERROR", "WARN"))
    items: list = [scope + " " + findings_sentence(severity_counts(tables, stages))]
    if len({row["stage"] for row in today}) > 1:
        items.append(_severity_figure(today))
    items.append(
        table(
            "Findings by rule",
            "findings_by_rule",
            today,
            "severity rule_id stage findings+ previous_findings+",
            "No finding today.",
            top=20,
        )
    )
    items.append(
        table(
            "Findings of severity ERROR and WARN",
            "finding_details",
            details,
            "severity rule_id subject detail file_name line",
            "No finding of severity ERROR or WARN today.",
            top=number_printed,
            total_rows=total,
            note="A finding about a whole account or market has no file and line.",
        )
    )
    return Section("Findings", tuple(items))


def _severity_figure(today: list[dict]) -> Figure:
    stages = [
        stage
        for stage in ("land", "validate", "recompute", "stress")
        if any(row["stage"] == stage for row in today)
    ]
    series = [
        (
            severity,
            [
                sum(
                    row["findings"]
                    for row in today
                    if row["stage"] == stage and row["severity"] == severity
                )
                for stage in stages
            ],
        )
        for severity in SEVERITIES
    ]
    return Figure(
        "Findings by stage and severity",
        "severity_bars",
        {"labels": stages, "series": series},
        "findings_by_rule",
    )
