"""Margin of the daily pack: by member, origin and account, and against the venue's."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, words

CAUSES = ("POSITION", "MARK", "NETTING", "PARAMETER", "RESIDUAL", "MISSING")


def margin_section(tables: Tables) -> Section:
    members, origins = tables["margin_by_member"], tables["margin_by_origin"]
    accounts = tables["margin_by_account_top"]
    items: list = []
    if members:
        items.append(_member_figure(members))
    items.append(_member_table(members))
    items.append(
        table(
            "Parts of recomputed margin by origin",
            "margin_by_origin",
            origins,
            "origin accounts+ worst_case_centicents+ core_centicents+ add_ons_centicents+ "
            "initial_margin_centicents+ maintenance_margin_centicents+",
            "No account has margin today.",
        )
    )
    items.append(
        table(
            "Accounts with the largest margin",
            "margin_by_account_top",
            accounts,
            "rank_by_margin account_id member_id origin worst_case_centicents "
            "jump_to_resolution_centicents initial_margin_centicents "
            "collateral_value_centicents",
            "No account has margin today.",
            top=15,
            total_rows=accounts[0]["accounts"] if accounts else 0,
        )
    )
    return Section("Margin by member and origin", tuple(items))


def _member_figure(members: list[dict]) -> Figure:
    shown, rest = members[:14], members[14:]
    labels = [row["member_name"] for row in shown]
    house = [row["house_initial_margin_centicents"] for row in shown]
    customer = [row["customer_initial_margin_centicents"] for row in shown]
    rest_margin = sum(row["initial_margin_centicents"] for row in rest)
    return Figure(
        "Recomputed initial margin by member",
        "stacked_bars",
        {
            "labels": labels,
            "series": [("house", house), ("customer", customer)],
            "unit": "money",
            "axis": "initial margin",
        },
        "margin_by_member",
        f"{words.number_of(len(rest), 'further member')} with "
        f"{dollars.in_words(rest_margin)} in all not shown."
        if rest
        else "",
    )


def _member_table(members: list[dict]) -> Table:
    return table(
        "Margin by member",
        "margin_by_member",
        members,
        "member_name accounts+ house_initial_margin_centicents+ "
        "customer_initial_margin_centicents+ initial_margin_centicents+ "
        "charged_initial_margin_centicents+ difference_centicents+ breaks+",
        "No member has margin today.",
        heads={"initial_margin_centicents": "Recomputed"},
        top=25,
        note="Difference: charged less recomputed. A negative amount was undercharged.",
    )


def breaks_section(tables: Tables) -> Section:
    details = tables["break_details"]
    items: list = [
        "The venue's initial margin is compared with the recomputed margin, account by account. A "
        "difference is split, in this order, into position, mark, netting and parameter effects "
        "and a residual. The parts sum exactly to the difference.",
        table(
            "Result of the comparison",
            "breaks_by_status",
            tables["breaks_by_status"],
            "status accounts+ venue_initial_centicents+ recomputed_initial_centicents+ "
            "difference_centicents+",
            "No account was compared today.",
        ),
    ]
    if details:
        items += [_pairs_figure(details), _heat_figure(tables["breaks_by_cause"])]
    items.append(
        table(
            "Accounts with a break, and the parts of the difference",
            "break_details",
            details,
            "account_id member_id status cause difference_centicents+ "
            "position_effect_centicents+ mark_effect_centicents+ netting_effect_centicents+ "
            "parameter_effect_centicents+ residual_centicents+",
            "No break today: charged and recomputed margin agree for every account.",
            top=30,
        )
    )
    items.append(
        table(
            "Positions that differ from the venue's snapshot",
            "position_break_details",
            tables["position_break_details"],
            "account_id ticker recomputed_qty venue_qty difference_qty",
            "Every position agrees with the venue's snapshot today.",
            top=20,
        )
    )
    return Section("Charged against recomputed margin", tuple(items))


def _pairs_figure(details: list[dict]) -> Figure:
    shown = details[:14]
    return Figure(
        "Charged against recomputed margin, accounts with a break"
        + (f" (largest {len(shown)} of {len(details)})" if len(details) > len(shown) else ""),
        "dumbbells",
        {
            "labels": [row["account_id"] for row in shown],
            "first": ("recomputed", [row["recomputed_initial_centicents"] or 0 for row in shown]),
            "second": ("charged", [row["venue_initial_centicents"] or 0 for row in shown]),
            "axis": "initial margin",
        },
        "break_details",
        "A red line means that the venue charged less than the recomputed margin. An account that "
        "the venue omitted is drawn at zero.",
    )


def _heat_figure(rows: list[dict]) -> Figure:
    by_member: dict[str, int] = {}
    amounts: dict[str, dict[str, int]] = {}
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        member, cause = row["member_id"] or "unknown", row["cause"]
        amount = row["absolute_difference_centicents"]
        by_member[member] = by_member.get(member, 0) + amount
        line = amounts.setdefault(cause, {})
        line[member] = line.get(member, 0) + amount
        line = counts.setdefault(cause, {})
        line[member] = line.get(member, 0) + row["accounts"]
    members = sorted(sorted(by_member), key=by_member.__getitem__, reverse=True)[:9]
    causes = [cause for cause in CAUSES if cause in amounts]
    causes += sorted(set(amounts) - set(causes))
    return Figure(
        "Breaks by cause and member",
        "heat_map",
        {"rows": causes, "columns": members, "amounts": amounts, "counts": counts},
        "breaks_by_cause",
        "Each cell: the sum of absolute differences and, in brackets, the number of accounts."
        + (
            f" The {len(members)} members with the largest breaks of {len(by_member)} are shown."
            if len(by_member) > len(members)
            else ""
        ),
    )
