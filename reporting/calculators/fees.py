"""Calculator ``fees``: the trading fee of each trade, by the schedule in force on its date.

Unlike the other calculators it has units: a contract pays one dollar, fees are in dollars. Uses
the formula of the model. Answer and method: docs/calculators.md.
"""

from datetime import date
from decimal import Decimal

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import NUMBER_SCHEMA, common_decimals, exact, scaled, unscaled
from reporting.model.errors import ModelError
from reporting.model.margin import fees as f
from reporting.model.margin.fees import fee_centicents, fee_schedule_in_force

NAME = "fees"
VERSION = "1.0"

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "fees: the trading fee of each trade",
    "type": "object",
    "required": ["trades"],
    "additionalProperties": False,
    "properties": {
        "trades": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "date", "role", "quantity", "price"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "date": {"type": "string", "description": "trading day, YYYY-MM-DD"},
                    "role": {"enum": [f.TAKER, f.MAKER]},
                    "quantity": {**NUMBER_SCHEMA, "description": "contracts, two decimals"},
                    "price": {**NUMBER_SCHEMA, "description": "of YES, 0 to 1, four decimals"},
                    "fee_type": {
                        "enum": list(f.FEE_TYPES),
                        "description": f"of the series; {f.QUADRATIC} if not given",
                    },
                    "multiplier": {**NUMBER_SCHEMA, "description": "of the series; 1 if not given"},
                },
            },
        }
    },
}
EXAMPLE = {
    "trades": [
        {"id": "T1", "date": "2026-05-04", "role": "taker", "quantity": 100, "price": "0.5"},
        {"id": "T2", "date": "2026-03-31", "role": "taker", "quantity": 1, "price": "0.05"},
        {
            "id": "T3",
            "date": "2026-05-04",
            "role": "maker",
            "quantity": "2.5",
            "price": "0.35",
            "fee_type": "quadratic_with_maker_fees",
        },
    ]
}


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    trades = [_trade(trade, f"trades[{i}]") for i, trade in enumerate(document["trades"])]
    fees = [trade["fee"] for trade in trades]
    decimals = common_decimals(fees)
    total = unscaled(sum(scaled(fee, decimals) for fee in fees), decimals)
    return {"trades": trades, "total": total}


def _trade(trade: dict, where: str) -> dict:
    try:
        day = date.fromisoformat(trade["date"])
        schedule = fee_schedule_in_force(day)
    except ValueError as error:
        message = error.message if isinstance(error, ModelError) else "is not a date YYYY-MM-DD"
        raise CalculatorError(f"{where}.date", message) from None
    quantity = _whole(trade["quantity"], 2, f"{where}.quantity")
    price = _whole(trade["price"], 4, f"{where}.price")
    multiplier = _whole(trade.get("multiplier", 1), 4, f"{where}.multiplier")
    if not 0 <= price <= 10_000:
        raise CalculatorError(f"{where}.price", "must lie between 0 and 1")
    for name, value in (("quantity", quantity), ("multiplier", multiplier)):
        if value < 0:
            raise CalculatorError(f"{where}.{name}", "must not be below 0")
    fee_type = trade.get("fee_type", f.QUADRATIC)
    fee = fee_centicents(schedule, trade["role"], fee_type, multiplier, quantity, price)
    return {"id": trade["id"], "schedule": schedule.version, "fee": unscaled(fee, 4)}


def _whole(value: object, decimals: int, field: str) -> int:
    number: Decimal = exact(value, field)
    if common_decimals([number]) > decimals:
        raise CalculatorError(field, f"has more than {decimals} decimals")
    return scaled(number, decimals)
