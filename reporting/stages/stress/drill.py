"""The default drill of a date: a group defaults in a scenario, the layers take the loss.

The order and kind of the layers are the clearing house's own data (stream
``resources``); the margin that counts is the one required, not the one posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
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
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
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
    """The parts of the loss met by the silos' own assets and by each layer.

    used: the layers of the feed in the order of ``result.layers``; margin: the feed's layer of
    the defaulter's margin, if it lists one.
    """

    silos: Sequence[Silo]
    used: Sequence[ResourceLayer]
    result: SiloResult
    margin: ResourceLayer | None

    @property
    def loss(self) -> int:
        return sum(silo.loss for silo in self.silos)

    @property
    def own_assets(self) -> dict[str, int]:
        """The part of the silos' own assets that met losses, by owner."""
        margin, gain, customers = _OWN_ASSETS
        paid = dict.fromkeys(_OWN_ASSETS, 0)
        for flow in self.result.flows:
            if flow.source != HOUSE_SILO:
                paid[customers] += flow.amount
            else:
                paid[margin if flow.target == HOUSE_SILO else gain] += flow.amount
        return paid


@dataclass(frozen=True)
class DrillOfDate:
    """The defaulter and the outcome of its default."""

    defaulter: Defaulter
    outcome: Drill

    @property
    def drill_id(self) -> str:
        return f"DRILL-{self.defaulter.group}-{self.defaulter.scenario.scenario_id}"


def run_drill(defaulter: Defaulter, resources: Resources, book: DayBook) -> Drill:
    """The loss of the group through its silos and the layers of the clearing house.

    Each silo's own assets come first, wherever the feed lists them: the house is one silo, its
    books net and its gain covers customers; each book of a customer is a silo of its own. As in
    the rule of the shortfall, unused margin of the house covers nobody else.
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
    loss, negative_margin = (
        centicents_from_micros_up(np.append(values[house].sum(), values[customers]))
        for values in (defaulter.losses, -defaulter.margin)
    )
    margin = -negative_margin
    return (
        dict(zip(names, loss.tolist(), strict=True)),
        dict(zip(names, margin.tolist(), strict=True)),
    )


def drill_of(
    defaulter: Defaulter | None, resources: Resources, book: DayBook
) -> DrillOfDate | None:
    """The drill of a date, None when no scenario makes anybody lose."""
    if defaulter is None:
        return None
    return DrillOfDate(defaulter, run_drill(defaulter, resources, book))


@table(
    "stress.drill",
    grain="one row per default drill",
    meaning="the group assumed to default, its scenario and loss, and what no layer took",
    owner="risk",
    reads=("stress.cover", "stress.group_losses"),
    columns=(
        "drill_id",
        "affiliate_group",
        "scenario_id",
        "words",
        "loss_centicents",
        "unallocated_centicents",
    ),
    made_with="stress.cover",
)
def drill_rows(drill: DrillOfDate | None) -> pyarrow.Table:
    """One row, none without a drill."""
    records = []
    if drill is not None:
        defaulter, outcome = drill.defaulter, drill.outcome
        records = [
            {
                "drill_id": drill.drill_id,
                "affiliate_group": defaulter.group,
                "scenario_id": defaulter.scenario.scenario_id,
                "words": defaulter.scenario.words,
                "loss_centicents": outcome.loss,
                "unallocated_centicents": sum(outcome.result.unallocated.values()),
            }
        ]
    return pyarrow.Table.from_pylist(records, schema_of("stress.drill"))


@table(
    "stress.drill_layers",
    grain="one row per drill and layer of the default waterfall, in order of use",
    meaning="size, used and remaining of each layer",
    owner="risk",
    reads=(
        "stress.drill",
        "validate.resources",
        "validate.guaranty_fund",
        "recompute.account_margin",
    ),
    columns=(
        "drill_id",
        "layer_order",
        "layer_id",
        "layer_type",
        "words",
        "size_centicents",
        "used_centicents",
        "remaining_centicents",
    ),
    made_with="stress.cover",
)
def layer_rows(drill: DrillOfDate | None) -> pyarrow.Table:
    """One row per layer in order of use, the defaulter's own assets first."""
    records = _layer_records(drill.drill_id, drill.outcome) if drill else []
    return pyarrow.Table.from_pylist(records, schema_of("stress.drill_layers"))


@table(
    "stress.drill_allocations",
    grain="one row per drill, layer and party that bears a loss",
    meaning="who bears how much of each layer",
    owner="risk",
    reads=("stress.drill_layers",),
    columns=("drill_id", "layer_id", "party", "amount_centicents"),
    made_with="stress.cover",
)
def allocation_rows(drill: DrillOfDate | None) -> pyarrow.Table:
    """One row per layer and party that bears a loss."""
    records = _allocation_records(drill.drill_id, drill.outcome) if drill else []
    return pyarrow.Table.from_pylist(records, schema_of("stress.drill_allocations"))


@table(
    "stress.drill_positions",
    grain="one row per drill, account and market of the defaulter",
    meaning="the positions that a default manager would have to hedge, auction or hold",
    owner="risk",
    reads=(*BOOK_TABLES, "stress.drill"),
    columns=("drill_id", "account_id", "ticker", "closing_qty", "mark_centicents"),
    made_with="stress.cover",
)
def position_rows(drill: DrillOfDate | None, book: DayBook) -> pyarrow.Table:
    """One row per account and market of the defaulter, by account, event and leg; both books of
    an account together."""
    if drill is None:
        return schema_of("stress.drill_positions").empty_table()
    return _positions(drill.drill_id, drill.defaulter, book)


def absorbing_layers(
    defaulter: Defaulter, resources: Resources, book: DayBook
) -> list[tuple[ResourceLayer, Layer]]:
    """The layers that absorb loss, in the clearing house's order.

    Facilities only lend, and the defaulter's margin is among the assets of the silos.
    """
    survivors = resources.deposits_outside([defaulter.group])
    absorbing = []
    for layer in resources.layers:
        if layer.kind == "defaulter_fund":
            deposits = resources.deposits_of(defaulter.group)
            absorber = Layer(layer.layer_id, CONTRIBUTIONS, contributions=deposits)
        elif layer.kind == "survivors_fund":
            absorber = Layer(layer.layer_id, CONTRIBUTIONS, contributions=survivors)
        elif layer.kind == "assessment":
            multiple = Fraction(layer.cap_multiple_bps, BPS)
            absorber = Layer(
                layer.layer_id, ASSESSMENT, contributions=survivors, cap_multiple=multiple
            )
        elif layer.kind == "gains_haircut":
            absorber = Layer(layer.layer_id, GAINS_HAIRCUT, gains=survivor_gains(defaulter, book))
        elif layer.kind in ("own_capital", "insurance"):
            absorber = Layer(layer.layer_id, CAPACITY, capacity=layer.amount)
        else:
            continue
        absorbing.append((layer, absorber))
    return absorbing


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


def _positions(drill_id: str, defaulter: Defaulter, book: DayBook) -> pyarrow.Table:
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
    return pyarrow.table(columns, schema_of("stress.drill_positions"))
