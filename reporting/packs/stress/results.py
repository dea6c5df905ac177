"""Results of the stress tests: by scenario against resources, and by clearing-member group."""

from fractions import Fraction

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import numbers, words


def worst_against_resources(rows: list[dict]) -> dict | None:
    """The row of ``disclose.cover_by_scenario`` with the largest Cover-2 relative to the resources
    prefunded by others than its defaulters, the first of equals. None where no scenario ran."""
    return max(rows, key=_share_of_resources, default=None)


def _share_of_resources(row: dict) -> tuple[bool, Fraction]:
    """A shortfall without any resources ranks above every share."""
    need, prefunded = row["cover_2_centicents"], row["prefunded_centicents"]
    if not prefunded:
        return need > 0, Fraction(need)
    return False, Fraction(need, prefunded)


def results_section(tables: Tables) -> Section:
    rows = tables["cover_by_scenario"]
    items: list = []
    if any(row["cover_2_centicents"] for row in rows):
        items.append(_scenario_figure(rows))
    items.append(
        table(
            "Cover-1 and Cover-2 by scenario, the largest first",
            "cover_by_scenario",
            rows,
            "scenario_id words gross_loss_centicents cover_1_centicents cover_2_centicents "
            "cover_2_groups",
            "No scenario was run today.",
            top=30,
            note="Losses, all groups: before margin, without the gains of other groups.",
        )
    )
    items.append(_against_resources(rows))
    return Section("Results against resources", tuple(items))


def _against_resources(rows: list[dict]) -> Table:
    return table(
        "Cover-1 and Cover-2 against the resources available for them, three ways",
        "cover_by_scenario",
        [_three_ways(row) for row in rows if row["cover_1_centicents"] > 0],
        "scenario_id cover_1_centicents cover_1_prefunded_centicents first_alone first_with_calls "
        "cover_2_centicents prefunded_centicents both_alone both_with_calls both_subpart_c "
        "exhausted_by",
        "No scenario leaves a shortfall.",
        top=30,
        heads={
            "first_alone": "Prefunded alone",
            "first_with_calls": "39.11, assessments",
            "both_alone": "Prefunded alone",
            "both_with_calls": "39.11, assessments",
            "both_subpart_c": "39.33, none count",
        },
        note="Scenarios with a shortfall. Prefunded for it: without the one or two groups that "
        "default. Covered by prefunded resources alone (the headline), with the assessments that "
        "39.11(d)(2) lets count, and as 39.33(b) demands, where no assessment counts. Exhausted "
        "by: the smallest number of groups whose defaults exhaust prefunded resources; empty where "
        "even all do not.",
    )


def _three_ways(row: dict) -> dict:
    """Whether the row's resources suffice, in words."""
    return {
        **row,
        "first_alone": _verdict(row["cover_1_covered"]),
        "first_with_calls": _verdict(row["cover_1_covered_with_assessments"]),
        "both_alone": _verdict(row["covered"]),
        "both_with_calls": _verdict(row["covered_with_assessments"]),
        "both_subpart_c": _verdict(row["covered"]),
    }


def _verdict(covered: bool | None) -> str:
    return numbers.NONE if covered is None else "covered" if covered else "NOT covered"


def _scenario_figure(rows: list[dict]) -> Figure:
    shown = [row for row in rows if row["cover_2_centicents"] > 0][:18]
    largest = shown[0]
    worst = worst_against_resources(rows) or largest
    return Figure(
        "Cover-2 by scenario against prefunded resources",
        "stacked_bars",
        {
            "labels": [row["scenario_id"] for row in shown],
            "series": [
                ("largest group (Cover-1)", [row["cover_1_centicents"] for row in shown]),
                (
                    "second group",
                    [row["cover_2_centicents"] - row["cover_1_centicents"] for row in shown],
                ),
            ],
            "unit": "money",
            "axis": "shortfall",
            "line": (
                f"prefunded resources in {worst['scenario_id']}",
                worst["prefunded_centicents"],
            ),
        },
        "cover_by_scenario",
        "Resources differ by scenario, because defaulters' contributions do not count. The line is "
        "that of the scenario with the largest Cover-2 relative to them. "
        + _left_out_words(rows, shown),
    )


def _left_out_words(rows: list[dict], shown: list[dict]) -> str:
    rest = len(rows) - len(shown)
    if not rest:
        return "All scenarios are shown."
    without = sum(1 for row in rows if row["cover_2_centicents"] == 0)
    return (
        f"{words.number_of(rest, 'scenario')} not shown; {numbers.count(without)} of them have no "
        "shortfall."
    )


def groups_section(tables: Tables) -> Section:
    rows = tables["group_worst_scenarios"]
    items: list = []
    if any(row["largest_loss_centicents"] > 0 for row in tables["family_group_losses"]):
        items.append(_family_figure(tables["family_group_losses"]))
    if any(row["stressed_loss_centicents"] > 0 for row in rows):
        items.append(_coverage_figure(rows))
    items.append(
        table(
            "Worst scenario of each group",
            "group_worst_scenarios",
            rows,
            "affiliate_group scenario_id stressed_loss_centicents margin_required_centicents "
            "margin_lost_centicents uncovered_centicents own_fund_centicents "
            "shortfall_centicents",
            "No group has a position today.",
            top=25,
            note="Scenarios differ between groups, so the columns are not summed. Beyond margin: "
            "losses above margin, account by account, after house gains. The shortfall is this "
            "amount less the group's own fund contribution, at least zero.",
        )
    )
    return Section("Clearing-member groups", tuple(items))


def _family_figure(rows: list[dict]) -> Figure:
    largest: dict[str, int] = {}
    amounts: dict[str, dict[str, int]] = {}
    for row in rows:
        group, loss = row["affiliate_group"], max(0, row["largest_loss_centicents"])
        amounts.setdefault(row["family"], {})[group] = loss
        largest[group] = max(largest.get(group, 0), loss)
    groups = sorted(sorted(largest), key=largest.__getitem__, reverse=True)[:10]
    families = list(amounts)
    return Figure(
        "Largest stressed loss by family and group",
        "heat_map",
        {"rows": families, "columns": groups, "amounts": amounts},
        "family_group_losses",
        f"Before margin. The {len(groups)} groups with the largest losses of {len(largest)}."
        if len(largest) > len(groups)
        else "Before margin.",
    )


def _coverage_figure(rows: list[dict]) -> Figure:
    shown = [row for row in rows if row["stressed_loss_centicents"] > 0][:12]
    by_margin, by_fund, short = [], [], []
    for row in shown:
        # Not from the margin of the whole group: unused margin of one account covers no other.
        beyond = row["uncovered_centicents"]
        by_margin.append(row["stressed_loss_centicents"] - beyond)
        by_fund.append(beyond - row["shortfall_centicents"])
        short.append(row["shortfall_centicents"])
    return Figure(
        "Coverage of each group's largest stressed loss",
        "coverage_bars",
        {
            "labels": [row["affiliate_group"] for row in shown],
            "series": [
                ("covered by required margin", by_margin),
                ("covered by own fund contribution", by_fund),
                ("shortfall", short),
            ],
        },
        "group_worst_scenarios",
    )
