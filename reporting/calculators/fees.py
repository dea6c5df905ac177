"""Calculator ``fees``: the trading fee of each trade, by the schedule in force on its date.

Unlike the other calculators it has units: a contract pays one dollar, fees are in dollars. Uses
the formula of the model. Answer and method: docs/calculators.md.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import common_decimals, not_negative, scaled, share, unscaled
from reporting.calculators.schemas import ID, array, described, input_schema, number, record
from reporting.model.errors import ModelError
from reporting.model.margin import fees as f
from reporting.model.margin.fees import fee_centicents, fee_schedule_in_force

VERSION = "1.0"

_TRADE = record(
    {
        "id": ID,
        "date": {"type": "string", "description": "trading day, YYYY-MM-DD"},
        "role": {"enum": [f.TAKER, f.MAKER]},
        "quantity": number("contracts, two decimals"),
        "price": number("of YES, 0 to 1, four decimals"),
        "fee_type": described(
            {"enum": list(f.FEE_TYPES)}, f"of the series; {f.QUADRATIC} if not given"
        ),
        "multiplier": number("of the series; 1 if not given"),
    },
    optional="fee_type multiplier",
)
SCHEMA = input_schema("fees: the trading fee of each trade", {"trades": array(_TRADE, 1)})


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
    quantity = _whole(not_negative, trade["quantity"], 2, f"{where}.quantity")
    price = _whole(share, trade["price"], 4, f"{where}.price")
    multiplier = _whole(not_negative, trade.get("multiplier", 1), 4, f"{where}.multiplier")
    fee_type = trade.get("fee_type", f.QUADRATIC)
    fee = fee_centicents(schedule, trade["role"], fee_type, multiplier, quantity, price)
    return {"id": trade["id"], "schedule": schedule.version, "fee": unscaled(fee, 4)}


def _whole(read: Callable[[object, str], Decimal], value: object, decimals: int, field: str) -> int:
    """The number as a count of 10**-decimals; it may not have more decimals than that."""
    number = read(value, field)
    if common_decimals([number]) > decimals:
        raise CalculatorError(field, f"has more than {decimals} decimals")
    return scaled(number, decimals)
