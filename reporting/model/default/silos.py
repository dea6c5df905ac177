"""Silos: losses with assets of their own, and the transfers allowed between silos.

Belongs here: the defaulter's house and customer accounts, and the waterfall layers behind them.
Customer assets meet only the loss of their own silo; excess house assets may cover a customer's
shortfall (17 CFR 39.16). Money is integers in one unit chosen by the caller.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.model.default.waterfall import Layer, LayerResult, pro_rata, use_layer
from reporting.model.errors import ModelError

HOUSE = "house"
CUSTOMER = "customer"
OWNERS = (HOUSE, CUSTOMER)
HOUSE_SILO = "house"
"""The silo of all house accounts of a defaulting group."""


@dataclass(frozen=True)
class Silo:
    """A loss and the assets available for it. owner: house or customer."""

    silo_id: str
    owner: str
    loss: int
    assets: int


@dataclass(frozen=True)
class SurplusRule:
    """The surplus of one silo covers shortfalls of others, pro rata."""

    source: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class SiloLayer:
    """A waterfall layer and the silos that it pays for, in order.

    assets_of: the silo that owns the layer's assets; empty if the clearing house or its members
    own them.
    """

    layer: Layer
    pays: tuple[str, ...]
    assets_of: str = ""


@dataclass(frozen=True)
class Flow:
    """Assets of ``source`` used for the loss of ``target``."""

    source: str
    target: str
    amount: int


@dataclass(frozen=True)
class SiloLayerResult:
    """Use of a layer by silo; by_silo sums to ``result.used``."""

    result: LayerResult
    by_silo: dict[str, int]


@dataclass(frozen=True)
class SiloResult:
    """Allocation by silo. Flows, layer parts and ``unallocated`` of a silo sum to its loss.

    shortfall: loss beyond the silo's own assets and the surplus of others; surplus: unused
    assets.
    """

    flows: tuple[Flow, ...]
    surplus: dict[str, int]
    shortfall: dict[str, int]
    layers: tuple[SiloLayerResult, ...]
    unallocated: dict[str, int]


def silos_of_group(
    loss: Mapping[str, int], margin: Mapping[str, int], house_margin_covers_customers: bool
) -> list[Silo]:
    """Silos of a defaulting group: one for its house accounts, one per losing customer.

    loss: by silo including ``HOUSE_SILO``, gains negative; margin: remaining required margin by
    silo. House gains are house assets. House margin covers only the house loss unless
    house_margin_covers_customers. Customer gains belong to the customer and cover nobody else.
    """
    house = loss[HOUSE_SILO]
    lost, assets = max(0, house), margin[HOUSE_SILO]
    if not house_margin_covers_customers:
        assets = min(assets, lost)
    customers = [
        Silo(silo, CUSTOMER, amount, margin[silo])
        for silo, amount in loss.items()
        if silo != HOUSE_SILO and amount > 0
    ]
    return [Silo(HOUSE_SILO, HOUSE, lost, assets + max(0, -house)), *customers]


def house_covers_all(silos: Sequence[Silo]) -> tuple[SurplusRule, ...]:
    """All permitted pooling: house silos cover each other, then customers."""
    house = [silo.silo_id for silo in silos if silo.owner == HOUSE]
    customers = tuple(silo.silo_id for silo in silos if silo.owner == CUSTOMER)
    between_houses = [(source, tuple(x for x in house if x != source)) for source in house]
    to_customers = [(source, customers) for source in house]
    return tuple(SurplusRule(*rule) for rule in between_houses + to_customers if rule[1])


def run_silos(
    silos: Sequence[Silo], rules: Sequence[SurplusRule], layers: Sequence[SiloLayer]
) -> SiloResult:
    """Allocate losses to own assets, then to the rules in order, then to the layers in order.

    Raises ModelError naming the field, including for a rule or layer that would use customer
    assets for the loss of another silo.
    """
    owner = _owners(silos)
    open_loss = {silo.silo_id: silo.loss for silo in silos}
    left = {silo.silo_id: silo.assets for silo in silos}
    flows = []

    def move(source: str, target: str, amount: int) -> None:
        open_loss[target] -= amount
        left[source] -= amount
        if amount:
            flows.append(Flow(source, target, amount))

    for silo in silos:
        move(silo.silo_id, silo.silo_id, min(silo.loss, silo.assets))
    for number, rule in enumerate(rules):
        _check_rule(rule, owner, f"rules[{number}]")
        parts = pro_rata(left[rule.source], {target: open_loss[target] for target in rule.targets})
        for target in rule.targets:
            move(rule.source, target, parts[target])
    shortfall = dict(open_loss)
    used, taken, entered = [], Counter(), sum(shortfall.values())
    for number, layer in enumerate(layers):
        _check_layer(layer, owner, f"layers[{number}]")
        loss = sum(open_loss[silo] for silo in layer.pays)
        result = use_layer(layer.layer, loss, entered, f"layers[{number}]", taken)
        by_silo, rest = {}, result.used
        for silo in layer.pays:
            by_silo[silo] = min(rest, open_loss[silo])
            rest -= by_silo[silo]
            open_loss[silo] -= by_silo[silo]
        used.append(SiloLayerResult(result, by_silo))
    return SiloResult(tuple(flows), left, shortfall, tuple(used), open_loss)


def _owners(silos: Sequence[Silo]) -> dict[str, str]:
    owner: dict[str, str] = {}
    for number, silo in enumerate(silos):
        where = f"silos[{number}]"
        if silo.silo_id in owner:
            raise ModelError(f"{where}.id", f"{silo.silo_id!r} is named twice")
        if silo.owner not in OWNERS:
            raise ModelError(f"{where}.owner", f"must be one of {', '.join(OWNERS)}")
        for name in ("loss", "assets"):
            if getattr(silo, name) < 0:
                raise ModelError(f"{where}.{name}", "must not be negative")
        owner[silo.silo_id] = silo.owner
    return owner


def _check_rule(rule: SurplusRule, owner: dict[str, str], where: str) -> None:
    _check_known((rule.source,), owner, f"{where}.source")
    _check_known(rule.targets, owner, f"{where}.targets")
    if owner[rule.source] == CUSTOMER:
        raise ModelError(f"{where}.source", "customer assets meet the loss of their own silo only")
    if rule.source in rule.targets:
        raise ModelError(f"{where}.targets", f"{rule.source!r} is the source itself")


def _check_layer(layer: SiloLayer, owner: dict[str, str], where: str) -> None:
    _check_known(layer.pays, owner, f"{where}.pays")
    if not layer.assets_of:
        return
    _check_known((layer.assets_of,), owner, f"{where}.assets_of")
    if owner[layer.assets_of] == CUSTOMER and set(layer.pays) != {layer.assets_of}:
        raise ModelError(f"{where}.pays", "customer assets meet the loss of their own silo only")


def _check_known(silos: Sequence[str], owner: dict[str, str], where: str) -> None:
    for silo in silos:
        if silo not in owner:
            raise ModelError(where, f"{silo!r} is not one of the silos")
    if len(set(silos)) != len(silos):
        raise ModelError(where, "names a silo twice")
