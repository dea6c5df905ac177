"""Calculators variation-margin, fees and haircut."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculators import api
from reporting.calculators.numbers import decimal_of
from reporting.model.margin.fees import (
    FEE_SCHEDULES,
    FEE_TYPES,
    fee_centicents,
    fee_schedule_in_force,
)
from reporting.model.margin.initial_margin import call_centicents, collateral_value_centicents
from reporting.settings import ROOT


def ask(name: str, document: dict) -> dict:
    return api.run(name, json.dumps(document))


money = st.decimals(-(10**6), 10**6, places=4)
price = st.decimals(0, 1, places=4)


@given(st.lists(st.tuples(money, money, price, price), min_size=1, max_size=4))
def test_variation_of_both_sides_of_a_market_is_nothing(rows):
    """Each position and trade has an opposite one: variation before fees sums to zero."""

    def side(sign: int) -> dict:
        return {
            "contracts": [
                {
                    "id": str(i),
                    "quantity": str(sign * held),
                    "previous_price": str(before),
                    "price": str(now),
                    "trades": [{"quantity": str(sign * traded), "price": str(before)}],
                }
                for i, (held, traded, before, now) in enumerate(rows)
            ]
        }

    one, other = (ask("variation-margin", side(sign)) for sign in (1, -1))
    assert one["variation"] + other["variation"] == 0
    expected = sum(
        (Fraction(held) + Fraction(traded)) * (Fraction(now) - Fraction(before))
        for held, traded, before, now in rows
    )
    assert Fraction(one["variation"]) == expected


def test_fee_formula_is_the_one_of_the_pipeline():
    """The SELECTs of the pipeline on a few hundred trades, fee for fee."""
    database = duckdb.connect()
    schedule_sql = (ROOT / "sql" / "recompute" / "fee_schedule.sql").read_text()
    sides_sql = (ROOT / "sql" / "recompute" / "trade_sides.sql").read_text()
    for name in ("validate", "recompute"):
        database.execute(f"CREATE SCHEMA {name}")
    database.execute(
        "CREATE TABLE validate.trade_audit AS SELECT DATE '2026-01-01' AS business_date,"
        " '' AS trade_id, 'A' AS account_id, 'margined' AS collateralisation, 'taker' AS role,"
        " 'yes' AS side LIMIT 0;"
        "CREATE TABLE validate.trades AS SELECT DATE '2026-01-01' AS business_date,"
        " '' AS trade_id, '' AS ticker, 1::BIGINT AS count_qty, 1::BIGINT AS yes_price_centicents,"
        " TIMESTAMP '2026-01-01' AS traded_utc LIMIT 0;"
        "CREATE TABLE recompute.contracts AS SELECT DATE '2026-01-01' AS business_date,"
        " '' AS ticker, '' AS event_ticker, '' AS fee_type, 1::BIGINT AS fee_multiplier_e4 LIMIT 0"
    )
    expected = {}
    for schedule, day in zip(FEE_SCHEDULES, (date(2026, 3, 31), date(2026, 4, 1)), strict=True):
        assert fee_schedule_in_force(day) == schedule
        number = 0
        for fee_type in FEE_TYPES:
            for multiplier in (10_000, 5_000, 3_333):
                ticker = f"{fee_type}-{multiplier}"
                database.execute(
                    "INSERT INTO recompute.contracts VALUES (?, ?, 'E', ?, ?)",
                    [day, ticker, fee_type, multiplier],
                )
                for role in ("taker", "maker"):
                    for qty, cents in ((1, 1), (250, 3_500), (10_000, 5_000), (9_646_600, 9_999)):
                        number += 1
                        trade = f"{day}-{number}"
                        database.execute(
                            "INSERT INTO validate.trades VALUES (?, ?, ?, ?, ?, now())",
                            [day, trade, ticker, qty, cents],
                        )
                        database.execute(
                            "INSERT INTO validate.trade_audit"
                            " VALUES (?, ?, 'A', 'margined', ?, 'yes')",
                            [day, trade, role],
                        )
                        expected[trade] = fee_centicents(
                            schedule, role, fee_type, multiplier, qty, cents
                        )
        rows = database.execute(schedule_sql, {"business_date": day}).to_arrow_table()
        said = rows.to_pylist()[0]
        assert (said["fee_schedule_version"], said["effective_date"]) == (
            schedule.version,
            schedule.effective_date,
        )
        database.register("made", rows)
        database.execute("CREATE OR REPLACE TABLE recompute.fee_schedule AS SELECT * FROM made")
        found = database.execute(sides_sql, {"business_date": day}).to_arrow_table().to_pylist()
        assert len(found) == number
        for row in found:
            assert row["fee_centicents"] == expected[row["trade_id"]], row
    latest = database.execute(schedule_sql, {"business_date": date(2999, 1, 1)}).fetchone()
    assert latest[1] == FEE_SCHEDULES[-1].version


@pytest.mark.parametrize(
    ("name", "document", "field"),
    [
        ("fees", {"id": "T", "date": "2026-02-30", "role": "taker", "quantity": 1, "price": 0},
         "trades[0].date"),
        ("fees", {"id": "T", "date": "2020-12-31", "role": "taker", "quantity": 1, "price": 0},
         "trades[0].date"),
        ("fees", {"id": "T", "date": "2026-05-04", "role": "both", "quantity": 1, "price": 0},
         "trades[0].role"),
        ("fees", {"id": "T", "date": "2026-05-04", "role": "taker", "quantity": "1.001",
                  "price": 0}, "trades[0].quantity"),
        ("fees", {"id": "T", "date": "2026-05-04", "role": "taker", "quantity": -1, "price": 0},
         "trades[0].quantity"),
        ("fees", {"id": "T", "date": "2026-05-04", "role": "taker", "quantity": 1, "price": 2},
         "trades[0].price"),
        ("variation-margin", {"id": "C", "price": 1, "quantity": 1},
         "contracts[0].previous_price"),
        ("variation-margin", {"id": "C", "price": "x"}, "contracts[0].price"),
        ("haircut", {"id": "A", "type": "cash", "value": -1}, "assets[0].value"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(name, document, field):
    rows = {"fees": "trades", "variation-margin": "contracts", "haircut": "assets"}[name]
    whole = {rows: [document]} | ({"haircuts": {"cash": 0}} if name == "haircut" else {})
    with pytest.raises(api.CalculatorError) as caught:
        ask(name, whole)
    assert caught.value.field == field


def test_a_contract_twice_and_a_haircut_above_one_are_refused():
    contract = {"id": "C", "price": 1}
    with pytest.raises(api.CalculatorError, match="named twice"):
        ask("variation-margin", {"contracts": [contract, contract]})
    with pytest.raises(api.CalculatorError, match=r"haircuts\.cash"):
        ask("haircut", {"haircuts": {"cash": "1.01"}, "assets": []})


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10_000)), min_size=1, max_size=3),
    st.integers(0, 10**13),
    st.sampled_from([0, 10**4, 10**9]),
)
def test_haircut_and_call_are_those_of_the_daily_run(assets, margin, threshold):
    """In centicents; values are multiples of 10,000, so that no haircut is rounded."""
    schedule = SimpleNamespace(call_threshold_centicents=threshold)
    value = sum(int(collateral_value_centicents(v * 10_000, bps)) for v, bps in assets)
    found = ask(
        "haircut",
        {
            "haircuts": {str(i): bps / 10_000 for i, (_, bps) in enumerate(assets)},
            "assets": [
                {"id": str(i), "type": str(i), "value": v * 10_000}
                for i, (v, _) in enumerate(assets)
            ],
            "initial_margin": margin,
            "threshold": threshold,
        },
    )
    assert found["collateral"] == value
    assert found["call"] == int(call_centicents(margin, value, schedule))


def test_a_shortfall_up_to_the_threshold_is_not_called():
    document = {"haircuts": {}, "assets": [], "initial_margin": 100, "threshold": 100}
    found = ask("haircut", document)
    assert (found["shortfall"], found["call"]) == (100, 0)
    assert ask("haircut", document | {"threshold": "99.99"})["call"] == 100
    assert "call" not in ask("haircut", {"haircuts": {}, "assets": []})


def test_decimals_of_fractions():
    assert decimal_of(Fraction(1, 8)) == Decimal("0.125")
    assert decimal_of(-3) == -3
    with pytest.raises(ValueError, match="1/3"):
        decimal_of(Fraction(1, 3))
