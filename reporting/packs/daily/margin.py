"""Margin of the daily pack: by member, origin and account, and against the venue's."""

from reporting.packs.common.shared import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Column, Table, table
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
            (
                Column("origin", "Origin"),
                Column("accounts", "Accounts", "count", total=True),
                Column("worst_case_centicents", "Worst-case loss", "money", total=True),
                Column("core_centicents", "Core", "money", total=True),
                Column("add_ons_centicents", "Add-ons", "money", total=True),
                Column("initial_margin_centicents", "Initial", "money", total=True),
                Column("maintenance_margin_centicents", "Maintenance", "money", total=True),
            ),
            "No account has margin today.",
        )
    )
    items.append(
        table(
            "Accounts with the largest margin",
            "margin_by_account_top",
            accounts,
            (
                Column("rank_by_margin", "Rank", "count"),
                Column("account_id", "Account", "id", width=18),
                Column("member_id", "Member", "id", width=12),
                Column("origin", "Origin"),
                Column("worst_case_centicents", "Worst-case loss", "money"),
                Column("jump_to_resolution_centicents", "Jump to resolution", "money"),
                Column("initial_margin_centicents", "Initial margin", "money"),
                Column("collateral_value_centicents", "Collateral after haircut", "money"),
            ),
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
    largest = members[0]
    return Figure(
        "Recomputed initial margin by member",
        "stacked_bars",
        {
            "labels": labels,
            "series": [("house", house), ("customer", customer)],
            "unit": "money",
            "axis": "initial margin",
        },
        f"Bar chart of initial margin of {len(members)} members, house and customer stacked. "
        f"Largest: {largest['member_name']} with "
        f"{dollars.in_words(largest['initial_margin_centicents'])}.",
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
        (
            Column("member_name", "Member", width=22),
            Column("accounts", "Acc.", "count", total=True),
            Column("house_initial_margin_centicents", "House", "money", total=True),
            Column("customer_initial_margin_centicents", "Customer", "money", total=True),
            Column("initial_margin_centicents", "Recomputed", "money", total=True),
            Column("charged_initial_margin_centicents", "Charged", "money", total=True),
            Column("difference_centicents", "Difference", "money", total=True),
            Column("breaks", "Breaks", "count", total=True),
        ),
        "No member has margin today.",
        top=25,
        note="Difference: charged less recomputed; negative means the venue charged too little.",
    )


def breaks_section(tables: Tables) -> Section:
    details = tables["break_details"]
    items: list = [
        "For every account the venue's initial margin is compared with the recomputed one. A "
        "difference is split, in this order, into position, mark, netting and parameter effects "
        "and a residual; the parts sum to the difference exactly.",
        table(
            "Result of the comparison",
            "breaks_by_status",
            tables["breaks_by_status"],
            (
                Column("status", "Status"),
                Column("accounts", "Accounts", "count", total=True),
                Column("venue_initial_centicents", "Charged", "money", total=True),
                Column("recomputed_initial_centicents", "Recomputed", "money", total=True),
                Column("difference_centicents", "Difference", "money", total=True),
            ),
            "No account was compared today.",
        ),
    ]
    if details:
        items += [_pairs_figure(details), _heat_figure(tables["breaks_by_cause"])]
    items.append(
        table(
            "Accounts that break, with the split of the difference",
            "break_details",
            details,
            (
                Column("account_id", "Account", "id", width=14),
                Column("member_id", "Member", "id", width=10),
                Column("status", "Status"),
                Column("cause", "Cause"),
                Column("difference_centicents", "Difference", "money", total=True),
                Column("position_effect_centicents", "Position", "money", total=True),
                Column("mark_effect_centicents", "Mark", "money", total=True),
                Column("netting_effect_centicents", "Netting", "money", total=True),
                Column("parameter_effect_centicents", "Parameter", "money", total=True),
                Column("residual_centicents", "Residual", "money", total=True),
            ),
            "None today: charged and recomputed margin agree for every account.",
            top=30,
        )
    )
    items.append(
        table(
            "Positions that differ from the venue's snapshot",
            "position_break_details",
            tables["position_break_details"],
            (
                Column("account_id", "Account", "id", width=18),
                Column("ticker", "Market", "id", width=36),
                Column("recomputed_qty", "Recomputed", "qty"),
                Column("venue_qty", "Venue", "qty"),
                Column("difference_qty", "Difference", "qty"),
            ),
            "Positions: none differs from the venue's snapshot today.",
            top=20,
        )
    )
    return Section("Charged against recomputed margin", tuple(items))


def _pairs_figure(details: list[dict]) -> Figure:
    shown = details[:14]
    worst = shown[0]
    return Figure(
        "Charged against recomputed margin, accounts that break"
        + (f" (largest {len(shown)} of {len(details)})" if len(details) > len(shown) else ""),
        "dumbbells",
        {
            "labels": [row["account_id"] for row in shown],
            "first": ("recomputed", [row["recomputed_initial_centicents"] or 0 for row in shown]),
            "second": ("charged", [row["venue_initial_centicents"] or 0 for row in shown]),
            "axis": "initial margin",
        },
        f"Chart of two points per account for {len(shown)} accounts. The largest difference, "
        f"{dollars.in_words(worst['difference_centicents'])}, is in account "
        f"{worst['account_id']}.",
        "break_details",
        "A red line means that the venue charged less than the recomputed margin. An account "
        "that the venue left out is drawn as charged nothing.",
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
    spoken = "; ".join(
        f"{cause.lower()}: {words.number_of(sum(counts[cause].values()), 'account')}"
        for cause in causes
    )
    return Figure(
        "Breaks by cause and member",
        "heat_map",
        {"rows": causes, "columns": members, "amounts": amounts, "counts": counts},
        f"Heat map of breaks by cause and member. {spoken}.",
        "breaks_by_cause",
        "Each cell: the sum of absolute differences and, in brackets, the number of accounts."
        + (
            f" The {len(members)} members with the largest breaks of {len(by_member)} are shown."
            if len(by_member) > len(members)
            else ""
        ),
    )
