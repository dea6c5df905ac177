"""The default drill of a date: a group defaults in a scenario, the layers take the loss.

The clearing house states the order and kind of its layers (stream ``resources``). Required
margin counts, not posted margin. The rows are in ``drill_tables``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

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
_SURVIVORS = "survivors"
"""The pool of the survivors' deposits: segment slices and the whole fund are the same money."""
_OWN_ASSETS = ("house margin", "house gain for customers", "customer margin")


@dataclass(frozen=True)
class Defaulter:
    """The defaulting group and its scenario; losses and margin by book, int64 micros.

    category_losses: what the group's books lose in each category, micros, gains left out.
    """

    group: str
    scenario: Scenario
    losses: np.ndarray
    margin: np.ndarray
    in_group: np.ndarray
    is_house: np.ndarray
    accounts: Sequence[str]
    category_losses: Mapping[str, int] = field(default_factory=dict)

    def share_of(self, categories: Sequence[str]) -> Fraction:
        """Share of the loss that arises in these categories, 0 where prices cause no loss."""
        total = sum(self.category_losses.values())
        of_these = sum(self.category_losses.get(name, 0) for name in set(categories))
        return Fraction(of_these, total) if total else Fraction(0)


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
            absorber = Layer(
                layer.layer_id, CONTRIBUTIONS, contributions=survivors, pool=_SURVIVORS
            )
        elif layer.kind == "segment_fund":
            absorber = Layer(
                layer.layer_id,
                CONTRIBUTIONS,
                contributions={m: resources.slice_of(layer, x) for m, x in survivors.items()},
                pool=_SURVIVORS,
                is_slice=True,
                loss_share=defaulter.share_of(layer.categories),
            )
        elif layer.kind == "assessment":
            period = Fraction(layer.period_cap_bps, BPS) if layer.period_cap_bps else None
            absorber = Layer(
                layer.layer_id,
                ASSESSMENT,
                contributions=survivors,
                cap_multiple=Fraction(layer.cap_multiple_bps, BPS),
                period_cap_multiple=period,
                called_in_period={m: resources.assessed.get(m, 0) for m in survivors},
            )
        elif layer.kind == "gains_haircut":
            absorber = Layer(layer.layer_id, GAINS_HAIRCUT, gains=survivor_gains(defaulter, book))
        elif layer.kind == "own_capital":
            size = resources.own_capital.get(layer.layer_id, layer.amount)
            absorber = Layer(layer.layer_id, CAPACITY, capacity=size)
        elif layer.kind == "insurance":
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
