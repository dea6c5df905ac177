"""Calculator ``variation-margin``: gain of a position and its trades from mark to mark.

Exact decimals; money has no unit. Formula: margin-model.md section 5. Answer and method:
docs/calculators.md.
"""

from fractions import Fraction

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import NUMBER_SCHEMA, decimal_of, exact

NAME = "variation-margin"
VERSION = "1.0"

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "variation-margin: gain of positions and trades from mark to mark",
    "type": "object",
    "required": ["contracts"],
    "additionalProperties": False,
    "properties": {
        "contracts": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "price"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "quantity": {
                        **NUMBER_SCHEMA,
                        "description": "net YES at the last mark, 0 if not given",
                    },
                    "previous_price": {
                        **NUMBER_SCHEMA,
                        "description": "the last mark, needed where quantity is not 0",
                    },
                    "price": {
                        **NUMBER_SCHEMA,
                        "description": "the new mark, or the settlement value",
                    },
                    "trades": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["quantity", "price"],
                            "additionalProperties": False,
                            "properties": {
                                "quantity": {
                                    **NUMBER_SCHEMA,
                                    "description": "YES bought; sold, or NO bought, is negative",
                                },
                                "price": {**NUMBER_SCHEMA, "description": "of YES"},
                                "fee": {**NUMBER_SCHEMA, "description": "0 if not given"},
                            },
                        },
                    },
                },
            },
        }
    },
}
EXAMPLE = {
    "contracts": [
        {
            "id": "rain",
            "quantity": 100,
            "previous_price": "0.4",
            "price": "0.45",
            "trades": [{"quantity": -30, "price": "0.5", "fee": "0.525"}],
        },
        {"id": "settled yes", "quantity": -20, "previous_price": "0.9", "price": 1},
    ]
}


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    seen: set[str] = set()
    contracts = []
    for number, contract in enumerate(document["contracts"]):
        where = f"contracts[{number}]"
        if contract["id"] in seen:
            raise CalculatorError(f"{where}.id", f"{contract['id']!r} is named twice")
        seen.add(contract["id"])
        contracts.append((contract["id"], *_flows(contract, where)))
    variation = sum(position + trades for _, position, trades, _ in contracts)
    fees = sum(fee for *_, fee in contracts)
    return {
        "contracts": [
            {
                "id": name,
                "of_position": decimal_of(position),
                "of_trades": decimal_of(trades),
                "variation": decimal_of(position + trades),
                "fees": decimal_of(fee),
            }
            for name, position, trades, fee in contracts
        ],
        "variation": decimal_of(variation),
        "fees": decimal_of(fees),
        "net": decimal_of(variation - fees),
    }


def _flows(contract: dict, where: str) -> tuple[Fraction, Fraction, Fraction]:
    """Gain of the position, gain of the trades, and fees."""
    price = Fraction(exact(contract["price"], f"{where}.price"))
    quantity = Fraction(exact(contract.get("quantity", 0), f"{where}.quantity"))
    position = Fraction(0)
    if quantity:
        if "previous_price" not in contract:
            raise CalculatorError(f"{where}.previous_price", "is missing for an open position")
        before = Fraction(exact(contract["previous_price"], f"{where}.previous_price"))
        position = quantity * (price - before)
    traded, fees = Fraction(0), Fraction(0)
    for i, trade in enumerate(contract.get("trades", ())):
        field = f"{where}.trades[{i}]"
        bought = Fraction(exact(trade["quantity"], f"{field}.quantity"))
        traded += bought * (price - Fraction(exact(trade["price"], f"{field}.price")))
        fees += Fraction(exact(trade.get("fee", 0), f"{field}.fee"))
    return position, traded, fees
