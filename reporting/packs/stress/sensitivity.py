"""Sensitivity in the stress pack: margin of the same books under other assumptions."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import table
from reporting.wording import dollars, words


def sensitivity_section(tables: Tables) -> Section:
    variants, periods = tables["sensitivity"], tables["liquidation_periods"]
    changed = _changes(variants, periods)
    items: list = []
    if any(change for _, change in changed):
        items += [_in_words(changed), _figure(changed)]
    elif changed:
        items.append("None of the assumptions below changes the margin of any account today.")
    items += [
        table(
            "Sensitivity of recomputed margin to the assumptions of the model",
            "sensitivity",
            variants,
            "parameter value core_centicents initial_margin_centicents change_centicents "
            "accounts_higher accounts_lower",
            "No account has margin today.",
            note="Rho is the correlation within a category. History is too short to estimate the "
            "dependence of resolutions. All variants use the same draws; expected shortfall at "
            "99 % of 5,000 draws has a sampling error of about 2.5 %.",
        ),
        table(
            "Initial margin by liquidation period",
            "liquidation_periods",
            periods,
            "origin accounts+ worst_case_centicents+ one_day_initial_centicents+ "
            "five_day_initial_centicents+ initial_margin_centicents+",
            "No account has margin today.",
            heads={"initial_margin_centicents": "In force"},
            note="One day is the period for futures and options, five days for most swaps. The "
            "legal class of a contract matters more than any other parameter.",
        ),
    ]
    return Section("Sensitivity to the assumptions", tuple(items))


def _changes(variants: list[dict], periods: list[dict]) -> list[tuple[str, int]]:
    """Change of all accounts' initial margin by assumption."""
    changed = [(f"{row['parameter']} {row['value']}", row["change_centicents"]) for row in variants]
    if periods:
        in_force = sum(row["initial_margin_centicents"] for row in periods)
        for words_of, name in (("one day", "one_day"), ("five days", "five_day")):
            total = sum(row[f"{name}_initial_centicents"] for row in periods)
            changed.append((f"liquidation {words_of}", total - in_force))
    return changed


def _in_words(changed: list[tuple[str, int]]) -> str:
    highest, lowest = max(changed, key=_size), min(changed, key=_size)
    moves = []
    if _size(highest) > 0:
        moves.append(f"raised most by {highest[0]} ({_money(highest)} more)")
    if _size(lowest) < 0:
        moves.append(f"lowered most by {lowest[0]} ({_money(lowest)} less)")
    return words.sentence(f"total initial margin would be {' and '.join(moves)}")


def _money(changed: tuple[str, int]) -> str:
    return dollars.in_words(abs(changed[1]))


def _size(changed: tuple[str, int]) -> int:
    return changed[1]


def _figure(changed: list[tuple[str, int]]) -> Figure:
    return Figure(
        "Change of initial margin under other assumptions",
        "changes",
        {
            "labels": [name for name, _ in changed],
            "values": [value for _, value in changed],
            "axis": "change of initial margin, all accounts",
        },
        "sensitivity",
        "Liquidation periods: disclose.liquidation_periods.",
    )
