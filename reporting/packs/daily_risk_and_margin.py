"""Pack 1, daily risk and margin: the view model, from the disclose tables alone.

Pure: tables in, ``parts.Pack`` out. Layout is in ``templates/packs``, shared sections
in ``shared``.
"""

from reporting.packs import numbers, shared, words
from reporting.packs.parts import Card, Column, Figure, Pack, Section, table
from reporting.packs.shared import Tables

STAGES = ("land", "validate", "recompute", "stress")
CAUSES = ("POSITION", "MARK", "NETTING", "PARAMETER", "RESIDUAL", "MISSING")
_CHANGES = (
    "accounts",
    "initial_margin",
    "charged_margin",
    "breaks",
    "worst_case",
    "collateral",
    "calls_amount",
    "open_interest",
    "volume",
    "money_at_risk",
    "findings_error",
    "findings_warn",
)


def view(tables: Tables) -> Pack:
    today, previous, previous_date = shared.figures(tables)
    return Pack(
        pack="daily-risk-and-margin",
        title="Daily risk and margin",
        subtitle="Margin charged by the venue against margin recomputed from its trades",
        summary=_summary(tables, today, previous),
        cards=_cards(tables, today),
        changes=shared.changes(tables, _CHANGES),
        previous_date=previous_date,
        terms=shared.terms(
            "Centicent",
            "Worst-case loss",
            "Jump to resolution",
            "Initial margin",
            "Charged, recomputed",
            "Break",
            "Open interest",
        ),
        sections=(
            _margin(tables),
            _breaks(tables, today),
            _calls(tables),
            _cash(tables),
            _open_interest(tables),
            _concentration(tables),
            _collateral(tables),
            shared.findings_section(tables, STAGES, 40, "All stages of the day."),
            _method(tables),
        ),
    )


def _cards(tables: Tables, today: dict) -> tuple[Card, ...]:
    breaks, late = today["breaks"] or 0, today["calls_late"] or 0
    errors = today["findings_error"] or 0
    return (
        Card(
            "Initial margin, recomputed",
            numbers.dollars_in_words(today["initial_margin"]),
            words.number_of(today["accounts"] or 0, "account"),
        ),
        Card(
            "Charged less recomputed",
            numbers.dollars_in_words(today["margin_difference"]),
            words.number_of(breaks, "account") + (" breaks" if breaks == 1 else " break"),
            "bad" if breaks else "good",
        ),
        Card(
            "Worst-case loss",
            numbers.dollars_in_words(today["worst_case"]),
            f"{numbers.percent(today['initial_margin'], today['worst_case'])} covered by margin",
        ),
        Card(
            "Collateral after haircut",
            numbers.dollars_in_words(today["collateral"]),
            f"{numbers.percent(today['initial_margin'], today['collateral'])} used",
        ),
        Card(
            "Margin calls",
            numbers.count(today["calls"] or 0),
            f"{late} met late" if late else "none met late",
            "bad" if late else "plain",
        ),
        Card(
            "Open interest",
            numbers.scaled(today["open_interest"] or 0, 2, 0),
            "contracts",
        ),
        Card(
            "Volume",
            numbers.scaled(today["volume"] or 0, 2, 0),
            f"contracts in {words.number_of(today['trades'] or 0, 'trade')}",
        ),
        Card(
            "Findings",
            numbers.count(errors) + " ERROR",
            f"{numbers.count(today['findings_warn'] or 0)} WARN",
            "bad" if errors else "good",
        ),
    )


def _summary(tables: Tables, today: dict, previous: dict) -> tuple[str, ...]:
    if today["initial_margin"] is None:
        return ("No account had an open position on this business date.",)
    sentences = [_margin_sentence(today, previous), _break_sentence(tables, today)]
    sentences.append(_usage_sentence(today))
    sentences.append(_calls_sentence(tables["calls"]))
    trading = {row["collateralisation"]: row for row in tables["trading_by_collateralisation"]}
    whole = sum(row["volume_qty"] for row in trading.values())
    if whole and "margined" in trading:
        share = numbers.percent(trading["margined"]["volume_qty"], whole)
        sentences.append(f"Positions carried on margin made up {share} of the contracts traded.")
    sentences.append(shared.findings_sentence(shared.severity_counts(tables, STAGES)))
    return tuple(sentences)


def _margin_sentence(today: dict, previous: dict) -> str:
    moved = words.moved(
        today["initial_margin"], previous.get("initial_margin"), numbers.dollars_in_words
    )
    return (
        f"Recomputed initial margin is {numbers.dollars_in_words(today['initial_margin'])} over "
        f"{words.number_of(today['accounts'], 'account')}" + (f", {moved}" if moved else "") + "."
    )


def _break_sentence(tables: Tables, today: dict) -> str:
    if not today["breaks"]:
        return "Charged and recomputed margin agree for every account."
    by_status = {row["status"]: row for row in tables["breaks_by_status"]}
    clauses = []
    for status, verb in (
        ("OVER", "exceeds the recomputed one by"),
        ("UNDER", "falls short of the recomputed one by"),
        ("MISSING", "is missing against a recomputed"),
        ("STALE", "is stale, off by"),
    ):
        row = by_status.get(status)
        if row:
            amount = numbers.dollars_in_words(abs(row["difference_centicents"]))
            clauses.append(f"{verb} {amount} in {words.number_of(row['accounts'], 'account')}")
    causes: dict[str, int] = {}
    for row in tables["breaks_by_cause"]:
        size = row["absolute_difference_centicents"]
        causes[row["cause"]] = causes.get(row["cause"], 0) + size
    largest = max(sorted(causes), key=causes.__getitem__) if causes else None
    ending = f" The largest cause by amount is {largest.lower()}." if largest else ""
    return f"Charged margin {'; '.join(clauses)}.{ending}"


def _usage_sentence(today: dict) -> str:
    margin, collateral = today["initial_margin"], today["collateral"]
    if not collateral:
        return "No collateral is reported."
    covered = numbers.percent(margin, today["worst_case"])
    return (
        f"Margin uses {numbers.percent(margin, collateral)} of collateral after haircut and "
        f"covers {covered} of the worst-case loss of all accounts."
    )


def _calls_sentence(calls: list[dict]) -> str:
    issued = [row for row in calls if row["call_id"] is not None]
    missing = len(calls) - len(issued)
    if not calls:
        return "No margin call was issued or due."
    amount = sum(row["venue_amount_centicents"] or 0 for row in issued)
    late = sum(1 for row in issued if row["late"])
    text = f"{words.number_of(len(issued), 'margin call')} of {numbers.dollars_in_words(amount)}"
    text += f" in all; {words.number_of(late, 'call')} met late"
    if missing:
        text += f"; {words.number_of(missing, 'account')} due a call without one"
    return words.sentence(text)


def _margin(tables: Tables) -> Section:
    members, origins = tables["margin_by_member"], tables["margin_by_origin"]
    history, accounts = tables["margin_history"], tables["margin_by_account_top"]
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
    if len(history) > 1:
        items.append(_history_figure(history))
    else:
        items.append("There is no earlier business date to compare with yet.")
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
    return Section("margin", "Margin by member and origin", tuple(items))


def _member_figure(members: list[dict]) -> Figure:
    shown, rest = members[:14], members[14:]
    labels = [row["member_name"] for row in shown]
    house = [row["house_initial_margin_centicents"] for row in shown]
    customer = [row["customer_initial_margin_centicents"] for row in shown]
    if rest:
        labels.append(f"{len(rest)} other members")
        house.append(sum(row["house_initial_margin_centicents"] for row in rest))
        customer.append(sum(row["customer_initial_margin_centicents"] for row in rest))
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
        f"{numbers.dollars_in_words(largest['initial_margin_centicents'])}.",
        "margin_by_member",
    )


def _member_table(members: list[dict]):
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


def _history_figure(history: list[dict]) -> Figure:
    first, last = history[0], history[-1]
    return Figure(
        f"Initial margin over {len(history)} business dates",
        "lines",
        {
            "days": [row["business_date"] for row in history],
            "series": [
                ("recomputed", [row["initial_margin_centicents"] for row in history]),
                ("charged", [row["charged_initial_margin_centicents"] for row in history]),
                ("worst-case loss", [row["worst_case_centicents"] for row in history]),
            ],
            "axis": "all accounts",
        },
        "Line chart of initial margin and worst-case loss from "
        f"{numbers.day_in_words(first['business_date'])} "
        f"({numbers.dollars_in_words(first['initial_margin_centicents'])}) to "
        f"{numbers.day_in_words(last['business_date'])} "
        f"({numbers.dollars_in_words(last['initial_margin_centicents'])}).",
        "margin_history",
    )


def _breaks(tables: Tables, today: dict) -> Section:
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
    return Section("breaks", "Charged against recomputed margin", tuple(items))


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
        f"{numbers.dollars_in_words(worst['difference_centicents'])}, is in account "
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


def _calls(tables: Tables) -> Section:
    return Section(
        "calls",
        "Margin calls",
        (
            _calls_sentence(tables["calls"]),
            table(
                "Margin calls, late ones first",
                "calls",
                tables["calls"],
                (
                    Column("call_id", "Call", "id", width=18),
                    Column("account_id", "Account", "id", width=16),
                    Column("member_id", "Member", "id", width=10),
                    Column("venue_amount_centicents", "Called", "money", total=True),
                    Column("recomputed_amount_centicents", "Recomputed", "money", total=True),
                    Column("state", "State"),
                    Column("issued_utc", "Issued", "time"),
                    Column("due_utc", "Due", "time"),
                    Column("met_utc", "Met", "time"),
                    Column("late", "Late"),
                ),
                "None today.",
                top=25,
            ),
        ),
    )


def _cash(tables: Tables) -> Section:
    rows = tables["cash_by_member"]
    residue = sum(row["variation_centicents"] + row["rounding_centicents"] for row in rows)
    closes = (
        "Variation and rounding sum to zero over all members, as they must."
        if residue == 0
        else f"Variation and rounding sum to {numbers.dollars_in_words(residue)} over all "
        "members; they should sum to zero."
    )
    return Section(
        "cash",
        "Variation, fees and rounding",
        (
            "Negative amounts are paid by the member. " + (closes if rows else ""),
            table(
                "Cash entries by member",
                "cash_by_member",
                rows,
                (
                    Column("member_id", "Member", "id", width=30),
                    Column("variation_centicents", "Variation", "money", total=True),
                    Column("fees_centicents", "Fees", "money", total=True),
                    Column("rounding_centicents", "Rounding", "money", total=True),
                ),
                "No cash entry today.",
                top=25,
            ),
            table(
                "Cash flows that differ from the venue's",
                "obligation_break_details",
                tables["obligation_break_details"],
                (
                    Column("account_id", "Account", "id", width=24),
                    Column("variation_difference_centicents", "Variation", "money", total=True),
                    Column("fees_difference_centicents", "Fees", "money", total=True),
                    Column(
                        "margin_change_difference_centicents", "Margin change", "money", total=True
                    ),
                    Column("net_difference_centicents", "Net", "money", total=True),
                ),
                "Cash flows: none differs from the venue's today.",
                top=20,
                note="Each column: the venue's amount less the recomputed one.",
            ),
        ),
    )


def _open_interest(tables: Tables) -> Section:
    rows = tables["open_interest_top"]
    items: list = []
    if rows:
        shown = rows[:15]
        items.append(
            Figure(
                "Open interest, largest markets",
                "stacked_bars",
                {
                    "labels": [row["ticker"] for row in shown],
                    "series": [("open interest", [row["open_interest_qty"] for row in shown])],
                    "unit": "qty",
                    "axis": "contracts",
                },
                f"Bar chart of open interest of {len(shown)} markets. Largest: "
                f"{shown[0]['ticker']} with {numbers.contracts(shown[0]['open_interest_qty'])} "
                "contracts.",
                "open_interest_top",
            )
        )
    items.append(
        table(
            "Open interest and volume by market",
            "open_interest_top",
            rows,
            (
                Column("ticker", "Market", "id", width=28),
                Column("mark_centicents", "Mark", "price"),
                Column("open_interest_qty", "Open interest", "qty"),
                Column("change_qty", "Change", "qty"),
                Column("venue_open_interest_qty", "Venue's", "qty"),
                Column("volume_qty", "Volume", "qty"),
                Column("trades", "Trades", "count"),
                Column("money_at_risk_centicents", "Money at risk", "money"),
            ),
            "No market has open interest or volume today.",
            top=25,
            total_rows=rows[0]["markets"] if rows else 0,
            note="Open interest is rebuilt from trades; the venue's own figure stands beside it.",
        )
    )
    items.append(
        table(
            "Trading by way of carrying the position",
            "trading_by_collateralisation",
            [
                {**row, "collateralisation": row["collateralisation"].replace("_", " ")}
                for row in tables["trading_by_collateralisation"]
            ],
            (
                Column("collateralisation", "Carried", width=30),
                Column("trade_sides", "Trade sides", "count", total=True),
                Column("volume_qty", "Contracts, both sides", "qty", total=True),
                Column("accounts", "Accounts", "count"),
                Column("fee_centicents", "Fees", "money", total=True),
            ),
            "No trade today.",
            note="Each trade counts once per side. An account may carry positions both ways.",
        )
    )
    return Section("open-interest", "Open interest and trading", tuple(items))


def _concentration(tables: Tables) -> Section:
    by_measure: dict[str, list[dict]] = {}
    for row in tables["concentration"]:
        by_measure.setdefault(row["measure"], []).append(row)
    if not by_measure:
        return Section("concentration", "Concentration", ("Nothing is held today.",))
    rows, curves = [], []
    for measure, holders in by_measure.items():
        running, curve = 0, []
        for row in holders:
            running += row["amount"]
            curve.append(running * 1_000_000 // row["total_amount"])
        curves.append((measure, curve))
        rows.append(
            {
                "measure": measure,
                "holders": holders[0]["holders"],
                "top_1": curve[0],
                "top_5": curve[min(4, len(curve) - 1)],
                "top_10": curve[min(9, len(curve) - 1)],
                "herfindahl_index": holders[0]["herfindahl_index"],
            }
        )
    spoken = "; ".join(
        f"{row['measure']}: the largest holds {numbers.percent_of_ppm(row['top_1'])}, "
        f"the ten largest {numbers.percent_of_ppm(row['top_10'])}"
        for row in rows
    )
    return Section(
        "concentration",
        "Concentration",
        (
            Figure(
                "Share of the total that the largest holders account for",
                "cumulative_shares",
                {"series": curves},
                f"Cumulative curves. {spoken}.",
                "concentration",
                "The 50 largest holders of each measure; the steeper a curve, the more rests "
                "on few.",
            ),
            table(
                "Concentration",
                "concentration",
                rows,
                (
                    Column("measure", "Measure", width=30),
                    Column("holders", "Holders", "count"),
                    Column("top_1", "Largest", "ppm"),
                    Column("top_5", "5 largest", "ppm"),
                    Column("top_10", "10 largest", "ppm"),
                    Column("herfindahl_index", "Herfindahl index", "count"),
                ),
                "Nothing is held today.",
                note="Herfindahl index: sum of squared percentage shares, 10,000 for one holder.",
            ),
        ),
    )


def _collateral(tables: Tables) -> Section:
    rows = tables["collateral_by_type"]
    items: list = []
    if rows:
        items.append(
            Figure(
                "Collateral by type",
                "stacked_bars",
                {
                    "labels": [row["asset_type"] for row in rows[:10]],
                    "series": [
                        ("after haircut", [r["value_after_haircut_centicents"] for r in rows[:10]]),
                        ("haircut", [row["haircut_centicents"] for row in rows[:10]]),
                    ],
                    "unit": "money",
                    "axis": "market value",
                },
                "Bar chart of collateral by type. "
                + "; ".join(
                    f"{row['asset_type']}: "
                    f"{numbers.dollars_in_words(row['value_after_haircut_centicents'])} after "
                    "haircut"
                    for row in rows[:10]
                )
                + ".",
                "collateral_by_type",
            )
        )
    items.append(
        table(
            "Collateral by type",
            "collateral_by_type",
            rows,
            (
                Column("asset_type", "Type"),
                Column("accounts", "Accounts", "count"),
                Column("highest_haircut_bps", "Highest haircut", "bps"),
                Column("value_centicents", "Market value", "money", total=True),
                Column("haircut_centicents", "Haircut", "money", total=True),
                Column("value_after_haircut_centicents", "After haircut", "money", total=True),
            ),
            "No collateral is reported today.",
        )
    )
    items.append(
        table(
            "Collateral by custodian",
            "collateral_by_custodian",
            tables["collateral_by_custodian"],
            (
                Column("custodian", "Custodian"),
                Column("segregation", "Segregation"),
                Column("accounts", "Accounts", "count"),
                Column("value_centicents", "Market value", "money", total=True),
                Column("reusable_centicents", "of which may be reused", "money", total=True),
            ),
            "No collateral is reported today.",
            top=15,
        )
    )
    return Section("collateral", "Collateral", tuple(items))


def _method(tables: Tables) -> Section:
    return Section(
        "method",
        "Method, limits and sources",
        (
            "Positions are rebuilt from the venue's trades and never taken from the venue. Each "
            "market is marked at its last trade. For each account and event the loss in every "
            "outcome state is computed exactly; the worst is the worst-case loss. Fully "
            "collateralised positions are required in full. For margined positions the event's "
            "worst-case loss is weighted by a ramp that reaches one as resolution nears, core "
            "margin is the largest of the ramped sum, the jump to resolution and the floor, and "
            "initial margin is core plus add-ons, at most the worst-case loss, rounded up to a "
            "centicent.",
            *shared.schedule_items(tables),
            "What a reader should know about these numbers:",
            shared.limits("first_form", "marks", "correlation", "links", "combination", "reversal"),
            shared.files_table(tables),
        ),
    )
