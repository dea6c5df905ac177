"""Porting capacity in the default management pack: who could take whose customers."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Section
from reporting.packs.document.tables import table
from reporting.wording import words


def porting_section(tables: Tables) -> Section:
    rows = tables["porting"]
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(row["affiliate_group"], []).append(row)
    return Section(
        "Porting capacity",
        (
            in_words(rows),
            table(
                "Customers that other members could take, by group that defaults",
                "porting",
                [_of_group(name, of_group) for name, of_group in groups.items()],
                "affiliate_group accounts+ placed+ left+ need_centicents+ unplaced_centicents+ "
                "takers",
                "No customer holds a margined position.",
                heads={
                    "placed": "Placed",
                    "left": "Not placed",
                    "need_centicents": "Needed",
                    "unplaced_centicents": "Not placed, needed",
                    "takers": "Taken by",
                },
                note="Needed: what the members that take the accounts must find: the call on each "
                "account, its loss beyond margin in the group's scenario S10, and the rise of "
                "their fund contribution. They find it from the free collateral of their house. "
                "Only one group defaults at a time.",
            ),
            table(
                "Customers that find no member, the largest first",
                "porting",
                sorted(
                    (row for row in rows if not row["taker_member_id"]),
                    key=lambda row: (-row["need_centicents"], row["account_id"]),
                ),
                "affiliate_group account_id need_centicents unmet_call_centicents "
                "beyond_margin_centicents added_contribution_centicents able_members reason",
                "Every customer finds a member.",
                top=20,
                heads={
                    "need_centicents": "Needed",
                    "unmet_call_centicents": "Call",
                    "beyond_margin_centicents": "Beyond margin",
                    "added_contribution_centicents": "Contribution",
                    "able_members": "Members with room",
                },
            ),
        ),
    )


def in_words(rows: list[dict]) -> str:
    """How many customers find a member; ``rows`` of ``disclose.porting``."""
    if not rows:
        return "No customer holds a margined position, so there is nothing to port."
    left = [row for row in rows if not row["taker_member_id"]]
    groups = words.number_of(len({row["affiliate_group"] for row in rows}), "group")
    accounts = words.number_of(len(rows), "margined customer account")
    if not left:
        return f"Whichever of {groups} defaults, other members have room for all {accounts}."
    return (
        f"Of {accounts} in {groups}, {words.number_of(len(left), 'account')} would find no member "
        "with room if their own group defaulted."
    )


def _of_group(name: str, rows: list[dict]) -> dict:
    placed = [row for row in rows if row["taker_member_id"]]
    left = [row for row in rows if not row["taker_member_id"]]
    return {
        "affiliate_group": name,
        "accounts": len(rows),
        "placed": len(placed),
        "left": len(left),
        "need_centicents": sum(row["need_centicents"] for row in rows),
        "unplaced_centicents": sum(row["need_centicents"] for row in left),
        "takers": ", ".join(sorted({row["taker_member_id"] for row in placed})),
    }
