"""Calculator ``haircut``: value of collateral after haircuts, and the margin call.

Exact decimals; money has no unit. Formula: margin-model.md section 5. Answer and method:
docs/calculators.md.
"""

from fractions import Fraction

from reporting.calculators.numbers import decimal_of, exact, not_negative, share
from reporting.calculators.schemas import (
    BOOLEAN,
    ID,
    NUMBER,
    array,
    described,
    input_schema,
    mapping,
    number,
    record,
)

VERSION = "1.0"

_ASSET = record(
    {
        "id": ID,
        "type": ID,
        "value": NUMBER,
        "tied": described(BOOLEAN, "its value depends on the event: it counts nothing"),
    },
    optional="tied",
)
SCHEMA = input_schema(
    "haircut: value of collateral, and the call",
    {
        "haircuts": described(mapping(NUMBER), "by type of asset, a share of its value"),
        "assets": array(_ASSET),
        "initial_margin": number("if given, the call is computed"),
        "unsettled_variation": number("0 if not given"),
        "threshold": number("a shortfall up to it is not called"),
    },
    optional="initial_margin unsettled_variation threshold",
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    haircuts = {
        name: Fraction(share(value, f"haircuts.{name}"))
        for name, value in document["haircuts"].items()
    }
    assets, total = [], Fraction(0)
    for i, asset in enumerate(document["assets"]):
        value = Fraction(not_negative(asset["value"], f"assets[{i}].value"))
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
        Fraction(read(document.get(name, 0), name))
        for name, read in (
            ("initial_margin", not_negative),
            ("unsettled_variation", exact),
            ("threshold", not_negative),
        )
    )
    shortfall = max(Fraction(0), margin - (collateral + variation))
    called = shortfall if shortfall > threshold else Fraction(0)
    return {"shortfall": decimal_of(shortfall), "call": decimal_of(called)}
