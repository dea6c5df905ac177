"""Calculator ``waterfall``: a default loss through the layers, each unit once.

Amounts are in units of 10**-12, or finer if the input is. Uneven shares are rounded to that
unit by largest remainder, so that every sum is exact. Uses the function of the model. Answer
and method: docs/calculators.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.calculators.errors import model_errors_named
from reporting.calculators.numbers import (
    common_decimals,
    exact,
    scaled,
    unscaled,
)
from reporting.calculators.schemas import ID, NUMBER, array, input_schema, mapping
from reporting.model.default import waterfall as w
from reporting.model.default.waterfall import Layer, LayerResult, run_waterfall

VERSION = "1.1"
HAIRCUT_DECIMALS = 18
USUAL_DECIMALS = 12

_AMOUNTS = mapping(NUMBER)
_MEMBERS = array(ID)
_FIELDS = {
    w.CAPACITY: {"capacity": NUMBER},
    w.CONTRIBUTIONS: {
        "contributions": _AMOUNTS,
        "excluded": _MEMBERS,
        "tranches": array(_MEMBERS, 1),
    },
    w.ASSESSMENT: {
        "contributions": _AMOUNTS,
        "cap_multiple": NUMBER,
        "period_cap_multiple": NUMBER,
        "called_in_period": _AMOUNTS,
        "excluded": _MEMBERS,
    },
    **{kind: {name: _AMOUNTS} for kind, name in w.CUTS.items()},
}
_OPTIONAL = {"excluded", "tranches", "period_cap_multiple", "called_in_period"}
_BY_MEMBER = ("contributions", "called_in_period", "gains", "claims")


def _layer_schema(layer_type: str) -> dict:
    """Schema of a layer type, selected by ``type``."""
    fields = _FIELDS[layer_type]
    return {
        "if": {"required": ["type"], "properties": {"type": {"const": layer_type}}},
        "then": {
            "required": ["id", *(name for name in fields if name not in _OPTIONAL)],
            "additionalProperties": False,
            "properties": {"id": ID, "type": {"const": layer_type}, **fields},
        },
    }


_LAYER = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"enum": list(w.LAYER_TYPES)}},
    "allOf": [_layer_schema(layer_type) for layer_type in w.LAYER_TYPES],
}
SCHEMA = input_schema(
    "waterfall: a default loss through the layers, in order",
    {"loss": NUMBER, "layers": array(_LAYER)},
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    loss = exact(document["loss"], "loss")
    read = [_read(layer, f"layers[{i}]") for i, layer in enumerate(document["layers"])]
    amounts = [loss, *(amount for layer in read for amount in layer.amounts)]
    decimals = max(USUAL_DECIMALS, common_decimals(amounts))
    with model_errors_named():
        result = run_waterfall(scaled(loss, decimals), [layer.scaled(decimals) for layer in read])
    return {
        "loss": unscaled(result.loss, decimals),
        "layers": [_answer(layer, decimals) for layer in result.layers],
        "unallocated": unscaled(result.unallocated, decimals),
    }


@dataclass(frozen=True)
class _Read:
    """One layer of the document, with decimal amounts."""

    layer: dict
    cap_multiple: Fraction
    period_cap_multiple: Fraction | None
    capacity: Decimal
    by_member: dict[str, dict[str, Decimal]]

    @property
    def amounts(self) -> list[Decimal]:
        """All amounts of the layer."""
        return [self.capacity, *(x for held in self.by_member.values() for x in held.values())]

    def scaled(self, decimals: int) -> Layer:
        """The layer with amounts in units of 10**-decimals."""
        return Layer(
            layer_id=self.layer["id"],
            layer_type=self.layer["type"],
            capacity=scaled(self.capacity, decimals),
            excluded=tuple(self.layer.get("excluded", ())),
            tranches=tuple(tuple(tranche) for tranche in self.layer.get("tranches", ())),
            cap_multiple=self.cap_multiple,
            period_cap_multiple=self.period_cap_multiple,
            **{
                name: {member: scaled(x, decimals) for member, x in amounts.items()}
                for name, amounts in self.by_member.items()
            },
        )


def _read(layer: dict, where: str) -> _Read:
    period_cap = layer.get("period_cap_multiple")
    if period_cap is not None:
        period_cap = Fraction(exact(period_cap, f"{where}.period_cap_multiple"))
    return _Read(
        layer=layer,
        cap_multiple=Fraction(exact(layer.get("cap_multiple", 0), f"{where}.cap_multiple")),
        period_cap_multiple=period_cap,
        capacity=exact(layer.get("capacity", 0), f"{where}.capacity"),
        by_member={name: _amounts(layer.get(name, {}), f"{where}.{name}") for name in _BY_MEMBER},
    )


def _amounts(values: dict, field: str) -> dict[str, Decimal]:
    return {member: exact(value, f"{field}.{member}") for member, value in values.items()}


def _answer(layer: LayerResult, decimals: int) -> dict:
    answer = {
        "id": layer.layer_id,
        "type": layer.layer_type,
        "used": unscaled(layer.used, decimals),
        "remaining": unscaled(layer.remaining, decimals),
        "by_member": {m: unscaled(amount, decimals) for m, amount in layer.by_member.items()},
    }
    if layer.haircut is not None:
        answer["haircut"] = _share(layer.haircut)
        answer["paid"] = {m: unscaled(amount, decimals) for m, amount in layer.paid.items()}
    return answer


def _share(share: Fraction) -> Decimal:
    """A share in 0..1 rounded to 18 decimals, half to even; amounts are exact."""
    return unscaled(round(share * 10**HAIRCUT_DECIMALS), HAIRCUT_DECIMALS)
