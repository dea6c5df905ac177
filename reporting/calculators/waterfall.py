"""Calculator ``waterfall``: a default loss through the layers, each unit once.

Amounts are held in units of 10**-12, the finest that the calculators accept; shares that
do not come out even are rounded to that unit by largest remainder, so that every sum is
exact. Same function as the pipeline. Answer and method: docs/calculators.md.
"""

from decimal import Decimal
from fractions import Fraction

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import MOST_DECIMALS, NUMBER_SCHEMA, exact, scaled, unscaled
from reporting.model import waterfall as w
from reporting.model.errors import ModelError
from reporting.model.waterfall import Layer, LayerResult, run_waterfall

NAME = "waterfall"
VERSION = "1.0"
HAIRCUT_DECIMALS = 18

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
_AMOUNTS = {"type": "object", "additionalProperties": NUMBER_SCHEMA}
_MEMBERS = {"type": "array", "items": _ID}
_FIELDS = {
    w.CAPACITY: {"capacity": NUMBER_SCHEMA},
    w.CONTRIBUTIONS: {
        "contributions": _AMOUNTS,
        "excluded": _MEMBERS,
        "tranches": {"type": "array", "minItems": 1, "items": _MEMBERS},
    },
    w.ASSESSMENT: {
        "contributions": _AMOUNTS,
        "cap_multiple": NUMBER_SCHEMA,
        "excluded": _MEMBERS,
    },
    w.GAINS_HAIRCUT: {"gains": _AMOUNTS},
}
_OPTIONAL = {"excluded", "tranches"}


def _layer_schema(layer_type: str) -> dict:
    """Schema of one type of layer, applied when ``type`` says so."""
    fields = _FIELDS[layer_type]
    return {
        "if": {"required": ["type"], "properties": {"type": {"const": layer_type}}},
        "then": {
            "required": ["id", *(name for name in fields if name not in _OPTIONAL)],
            "additionalProperties": False,
            "properties": {"id": _ID, "type": {"const": layer_type}, **fields},
        },
    }


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "waterfall: a default loss through the layers, in order",
    "type": "object",
    "required": ["loss", "layers"],
    "additionalProperties": False,
    "properties": {
        "loss": NUMBER_SCHEMA,
        "layers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type"],
                "properties": {"type": {"enum": list(w.LAYER_TYPES)}},
                "allOf": [_layer_schema(layer_type) for layer_type in w.LAYER_TYPES],
            },
        },
    },
}
EXAMPLE = {
    "loss": 1000,
    "layers": [
        {"id": "defaulter", "type": "capacity", "capacity": 300},
        {"id": "own capital", "type": "capacity", "capacity": "50.5"},
        {
            "id": "survivors' fund",
            "type": "contributions",
            "contributions": {"A": 100, "B": 200, "C": 100, "D": 400},
            "excluded": ["D"],
            "tranches": [["C"], ["A", "B"]],
        },
        {
            "id": "assessment",
            "type": "assessment",
            "contributions": {"A": 100, "B": 200, "C": 100, "D": 400},
            "cap_multiple": "0.5",
            "excluded": ["D"],
        },
        {"id": "gains", "type": "gains_haircut", "gains": {"A": 60, "B": 30, "E": 90}},
    ],
}


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    loss = _amount(document["loss"], "loss")
    layers = [_layer(layer, f"layers[{i}]") for i, layer in enumerate(document["layers"])]
    try:
        result = run_waterfall(loss, layers)
    except ModelError as error:
        raise CalculatorError(error.field, error.message) from None
    return {
        "loss": _money(result.loss),
        "layers": [_answer(layer) for layer in result.layers],
        "unallocated": _money(result.unallocated),
    }


def _layer(layer: dict, where: str) -> Layer:
    multiple = Fraction(exact(layer.get("cap_multiple", 0), f"{where}.cap_multiple"))
    return Layer(
        layer_id=layer["id"],
        layer_type=layer["type"],
        capacity=_amount(layer.get("capacity", 0), f"{where}.capacity"),
        contributions=_amounts(layer.get("contributions", {}), f"{where}.contributions"),
        excluded=tuple(layer.get("excluded", ())),
        tranches=tuple(tuple(tranche) for tranche in layer.get("tranches", ())),
        cap_multiple=multiple,
        gains=_amounts(layer.get("gains", {}), f"{where}.gains"),
    )


def _answer(layer: LayerResult) -> dict:
    answer = {
        "id": layer.layer_id,
        "type": layer.layer_type,
        "used": _money(layer.used),
        "remaining": _money(layer.remaining),
        "by_member": {member: _money(amount) for member, amount in layer.by_member.items()},
    }
    if layer.haircut is not None:
        answer["haircut"] = _share(layer.haircut)
        answer["paid"] = {member: _money(amount) for member, amount in layer.paid.items()}
    return answer


def _share(share: Fraction) -> Decimal:
    """A share in 0..1 to 18 decimals, half to even; the amounts beside it are exact."""
    return unscaled(round(share * 10**HAIRCUT_DECIMALS), HAIRCUT_DECIMALS)


def _amount(value, field: str) -> int:
    return scaled(exact(value, field), MOST_DECIMALS)


def _amounts(values: dict, field: str) -> dict[str, int]:
    return {member: _amount(value, f"{field}.{member}") for member, value in values.items()}


def _money(amount: int) -> Decimal:
    return unscaled(amount, MOST_DECIMALS)
