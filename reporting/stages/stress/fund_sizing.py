"""Layers and fund of a date against their own rules.

Belongs here: the rows of ``stress.layers`` and ``stress.fund_sizing``. The sizing itself is in
``model/default/fund_sizing``, the layers are in ``resources``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.default.fund_sizing import (
    Driver,
    bps_of,
    fund_needed,
    required_deposits,
    risk_shares,
)
from reporting.model.default.waterfall import pro_rata
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.shortfalls import GroupLosses
from reporting.model.stress.stress_book import StressBook
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
from reporting.stages.stress.resources import Resources
from reporting.units import centicents_from_micros_up


@table(
    "stress.layers",
    grain="one row per layer that the clearing house reports, in order of use",
    meaning=(
        "the layer as stated, the size that its own rule gives (own capital), and what counts:"
        " own capital less the operating costs of 17 CFR 39.11(a)(2), all deposits for the fund,"
        " a slice of them for a segment, all calls for assessments"
    ),
    reads="validate.resources validate.guaranty_fund validate.members",
    columns="""
        layer_order layer_id layer_type words amount_centicents rule_size_centicents
        operating_costs_centicents counted_centicents cap_multiple_bps period_cap_multiple_bps
        segment prefunded
    """,
)
def layer_rows(resources: Resources) -> pyarrow.Table:
    deposits, rows = sum(resources.deposits.values()), []
    for layer in resources.layers:
        rule = resources.size_by_rule(layer) if layer.kind == "own_capital" else 0
        size, counted = layer.amount, layer.amount
        if layer.kind == "own_capital":
            size = layer.amount or rule
            counted = resources.own_capital.get(layer.layer_id, size)
        elif layer.kind == "survivors_fund":
            size = counted = deposits
        elif layer.kind == "segment_fund":
            size = counted = resources.slice_of(layer, deposits)
        elif layer.kind == "assessment":
            size = counted = sum(map(resources.callable, resources.deposits))
        elif layer.kind == "operating_costs":
            counted = 0
        rows.append(
            {
                "layer_order": layer.order,
                "layer_id": layer.layer_id,
                "layer_type": layer.kind,
                "words": layer.words,
                "amount_centicents": layer.amount,
                "rule_size_centicents": rule,
                "operating_costs_centicents": size - counted if layer.kind == "own_capital" else 0,
                "counted_centicents": counted,
                "cap_multiple_bps": layer.cap_multiple_bps,
                "period_cap_multiple_bps": layer.period_cap_bps,
                "segment": layer.segment,
                "prefunded": layer.prefunded,
            }
        )
    return pyarrow.Table.from_pylist(rows, schema_of("stress.layers"))


@table(
    "stress.fund_sizing",
    grain="one row per member",
    meaning=(
        "what the member should deposit by our rule (its share of the fund that Cover-2 asks for,"
        " by uncovered stress, open interest and volume, at least the minimum) against what it has"
        " deposited; the policy numbers of the record are repeated on every row"
    ),
    reads=f"""
        {BOOK_TABLES} stress.group_losses recompute.trade_sides recompute.account_margin
        validate.members validate.guaranty_fund validate.resources
    """,
    columns="""
        member_id affiliate_group stress_centicents held_qty volume_qty risk_share_bps
        fund_needed_centicents required_centicents deposited_centicents deposited_share_bps
        least_share_bps alike_bps unlike_bps version
    """,
)
def fund_rows(fund_sizing: Sequence[dict]) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(list(fund_sizing), schema_of("stress.fund_sizing"))


def fund_sizing_of(
    day: Day,
    record: ScenarioRecord | None,
    book: DayBook,
    held: StressBook,
    results: Sequence[GroupLosses],
    resources: Resources,
) -> list[dict]:
    """One row per member; none if the library has no record of the kind."""
    if record is None:
        return []
    policy = record.parameters
    members = sorted(resources.deposits)
    uncovered = [centicents_from_micros_up(result.uncovered).tolist() for result in results]
    common = resources.financial(held.groups).common
    needed = fund_needed(uncovered, common)
    stress = _by_member(_worst_of_groups(uncovered, held), book, held, resources)
    positions = _open_interest(book, held)
    volume = dict(day.read("stress/reads/volume_by_member").fetchall())
    shares = risk_shares(
        [
            Driver("uncovered stress", stress, policy["stress_weight_bps"]),
            Driver("open interest", positions, policy["open_interest_weight_bps"]),
            Driver("volume", volume, policy["volume_weight_bps"]),
        ],
        members,
    )
    required = required_deposits(needed, policy["minimum_centicents"], shares)
    total = sum(resources.deposits.values())
    return [
        {
            "member_id": member,
            "affiliate_group": resources.group_of[member],
            "stress_centicents": stress.get(member, 0),
            "held_qty": positions.get(member, 0),
            "volume_qty": volume.get(member, 0),
            "risk_share_bps": bps_of(shares[member]),
            "fund_needed_centicents": needed,
            "required_centicents": required[member],
            "deposited_centicents": resources.deposits[member],
            "deposited_share_bps": resources.deposits[member] * 10_000 // total if total else 0,
            "least_share_bps": policy["least_share_bps"],
            "alike_bps": policy["alike_bps"],
            "unlike_bps": policy["unlike_bps"],
            "version": record.version,
        }
        for member in members
    ]


def _worst_of_groups(uncovered: Sequence[Sequence[int]], held: StressBook) -> dict[str, int]:
    """The largest uncovered loss of each group in any scenario."""
    if not uncovered:
        return {}
    return dict(zip(held.groups, np.max(uncovered, axis=0).tolist(), strict=True))


def _by_member(
    of_group: Mapping[str, int], book: DayBook, held: StressBook, resources: Resources
) -> dict[str, int]:
    """A group's loss divided among its members by their required margin, equally without any."""
    margin = dict.fromkeys(resources.deposits, 0)
    for number, amount in enumerate(held.accounts.margin.tolist()):
        member = book.member_ids[number // 2]
        margin[member] = margin.get(member, 0) + amount
    divided: dict[str, int] = {}
    for group, amount in of_group.items():
        mine = {m: margin[m] for m, name in resources.group_of.items() if name == group}
        if not any(mine.values()):
            mine = dict.fromkeys(mine, amount)
        divided |= pro_rata(amount, mine)
    return divided


def _open_interest(book: DayBook, held: StressBook) -> dict[str, int]:
    """Contracts that each member's accounts hold, both sides, 1e-2 contracts."""
    total: dict[str, int] = {}
    rows = held.positions
    by_book = np.zeros(len(held.accounts.group), dtype=np.int64)
    np.add.at(by_book, rows.account, np.abs(rows.qty))
    for number in np.flatnonzero(by_book).tolist():
        member = book.member_ids[number // 2]
        total[member] = total.get(member, 0) + int(by_book[number])
    return total
