"""Calculator cascade: the worked example by hand, exact decimals, refusals."""

import json
from decimal import Decimal

import pytest

from reporting.calculators import api

MARKET = {"id": "m", "price": "0.5", "depth": 3, "impact": 1}
ACCOUNT = {"id": "a", "cash": -1, "positions": {"m": 1}, "maintenance_ratio": 0}


def ask(markets, accounts):
    return api.run("cascade", json.dumps({"markets": markets, "accounts": accounts}))


def test_worked_example_by_hand():
    # Workings in docs/calculators.md
    found = api.run("cascade", api.example("cascade"))
    assert found["rounds"] == 2
    assert found["liquidations"] == [
        {"round": 1, "accounts": ["A", "E"]},
        {"round": 2, "accounts": ["B"]},
    ]
    path = [(row["sell_price"], row["buy_price"])
            for entry in found["price_path"] for row in entry["markets"]]  # fmt: skip
    assert path == [
        (Decimal("0.5"), Decimal("0.5")),
        (Decimal("0.4"), Decimal("0.55")),
        (Decimal("0.25"), Decimal("0.55")),
    ]
    assert found["net_prices"] == {"rain": Decimal("0.3")}
    assert found["losses"] == {"A": 5, "B": Decimal("7.5"), "E": Decimal("0.5")}
    assert found["deficits"] == {"A": 4, "B": Decimal("2.5"), "E": 0}
    assert (found["total_loss"], found["total_deficit"]) == (13, Decimal("6.5"))


def test_a_price_that_does_not_come_out_even_is_rounded_against_the_account():
    # 0.5 - 1/3 = 0.1666...: down; what A owes is 1 less that
    found = ask([MARKET], [ACCOUNT])
    assert found["price_path"][1]["markets"][0]["sell_price"] == Decimal("0.166666666666")
    assert found["deficits"] == {"a": Decimal("0.833333333334")}
    short = {**ACCOUNT, "cash": "0.4", "positions": {"m": -1}}
    found = ask([MARKET], [short])
    assert found["price_path"][1]["markets"][0]["buy_price"] == Decimal("0.833333333334")
    assert found["deficits"] == {"a": Decimal("0.433333333334")}


def test_very_fine_and_very_large_numbers_are_exact():
    cash = "-0." + "0" * 40 + "1"
    found = ask([{**MARKET, "price": 0}], [{**ACCOUNT, "cash": cash, "positions": {}}])
    assert found["deficits"] == {"a": -Decimal(cash)}
    large = {**ACCOUNT, "cash": "-" + "9" * 29, "positions": {"m": "1" + "0" * 28}}
    assert ask([MARKET], [large])["total_deficit"] == Decimal("9" * 29)


def test_nobody_is_at_risk():
    found = ask([MARKET], [{**ACCOUNT, "cash": 0, "maintenance_ratio": 1}])
    assert (found["rounds"], found["liquidations"], found["deficits"]) == (0, [], {})
    assert len(found["price_path"]) == 1
    assert ask([], [])["rounds"] == 0


@pytest.mark.parametrize(
    ("markets", "accounts", "field"),
    [
        ([{**MARKET, "price": "1.01"}], [], "markets[0].price"),
        ([{**MARKET, "price": "one"}], [], "markets[0].price"),
        ([{**MARKET, "depth": 0}], [], "markets[0].depth"),
        ([{**MARKET, "impact": -1}], [], "markets[0].impact"),
        ([{**MARKET, "spread": 1}], [], "markets[0].spread"),
        ([MARKET, MARKET], [], "markets[1].id"),
        ([MARKET], [ACCOUNT, ACCOUNT], "accounts[1].id"),
        ([MARKET], [{**ACCOUNT, "positions": {"n": 1}}], "accounts[0].positions.n"),
        ([MARKET], [{**ACCOUNT, "positions": {"m": "x"}}], "accounts[0].positions.m"),
        ([MARKET], [{**ACCOUNT, "maintenance_ratio": "1.01"}], "accounts[0].maintenance_ratio"),
        ([MARKET], [{"id": "a"}], "accounts[0].cash"),
    ],
)
def test_refusals_name_the_field(markets, accounts, field):
    with pytest.raises(api.CalculatorError) as caught:
        ask(markets, accounts)
    assert caught.value.field == field
