"""Headroom in the stress pack: how near each scenario came to a shortfall."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import table
from reporting.wording import dollars, numbers

_FAR_BPS = 10_000


def headroom_section(tables: Tables) -> Section:
    rows = [row for row in tables["headroom"] if row["loss_of_margin_bps"]]
    items: list = [in_words(rows)]
    if rows:
        items.append(_figure(rows))
    items.append(
        table(
            "Losses as shares of margin and of all resources, the nearest first",
            "headroom",
            rows,
            "scenario_id words margin_group margined_loss_centicents margined_margin_centicents "
            "loss_of_margin_bps resources_group loss_of_resources_bps",
            "No margined book loses in any scenario.",
            top=25,
            heads={
                "margined_loss_centicents": "Loss",
                "margined_margin_centicents": "Margin",
                "resources_group": "Group, resources",
            },
            note="Margined books alone; a fully collateralised book holds its worst loss. All "
            "resources: margin, own contribution and the prefunded resources without the group. "
            "Margin of one account covers no other, so a share below 100% can leave a shortfall.",
        )
    )
    return Section("Headroom", tuple(items))


def in_words(rows: list[dict]) -> str:
    """The nearest scenario in a sentence; ``rows`` of ``disclose.headroom`` with a loss."""
    if not rows:
        return "No margined book loses in any scenario."
    row = rows[0]
    beyond = " and exceeds it" if row["loss_of_margin_bps"] > _FAR_BPS else ""
    farthest = max(rows, key=lambda each: each["loss_of_resources_bps"])
    return (
        f"Scenario {row['scenario_id']} comes nearest: the loss of group {row['margin_group']}, "
        f"{dollars.in_words(row['margined_loss_centicents'])}, is "
        f"{numbers.percent_of_bps(row['loss_of_margin_bps'])} of its margin{beyond}. Against "
        "margin, contribution and prefunded resources together, the largest share is "
        f"{numbers.percent_of_bps(farthest['loss_of_resources_bps'])}, in "
        f"{farthest['scenario_id']}."
    )


def _figure(rows: list[dict]) -> Figure:
    """The nearest scenario of each family."""
    nearest: dict[str, dict] = {}
    for row in rows:
        nearest.setdefault(row["family"], row)
    shown = list(nearest.values())[:16]
    return Figure(
        "Largest loss by family against the margin of the same group",
        "coverage_bars",
        {
            "labels": [f"{row['family']} {row['margin_group']}" for row in shown],
            "series": [
                (
                    "loss within margin",
                    [_within(row) for row in shown],
                ),
                (
                    "margin that is left",
                    [row["margined_margin_centicents"] - _within(row) for row in shown],
                ),
                (
                    "loss beyond the group's margin",
                    [row["margined_loss_centicents"] - _within(row) for row in shown],
                ),
            ],
        },
        "headroom",
        "The scenario of each family with the largest share.",
    )


def _within(row: dict) -> int:
    return min(row["margined_loss_centicents"], row["margined_margin_centicents"])
