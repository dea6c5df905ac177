"""The default drill of a date: a group defaults in a scenario, the layers take the loss.

The order and kind of the layers are the clearing house's own data (stream
``resources``); the margin that counts is the one required, not the one posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow

from reporting.model.default.silos import (
    HOUSE_SILO,
    Silo,
    SiloLayer,
    SiloResult,
    house_covers_all,
    run_silos,
    silos_of_group,
)
from reporting.model.default.waterfall import (
    ASSESSMENT,
    CAPACITY,
    CONTRIBUTIONS,
    GAINS_HAIRCUT,
    Layer,
)
from reporting.model.stress.events import Scenario
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.stress.resources import ResourceLayer, Resources
from reporting.units import BPS, MICROS_PER_CENTICENT, centicents_from_micros_up

DEFAULTER_MARGIN = "defaulter_margin"
_OWN_ASSETS = ("house margin", "house gain for customers", "customer margin")


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


@dataclass(frozen=True)
class Drill:
    """What the silos' own assets and each layer took. used: the layers of the feed in the order
    of ``result.layers``; margin: the feed's layer of the defaulter's margin, if it lists one."""

    silos: Sequence[Silo]
    used: Sequence[ResourceLayer]
    result: SiloResult
    margin: ResourceLayer | None

    @property
    def loss(self) -> int:
        return sum(silo.loss for silo in self.silos)

    @property
    def own_assets(self) -> dict[str, int]:
        """What of the silos' own assets met a loss, by whose they were."""
        margin, gain, customers = _OWN_ASSETS
        paid = dict.fromkeys(_OWN_ASSETS, 0)
        for flow in self.result.flows:
            if flow.source != HOUSE_SILO:
                paid[customers] += flow.amount
            else:
                paid[margin if flow.target == HOUSE_SILO else gain] += flow.amount
        return paid


def run_drill(defaulter: Defaulter, resources: Resources, book: DayBook) -> Drill:
    """The loss of the group through its silos and the layers of the clearing house.

    Each silo's own assets come first, wherever the feed lists them: the house is one silo, its
    books net and its gain covers customers; each book of a customer is a silo of its own. As in
    the rule of the shortfall the unused margin of the house covers nobody.
    """
    silos = silos_of_group(*_by_silo(defaulter), house_margin_covers_customers=False)
    layers = absorbing_layers(defaulter, resources, book)
    return Drill(
        silos,
        [layer for layer, _ in layers],
        run_silos(silos, house_covers_all(silos), silo_layers(layers, silos)),
        next((layer for layer in resources.layers if layer.kind == DEFAULTER_MARGIN), None),
    )


def silo_layers(
    layers: Sequence[tuple[ResourceLayer, Layer]], silos: Sequence[Silo]
) -> list[SiloLayer]:
    """Layers that meet the losses of all silos, the house first. The group's contribution to
    the fund belongs to its house."""
    names = tuple(silo.silo_id for silo in silos)
    return [
        SiloLayer(layer, names, HOUSE_SILO if kept.kind == "defaulter_fund" else "")
        for kept, layer in layers
    ]


def _by_silo(defaulter: Defaulter) -> tuple[dict[str, int], dict[str, int]]:
    """Loss and margin by silo, in centicents: losses are booked rounded up, margin down."""
    house = np.flatnonzero(defaulter.in_group & defaulter.is_house)
    customers = np.flatnonzero(defaulter.in_group & ~defaulter.is_house & (defaulter.losses > 0))
    # The house's name cannot be that of a book, which is a number here.
    names = [HOUSE_SILO, *map(str, customers.tolist())]
    found = []
    for values in (defaulter.losses, -defaulter.margin):
        sums = np.append(values[house].sum(), values[customers])
        found.append(centicents_from_micros_up(sums))
    loss, margin = found[0], -found[1]
    return (
        dict(zip(names, loss.tolist(), strict=True)),
        dict(zip(names, margin.tolist(), strict=True)),
    )


def drill_rows(
    defaulter: Defaulter | None, resources: Resources, book: DayBook
) -> dict[str, pyarrow.Table]:
    """The four tables of the drill; empty when no scenario makes anybody lose."""
    if defaulter is None:
        return {f"stress.{name}": schema.empty_table() for name, schema in _SCHEMAS.items()}
    drill = run_drill(defaulter, resources, book)
    drill_id = f"DRILL-{defaulter.group}-{defaulter.scenario.scenario_id}"
    return {
        "stress.drill": _table(
            "drill",
            [
                {
                    "drill_id": drill_id,
                    "affiliate_group": defaulter.group,
                    "scenario_id": defaulter.scenario.scenario_id,
                    "words": defaulter.scenario.words,
                    "loss_centicents": drill.loss,
                    "unallocated_centicents": sum(drill.result.unallocated.values()),
                }
            ],
        ),
        "stress.drill_layers": _table("drill_layers", _layer_records(drill_id, drill)),
        "stress.drill_allocations": _table(
            "drill_allocations", _allocation_records(drill_id, drill)
        ),
        "stress.drill_positions": _position_rows(drill_id, defaulter, book),
    }


def absorbing_layers(
    defaulter: Defaulter, resources: Resources, book: DayBook
) -> list[tuple[ResourceLayer, Layer]]:
    """The layers that absorb loss, in the clearing house's order; facilities only lend, and the
    defaulter's margin is with the silos."""
    survivors = resources.deposits_outside([defaulter.group])
    built = []
    for layer in resources.layers:
        if layer.kind == "defaulter_fund":
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


def _layer_records(drill_id: str, drill: Drill) -> list[dict]:
    """The margin where the feed lists it, else before all others."""
    own = drill.margin or ResourceLayer(
        min((layer.order for layer in drill.used), default=1), "own assets", DEFAULTER_MARGIN,
        0, 0, True, "margin and gains of the defaulter",
    )  # fmt: skip
    sizes = [
        (own, sum(silo.assets for silo in drill.silos), sum(drill.own_assets.values())),
        *(
            (layer, done.result.size, done.result.used)
            for layer, done in zip(drill.used, drill.result.layers, strict=True)
        ),
    ]
    return [
        {
            "drill_id": drill_id,
            "layer_order": layer.order,
            "layer_id": layer.layer_id,
            "layer_type": layer.kind,
            "words": layer.words,
            "size_centicents": size,
            "used_centicents": used,
            "remaining_centicents": size - used,
        }
        for layer, size, used in sizes
    ]


def _allocation_records(drill_id: str, drill: Drill) -> list[dict]:
    own = drill.margin.layer_id if drill.margin else "own assets"
    shares = [(own, party, amount) for party, amount in drill.own_assets.items()]
    for done in drill.result.layers:
        layer = done.result
        by_member = layer.by_member or {layer.layer_id: layer.used}
        shares += [(layer.layer_id, party, by_member[party]) for party in sorted(by_member)]
    return [
        {"drill_id": drill_id, "layer_id": layer, "party": party, "amount_centicents": amount}
        for layer, party, amount in shares
        if amount
    ]


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
