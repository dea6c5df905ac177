"""The default waterfall: a loss is allocated to layers in order, each unit once.

Belongs here: layers as data, and the exact allocation. Amounts are integers in one unit chosen
by the caller (centicents in the daily run). Sources: stress-default-backtest.md,
calculators.md.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from reporting.model.errors import ModelError

CAPACITY = "capacity"
CONTRIBUTIONS = "contributions"
ASSESSMENT = "assessment"
GAINS_HAIRCUT = "gains_haircut"
PARTIAL_TEAR_UP = "partial_tear_up"
FULL_TEAR_UP = "full_tear_up"
LAYER_TYPES = (CAPACITY, CONTRIBUTIONS, ASSESSMENT, GAINS_HAIRCUT, PARTIAL_TEAR_UP, FULL_TEAR_UP)
CUTS = {GAINS_HAIRCUT: "gains", PARTIAL_TEAR_UP: "claims", FULL_TEAR_UP: "claims"}
"""Layer types that cut members' receipts, and the field with these receipts."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    ``capacity``: an amount that belongs to no member. ``contributions``: members' deposits,
    used pro rata, tranche by tranche if ``tranches`` are given. ``assessment``: pro-rata calls
    on members, each up to cap_multiple of its contribution in this default. If
    ``period_cap_multiple`` is given, also up to that multiple less ``called_in_period`` and
    less earlier assessments of the same waterfall. ``gains_haircut``: members' variation gains
    since the default, cut pro rata. ``partial_tear_up``, ``full_tear_up``: members' claims for
    terminated contracts (from ``tear_up``), cut pro rata. ``excluded`` members (the defaulter)
    neither pay nor count.

    ``pool``: contributions of layers with the same pool are the same money: what an earlier layer
    took is no longer there. ``is_slice``: the layer is a part of the pool of its own, and comes
    before the pool itself. ``loss_share``: the layer meets at most this share of the loss that
    enters the waterfall, rounded up (a slice of the fund for one segment).
    """

    layer_id: str
    layer_type: str
    capacity: int = 0
    contributions: Mapping[str, int] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    tranches: tuple[tuple[str, ...], ...] = ()
    cap_multiple: Fraction = Fraction(0)
    gains: Mapping[str, int] = field(default_factory=dict)
    period_cap_multiple: Fraction | None = None
    called_in_period: Mapping[str, int] = field(default_factory=dict)
    claims: Mapping[str, int] = field(default_factory=dict)
    pool: str = ""
    is_slice: bool = False
    loss_share: Fraction = Fraction(1)


@dataclass(frozen=True)
class LayerResult:
    """Use of a layer. by_member sums to ``used``; it is empty for a capacity.

    haircut: share of gains or claims cut, exact; paid: the rest, by member. Both are None for
    types that cut nothing.
    """

    layer_id: str
    layer_type: str
    size: int
    used: int
    by_member: dict[str, int]
    haircut: Fraction | None = None
    paid: dict[str, int] | None = None

    @property
    def remaining(self) -> int:
        """Unused part of the layer."""
        return self.size - self.used


@dataclass(frozen=True)
class WaterfallResult:
    """The layers in order; used amounts and unallocated sum exactly to the loss."""

    loss: int
    layers: tuple[LayerResult, ...]
    unallocated: int


def run_waterfall(loss: int, layers: Sequence[Layer]) -> WaterfallResult:
    """Allocate a loss to the layers in order. Raises ModelError naming the field."""
    if loss < 0:
        raise ModelError("loss", "must not be negative")
    open_loss, results, seen = loss, [], set()
    taken: Taken = Counter()
    for number, layer in enumerate(layers):
        where = f"layers[{number}]"
        if layer.layer_id in seen:
            raise ModelError(f"{where}.id", f"{layer.layer_id!r} is named twice")
        seen.add(layer.layer_id)
        result = use_layer(layer, open_loss, loss, where, taken)
        results.append(result)
        open_loss -= result.used
    return WaterfallResult(loss, tuple(results), open_loss)


Taken = Counter[tuple[str, str]]
"""What earlier layers took, by pool and member; assessments are the pool ``assessment``."""


def use_layer(layer: Layer, open_loss: int, entered: int, where: str, taken: Taken) -> LayerResult:
    """Use one layer for a loss. Raises ModelError.

    entered: the loss that entered the waterfall; where: name of the layer in errors; taken is
    updated by this layer.
    """
    if not 0 <= layer.loss_share <= 1:
        raise ModelError(f"{where}.loss_share", "must lie between 0 and 1")
    loss = min(open_loss, -(-entered * layer.loss_share // 1))
    if layer.layer_type == CAPACITY:
        if layer.capacity < 0:
            raise ModelError(f"{where}.capacity", "must not be negative")
        used = min(loss, layer.capacity)
        return LayerResult(layer.layer_id, layer.layer_type, layer.capacity, used, {})
    if layer.layer_type == CONTRIBUTIONS:
        limits = _limits(layer.contributions, f"{where}.contributions", layer.excluded)
        tranches = _tranches(layer, limits, where)
        if layer.pool:
            if not layer.is_slice:
                limits = {m: max(0, most - taken[layer.pool, m]) for m, most in limits.items()}
            return _taking(_share(layer, limits, tranches, loss), layer.pool, taken)
    elif layer.layer_type == ASSESSMENT:
        limits = _call_limits(layer, where, taken)
        return _taking(_share(layer, limits, (tuple(limits),), loss), ASSESSMENT, taken)
    elif layer.layer_type in CUTS:
        name = CUTS[layer.layer_type]
        limits = _limits(getattr(layer, name), f"{where}.{name}", layer.excluded)
        tranches = (tuple(limits),)
    else:
        raise ModelError(f"{where}.type", f"{layer.layer_type!r} is not a known layer type")
    return _share(layer, limits, tranches, loss)


def _taking(result: LayerResult, pool: str, taken: Taken) -> LayerResult:
    taken.update({(pool, member): amount for member, amount in result.by_member.items()})
    return result


def _share(
    layer: Layer, limits: dict[str, int], tranches: tuple[tuple[str, ...], ...], loss: int
) -> LayerResult:
    size = sum(limits.values())
    by_member = dict.fromkeys(limits, 0)
    open_loss = loss
    for tranche in tranches:
        parts = pro_rata(open_loss, {member: limits[member] for member in tranche})
        by_member.update(parts)
        open_loss -= sum(parts.values())
    used, haircut, paid = loss - open_loss, None, None
    if layer.layer_type in CUTS:
        haircut = Fraction(used, size) if size else Fraction(0)
        paid = {member: limits[member] - by_member[member] for member in limits}
    return LayerResult(layer.layer_id, layer.layer_type, size, used, by_member, haircut, paid)


def pro_rata(amount: int, limits: Mapping[str, int]) -> dict[str, int]:
    """Divide min(amount, sum of limits) in proportion to limits, in whole units.

    Largest remainder method: shares are rounded down, and the remaining units go one each to
    the largest remainders, ties in name order. No share exceeds its limit.
    """
    total = sum(limits.values())
    amount = min(amount, total)
    members = sorted(limits)
    if total == 0:
        return dict.fromkeys(members, 0)
    shares = {member: amount * limits[member] // total for member in members}
    remainders = [(-(amount * limits[member] % total), member) for member in members]
    for _, member in sorted(remainders)[: amount - sum(shares.values())]:
        shares[member] += 1
    return shares


def _call_limits(layer: Layer, where: str, taken: Taken) -> dict[str, int]:
    """Maximum call on each member, rounded down so that nobody pays more than its cap."""
    contributions = _limits(layer.contributions, f"{where}.contributions", layer.excluded)
    before = _limits(layer.called_in_period, f"{where}.called_in_period", ())
    for name in ("cap_multiple", "period_cap_multiple"):
        if (getattr(layer, name) or 0) < 0:
            raise ModelError(f"{where}.{name}", "must not be negative")
    limits = {}
    for member, amount in contributions.items():
        limits[member] = int(amount * layer.cap_multiple // 1)
        if layer.period_cap_multiple is not None:
            in_period = int(amount * layer.period_cap_multiple // 1)
            in_period -= before.get(member, 0) + taken[ASSESSMENT, member]
            limits[member] = max(0, min(limits[member], in_period))
    return limits


def _limits(amounts: Mapping[str, int], where: str, excluded: Sequence[str]) -> dict[str, int]:
    for member, amount in amounts.items():
        if amount < 0:
            raise ModelError(f"{where}.{member}", "must not be negative")
    return {member: amounts[member] for member in sorted(amounts) if member not in excluded}


def _tranches(layer: Layer, limits: dict[str, int], where: str) -> tuple[tuple[str, ...], ...]:
    if not layer.tranches:
        return (tuple(limits),)
    seen: set[str] = set()
    for number, tranche in enumerate(layer.tranches):
        for member in tranche:
            if member not in layer.contributions:
                raise ModelError(f"{where}.tranches[{number}]", f"{member!r} has no contribution")
            if member in seen:
                raise ModelError(f"{where}.tranches[{number}]", f"{member!r} is named twice")
            seen.add(member)
    left_out = sorted(set(limits) - seen)
    if left_out:
        raise ModelError(f"{where}.tranches", f"{left_out[0]!r} is in none of them")
    return tuple(
        tuple(member for member in tranche if member in limits) for tranche in layer.tranches
    )
