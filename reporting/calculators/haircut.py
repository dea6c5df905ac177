"""Calculator ``haircut``: value of collateral after haircuts, and the margin call.

Exact decimals; money has no unit. Formula: margin-model.md section 5. Answer and method:
docs/calculators.md.
"""

from fractions import Fraction

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import NUMBER_SCHEMA, decimal_of, exact

NAME = "haircut"
VERSION = "1.0"

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "haircut: value of collateral, and the call",
    "type": "object",
    "required": ["haircuts", "assets"],
    "additionalProperties": False,
    "properties": {
        "haircuts": {
            "type": "object",
            "additionalProperties": NUMBER_SCHEMA,
            "description": "by type of asset, a share of its value",
        },
        "assets": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "value"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "type": _ID,
                    "value": NUMBER_SCHEMA,
                    "tied": {
                        "type": "boolean",
                        "description": "its value depends on the event: it counts nothing",
                    },
                },
            },
        },
        "initial_margin": {**NUMBER_SCHEMA, "description": "if given, the call is computed"},
        "unsettled_variation": {**NUMBER_SCHEMA, "description": "0 if not given"},
        "threshold": {**NUMBER_SCHEMA, "description": "a shortfall up to it is not called"},
    },
}
EXAMPLE = {
    "haircuts": {"cash": 0, "treasury": "0.02"},
    "assets": [
        {"id": "A", "type": "cash", "value": 1000},
        {"id": "B", "type": "treasury", "value": "2000.50"},
        {"id": "C", "type": "equity", "value": 500},
        {"id": "D", "type": "cash", "value": 100, "tied": True},
    ],
    "initial_margin": 3100,
    "unsettled_variation": -20,
    "threshold": 100,
}


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    haircuts = {
        name: _share(value, f"haircuts.{name}") for name, value in document["haircuts"].items()
    }
    assets, total = [], Fraction(0)
    for i, asset in enumerate(document["assets"]):
        where = f"assets[{i}]"
        value = Fraction(exact(asset["value"], f"{where}.value"))
        if value < 0:
            raise CalculatorError(f"{where}.value", "must not be below 0")
        # Asset types absent from the schedule are valued at zero.
        haircut = Fraction(1) if asset.get("tied", False) else haircuts.get(asset["type"], 1)
        counted = value * (1 - haircut)
        total += counted
        assets.append(
            {"id": asset["id"], "haircut": decimal_of(haircut), "counts": decimal_of(counted)}
        )
    return {"assets": assets, "collateral": decimal_of(total), **_call(document, total)}


def _call(document: dict, collateral: Fraction) -> dict:
    if "initial_margin" not in document:
        return {}
    margin, variation, threshold = (
        Fraction(exact(document.get(name, 0), name))
        for name in ("initial_margin", "unsettled_variation", "threshold")
    )
    for name, value in (("initial_margin", margin), ("threshold", threshold)):
        if value < 0:
            raise CalculatorError(name, "must not be below 0")
    shortfall = max(Fraction(0), margin - (collateral + variation))
    called = shortfall if shortfall > threshold else Fraction(0)
    return {"shortfall": decimal_of(shortfall), "call": decimal_of(called)}


def _share(value: object, field: str) -> Fraction:
    share = Fraction(exact(value, field))
    if not 0 <= share <= 1:
        raise CalculatorError(field, "must lie between 0 and 1")
    return share
