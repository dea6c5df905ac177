"""Calculator ``clearing-vector``: payments among members that owe each other when some fail.

Exact fractions; an amount with more than 18 decimals is rounded and its exact fraction given as
well. Answer and method: docs/calculators.md.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from reporting.calculators.errors import CalculatorError, model_errors_named
from reporting.calculators.numbers import exact, exact_list, unscaled
from reporting.calculators.schemas import NUMBER, array, input_schema
from reporting.model.default.clearing import Network, clear

VERSION = "1.0"
DECIMALS = 18
MAX_MEMBERS = 60
"""Exact answers for larger networks take too long to wait for."""

SCHEMA = input_schema(
    "clearing-vector: payments among members of which some fail",
    {
        "liabilities": array(array(NUMBER)),
        "external_assets": array(NUMBER),
        "external_liabilities": array(NUMBER),
        "alpha": NUMBER,
        "beta": NUMBER,
    },
    optional="external_liabilities alpha beta",
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    assets = _amounts(document["external_assets"], "external_assets")
    if len(assets) > MAX_MEMBERS:
        raise CalculatorError("external_assets", f"has more than {MAX_MEMBERS} members")
    owed_outside = document.get("external_liabilities", [0] * len(assets))
    rows = enumerate(document["liabilities"])
    network = Network(
        liabilities=[_amounts(row, f"liabilities[{i}]") for i, row in rows],
        external_assets=assets,
        external_liabilities=_amounts(owed_outside, "external_liabilities"),
        alpha=Fraction(exact(document.get("alpha", 1), "alpha")),
        beta=Fraction(exact(document.get("beta", 1), "beta")),
    )
    with model_errors_named():
        cleared = clear(network)
    amounts = {
        "payments": cleared.payments,
        "to_external": cleared.to_external,
        "equity": cleared.equity,
        "lost": cleared.lost,
    }
    return {
        **{name: [_decimal(value) for value in values] for name, values in amounts.items()},
        "defaults": list(cleared.defaults),
        "default_rounds": [cleared.round_of[member] for member in cleared.defaults],
        "rounds": cleared.rounds,
        "exact": {name: [_fraction(x) for x in values] for name, values in amounts.items()},
    }


def _amounts(values: Sequence, field: str) -> list[Fraction]:
    return [Fraction(amount) for amount in exact_list(values, field)]


def _decimal(value: Fraction) -> Decimal:
    """The value to 18 decimals, half to even."""
    return unscaled(round(value * 10**DECIMALS), DECIMALS)


def _fraction(value: Fraction) -> str | None:
    """The fraction as text if the decimal is rounded, else None."""
    is_exact = (value * 10**DECIMALS).denominator == 1
    return None if is_exact else f"{value.numerator}/{value.denominator}"
