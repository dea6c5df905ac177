"""A market that the venue has finalised still has open positions."""

from rules.days import AFTER, BEFORE, DAY, put


def _market(tables, line, ticker, records, qty=500):
    """A market with these records of the venue (status and result by date), and its holders."""
    for day, (status, result) in records.items():
        source = {"file_sha256": f"file of {day}", "line": line}
        put(tables, "validate.markets", day, ticker=ticker, status=status, result=result, **source)
    for account, held in (("A-1", qty), ("A-2", -qty)):
        put(tables, "recompute.positions", account_id=account, ticker=ticker, closing_qty=held)


def test_final_markets_with_open_positions(tables):
    final, amended, open_ = ("finalized", "yes"), ("amended", "no"), ("active", "")
    _market(tables, 1, "K-FINAL", {DAY: final})
    _market(tables, 2, "K-AMENDED", {DAY: amended})
    _market(tables, 3, "K-SINCE-FRIDAY", {BEFORE: final})
    _market(tables, 4, "K-ACTIVE", {DAY: open_})
    _market(tables, 5, "K-DETERMINED", {DAY: ("determined", "yes")})
    _market(tables, 6, "K-REOPENED", {BEFORE: final, DAY: ("disputed", "yes")})
    _market(tables, 7, "K-TOMORROW", {DAY: open_, AFTER: final})
    _market(tables, 8, "K-NO-RESULT", {DAY: ("finalized", "")})
    _market(tables, 9, "K-PAID", {DAY: final}, qty=0)
    _market(tables, 10, "K-UNKNOWN", {})
    put(tables, "validate.markets", ticker="K-HELD-BEFORE", status="finalized", result="yes")
    put(tables, "recompute.positions", BEFORE, ticker="K-HELD-BEFORE", closing_qty=500)
    assert tables.found("RECOMPUTE-NOT-SETTLED", DAY) == [
        ("K-AMENDED", f"file of {DAY}", 2),
        ("K-FINAL", f"file of {DAY}", 1),
        ("K-SINCE-FRIDAY", f"file of {BEFORE}", 3),
    ]
