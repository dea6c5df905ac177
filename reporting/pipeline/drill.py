"""The default drill of a date: a group defaults in a scenario, the layers take the loss.

The order and kind of the layers are the clearing house's own data (stream
``resources``); the margin that counts is the one required, not the one posted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow

from reporting.model.default.waterfall import (
    ASSESSMENT,
    CAPACITY,
    CONTRIBUTIONS,
    GAINS_HAIRCUT,
    Layer,
    WaterfallResult,
    run_waterfall,
)
from reporting.model.stress.events import Scenario
from reporting.pipeline.day import Day
from reporting.pipeline.day_book import DayBook
from reporting.units import BPS, MICROS_PER_CENTICENT, centicents_from_micros_up


@dataclass(frozen=True)
class ResourceLayer:
    """One row of the stream ``resources``, money in centicents."""

    order: int
    layer_id: str
    kind: str
    amount: int
    cap_multiple_bps: int
    prefunded: bool
    words: str


@dataclass(frozen=True)
class Resources:
    """Layers in order of use, and deposits to the guaranty fund by member and group."""

    layers: Sequence[ResourceLayer]
    deposits: Mapping[str, int]
    group_of: Mapping[str, str]

    def prefunded_without(self, groups: Sequence[str]) -> int:
        """Prefunded resources that are left when ``groups`` default, centicents.

        Their own contributions are not among them: those were taken off the shortfall.
        """
        total = 0
        for layer in self.layers:
            if layer.prefunded and layer.kind in ("own_capital", "insurance"):
                total += layer.amount
            elif layer.prefunded and layer.kind == "survivors_fund":
                total += sum(self.deposits_outside(groups).values())
        return total

    def deposits_outside(self, groups: Sequence[str]) -> dict[str, int]:
        """Deposits of the members that belong to none of ``groups``."""
        return {m: x for m, x in self.deposits.items() if self.group_of[m] not in groups}

    def deposits_of(self, group: str) -> dict[str, int]:
        """Deposits of the members of ``group``."""
        return {m: x for m, x in self.deposits.items() if self.group_of[m] == group}


@dataclass(frozen=True)
class Defaulter:
    """Who defaults in which scenario; losses and margin per book, int64 micros."""

    group: str
    scenario: Scenario
    losses: np.ndarray
    margin: np.ndarray
    in_group: np.ndarray
    is_house: np.ndarray
    accounts: Sequence[str]


def read_resources(day: Day) -> Resources:
    """Resources of a date as the clearing house reports them."""
    layers = day.query(
        "SELECT layer_order, layer_id, layer_type, amount_centicents,"
        " COALESCE(cap_multiple_bps, 0), prefunded, words"
        " FROM validate.resources WHERE business_date = $business_date ORDER BY layer_order"
    ).fetchall()
    members = day.query(
        "SELECT members.member_id, members.affiliate_group,"
        " COALESCE(fund.deposited_centicents, 0)"
        " FROM validate.members AS members"
        " LEFT JOIN validate.guaranty_fund AS fund ON fund.member_id = members.member_id"
        " AND fund.business_date = members.business_date"
        " WHERE members.business_date = $business_date ORDER BY members.member_id"
    ).fetchall()
    return Resources(
        [ResourceLayer(*row) for row in layers],
        {member: deposit for member, _, deposit in members},
        {member: group for member, group, _ in members},
    )


def drill_rows(
    defaulter: Defaulter | None, resources: Resources, book: DayBook
) -> dict[str, pyarrow.Table]:
    """The four tables of the drill; empty when no scenario makes anybody lose."""
    if defaulter is None:
        return {f"stress.{name}": schema.empty_table() for name, schema in _SCHEMAS.items()}
    usable, loss = _usable_margin(defaulter)
    layers = absorbing_layers(defaulter, resources, usable, book)
    result = run_waterfall(loss, [layer for _, layer in layers])
    drill_id = f"DRILL-{defaulter.group}-{defaulter.scenario.scenario_id}"
    used = [resource for resource, _ in layers]
    return {
        "stress.drill": _table(
            "drill",
            [
                {
                    "drill_id": drill_id,
                    "affiliate_group": defaulter.group,
                    "scenario_id": defaulter.scenario.scenario_id,
                    "words": defaulter.scenario.words,
                    "loss_centicents": loss,
                    "unallocated_centicents": result.unallocated,
                }
            ],
        ),
        "stress.drill_layers": _table("drill_layers", _layer_records(drill_id, used, result)),
        "stress.drill_allocations": _table(
            "drill_allocations", _allocation_records(drill_id, result)
        ),
        "stress.drill_positions": _position_rows(drill_id, defaulter, book),
    }


def _usable_margin(defaulter: Defaulter) -> tuple[dict[str, int], int]:
    """Margin that meets a loss, by silo, and the loss itself, in centicents.

    A customer's margin meets only its own loss. The house is one silo: its books net,
    and a gain of the house covers customers.
    """
    house = defaulter.in_group & defaulter.is_house
    customers = defaulter.in_group & ~defaulter.is_house
    house_loss = int(defaulter.losses[house].sum())
    losses = np.maximum(defaulter.losses[customers], 0)
    covered = np.minimum(losses, defaulter.margin[customers])
    short = int((losses - covered).sum())
    house_gain = min(max(-house_loss, 0), short)
    usable = {
        "house margin": min(max(house_loss, 0), int(defaulter.margin[house].sum())),
        "house gain for customers": house_gain,
        "customer margin": int(covered.sum()),
    }
    booked = {name: int(centicents_from_micros_up(micros)) for name, micros in usable.items()}
    beyond = max(house_loss, 0) + int(losses.sum()) - sum(usable.values())
    return booked, sum(booked.values()) + int(centicents_from_micros_up(beyond))


def absorbing_layers(
    defaulter: Defaulter, resources: Resources, usable: Mapping[str, int], book: DayBook
) -> list[tuple[ResourceLayer, Layer]]:
    """The layers that absorb loss, in the clearing house's order; facilities only lend."""
    survivors = resources.deposits_outside([defaulter.group])
    built = []
    for layer in resources.layers:
        if layer.kind == "defaulter_margin":
            made = Layer(layer.layer_id, CONTRIBUTIONS, contributions=usable)
        elif layer.kind == "defaulter_fund":
            deposits = resources.deposits_of(defaulter.group)
            made = Layer(layer.layer_id, CONTRIBUTIONS, contributions=deposits)
        elif layer.kind == "survivors_fund":
            made = Layer(layer.layer_id, CONTRIBUTIONS, contributions=survivors)
        elif layer.kind == "assessment":
            multiple = Fraction(layer.cap_multiple_bps, BPS)
            made = Layer(layer.layer_id, ASSESSMENT, contributions=survivors, cap_multiple=multiple)
        elif layer.kind == "gains_haircut":
            made = Layer(layer.layer_id, GAINS_HAIRCUT, gains=survivor_gains(defaulter, book))
        elif layer.kind in ("own_capital", "insurance"):
            made = Layer(layer.layer_id, CAPACITY, capacity=layer.amount)
        else:
            continue
        built.append((layer, made))
    return built


def survivor_gains(defaulter: Defaulter, book: DayBook) -> dict[str, int]:
    """Variation gains of the survivors in the scenario, by member, centicents."""
    gains: dict[str, int] = {}
    for number in np.flatnonzero(~defaulter.in_group & (defaulter.losses < 0)).tolist():
        member = book.member_ids[number // 2]
        gains[member] = gains.get(member, 0) - int(defaulter.losses[number])
    # Rounded down: a haircut never takes more than was gained.
    return {member: micros // MICROS_PER_CENTICENT for member, micros in gains.items()}


def _layer_records(
    drill_id: str, layers: Sequence[ResourceLayer], result: WaterfallResult
) -> list[dict]:
    return [
        {
            "drill_id": drill_id,
            "layer_order": layer.order,
            "layer_id": layer.layer_id,
            "layer_type": layer.kind,
            "words": layer.words,
            "size_centicents": found.size,
            "used_centicents": found.used,
            "remaining_centicents": found.remaining,
        }
        for layer, found in zip(layers, result.layers, strict=True)
    ]


def _allocation_records(drill_id: str, result: WaterfallResult) -> list[dict]:
    records = []
    for layer in result.layers:
        shares = layer.by_member or {layer.layer_id: layer.used}
        for party, amount in sorted(shares.items()):
            if amount:
                records.append(
                    {
                        "drill_id": drill_id,
                        "layer_id": layer.layer_id,
                        "party": party,
                        "amount_centicents": amount,
                    }
                )
    return records


def _position_rows(drill_id: str, defaulter: Defaulter, book: DayBook) -> pyarrow.Table:
    """Positions of both books of an account together, by account, event and leg."""
    positions, market = book.positions, book.market
    held = np.zeros(len(book.account_ids), dtype=bool)
    held[[book.account_index[account] for account in defaulter.accounts]] = True
    chosen = np.flatnonzero(held[positions.account])
    contract = market.first_contract[positions.event[chosen]] + positions.leg[chosen]
    order = np.lexsort((contract, positions.account[chosen]))
    account, contract = positions.account[chosen][order], contract[order]
    new = np.diff(account, prepend=-1).astype(bool) | np.diff(contract, prepend=-1).astype(bool)
    first = np.flatnonzero(new)
    quantity = positions.qty[chosen][order]
    tickers = [leg for terms in market.terms for leg in terms.legs]
    marks = np.concatenate([np.zeros(0, dtype=np.int64), *market.marks])
    columns = {
        "drill_id": [drill_id] * len(first),
        "account_id": [book.account_ids[a] for a in account[first].tolist()],
        "ticker": [tickers[c] for c in contract[first].tolist()],
        "closing_qty": np.add.reduceat(quantity, first) if len(first) else quantity,
        "mark_centicents": marks[contract[first]],
    }
    return pyarrow.table(columns, _SCHEMAS["drill_positions"])


_SCHEMAS = {
    "drill": pyarrow.schema(
        [(name, pyarrow.string()) for name in ("drill_id", "affiliate_group", "scenario_id")]
        + [("words", pyarrow.string())]
        + [(name, pyarrow.int64()) for name in ("loss_centicents", "unallocated_centicents")]
    ),
    "drill_layers": pyarrow.schema(
        [
            ("drill_id", pyarrow.string()),
            ("layer_order", pyarrow.int64()),
            ("layer_id", pyarrow.string()),
            ("layer_type", pyarrow.string()),
            ("words", pyarrow.string()),
            ("size_centicents", pyarrow.int64()),
            ("used_centicents", pyarrow.int64()),
            ("remaining_centicents", pyarrow.int64()),
        ]
    ),
    "drill_allocations": pyarrow.schema(
        [
            ("drill_id", pyarrow.string()),
            ("layer_id", pyarrow.string()),
            ("party", pyarrow.string()),
            ("amount_centicents", pyarrow.int64()),
        ]
    ),
    "drill_positions": pyarrow.schema(
        [
            ("drill_id", pyarrow.string()),
            ("account_id", pyarrow.string()),
            ("ticker", pyarrow.string()),
            ("closing_qty", pyarrow.int64()),
            ("mark_centicents", pyarrow.int64()),
        ]
    ),
}


def _table(name: str, records: list[dict]) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(records, schema=_SCHEMAS[name])
