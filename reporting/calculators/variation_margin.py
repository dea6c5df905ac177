"""Calculator ``variation-margin``: gain of a position and its trades from mark to mark.

Exact decimals; money has no unit. Formula: margin-model.md section 5. Answer and method:
docs/calculators.md.
"""

from fractions import Fraction

from reporting.calculators.errors import CalculatorError, refuse_repeated_ids
from reporting.calculators.numbers import decimal_of, exact
from reporting.calculators.schemas import ID, array, input_schema, number, record

VERSION = "1.0"

_TRADE = record(
    {
        "quantity": number("YES bought; sold, or NO bought, is negative"),
        "price": number("of YES"),
        "fee": number("0 if not given"),
    },
    optional="fee",
)
_CONTRACT = record(
    {
        "id": ID,
        "quantity": number("net YES at the last mark, 0 if not given"),
        "previous_price": number("the last mark, needed where quantity is not 0"),
        "price": number("the new mark, or the settlement value"),
        "trades": array(_TRADE),
    },
    optional="quantity previous_price trades",
)
SCHEMA = input_schema(
    "variation-margin: gain of positions and trades from mark to mark",
    {"contracts": array(_CONTRACT, 1)},
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    refuse_repeated_ids((contract["id"] for contract in document["contracts"]), "contracts")
    contracts = [
        (contract["id"], *_flows(contract, f"contracts[{i}]"))
        for i, contract in enumerate(document["contracts"])
    ]
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
