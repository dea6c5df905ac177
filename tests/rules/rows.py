"""Usual rows for the tests of single rules: a test states only the values that matter to it.

Belongs here: the dates of these tests, one usual row per table, and the one way to put a row.
"""

from datetime import date, datetime

from support.hand_rows import Tables

FRI, MON, TUE = date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)

USUAL: dict[str, dict[str, object]] = {
    "validate.accounts": {
        "account_id": "A1",
        "member_id": "M1",
        "origin": "customer",
        "margin_permission": True,
    },
    "validate.collateral": {
        "account_id": "A1",
        "asset_type": "cash",
        "value_centicents": 10_000,
        "haircut_bps": 0,
    },
    "validate.events": {
        "event_ticker": "K-26",
        "series_ticker": "K",
        "mutually_exclusive": True,
    },
    "validate.guaranty_fund": {
        "member_id": "M1",
        "required_centicents": 100,
        "deposited_centicents": 100,
    },
    "validate.margin_calls": {
        "call_id": "C1",
        "account_id": "A1",
        "state": "issued",
        "amount_centicents": 5_000,
        "met_centicents": 0,
    },
    "validate.margin_schedule": {
        "version": "v1",
        "effective_date": date(2026, 1, 1),
        "approver": "Risk committee",
        "reason": "Annual review",
        "parameters": "{}",
    },
    "validate.market_data": {
        "trading_date": MON,
        "ticker_name": "K-A",
        "daily_volume_qty": 1_000,
    },
    "validate.market_price_snapshot": {
        "cycle": "EOD",
        "ticker": "K-A",
        "settlement_price_centicents": 4_000,
    },
    "validate.markets": {
        "ticker": "K-A",
        "event_ticker": "K",
        "status": "active",
        "result": "",
        "title": "Will it?",
    },
    "validate.members": {"member_id": "M1"},
    "validate.obligations": {
        "cycle": "EOD",
        "account_id": "A1",
        "variation_centicents": 0,
        "fees_centicents": 0,
        "margin_change_centicents": 0,
        "net_centicents": 0,
        "due_utc": datetime(2026, 5, 5, 13),
    },
    "validate.position_snapshot": {
        "cycle": "EOD",
        "account_id": "A1",
        "ticker": "K-A",
        "long_qty": 0,
        "short_qty": 0,
    },
    "validate.resent_trades": {
        "trade_id": "t1",
        "ticker": "K-A",
        "count_qty": 1_000,
        "yes_price_centicents": 4_000,
        "counted_ticker": "K-A",
        "counted_count_qty": 1_000,
        "counted_yes_price_centicents": 4_000,
    },
    "validate.resources": {
        "layer_order": 1,
        "layer_type": "own_capital",
        "amount_centicents": 1_000,
    },
    "validate.settlement_periods": {
        "ticker": "K-A",
        "result": "yes",
        "settlement_value_centicents": 10_000,
    },
    "validate.trade_audit": {
        "trade_id": "t1",
        "account_id": "A1",
        "side": "yes",
        "quantity_qty": 1_000,
        "price_centicents": 4_000,
        "collateralisation": "full",
        "role": "taker",
    },
    "validate.trades": {
        "trade_id": "t1",
        "ticker": "K-A",
        "traded_utc": datetime(2026, 5, 4, 16),
        "trading_date": MON,
        "taker_side": "yes",
        "count_qty": 1_000,
        "yes_price_centicents": 4_000,
        "no_price_centicents": 6_000,
        "history": False,
    },
}
"""What a row holds where a test says nothing else: 10 contracts of a market at 40 cents."""


def put(tables: Tables, table: str, line: int, day: date = MON, **values: object) -> None:
    """Put a row at a line of the file of a date: ``fri``, ``mon`` or ``tue``."""
    source = {"file_sha256": f"{day:%a}".lower(), "line": line}
    tables.put(table, day, **source | USUAL.get(table, {}) | values)


def put_on_other_dates(tables: Tables, table: str, line: int, **values: object) -> None:
    """The same row on the date before and the date after: no test of Monday may find it."""
    for day in (FRI, TUE):
        put(tables, table, line, day=day, **values)
