"""A market was settled although the venue has not determined its result."""

from rules.rows import FRI, MON, TUE, put, put_on_other_dates

OPEN = ("initialized", "inactive", "active", "closed", "disputed")
FINAL = ("determined", "amended", "finalized")


def test_the_latest_status_counts(tables):
    for line, status in enumerate((*OPEN, *FINAL), start=1):
        ticker = f"K-{status}"
        put(tables, "validate.markets", line, ticker=ticker, status=status)
        put(tables, "validate.settlement_periods", line, ticker=ticker)
    changes = {
        "K-FRIDAY": {FRI: "finalized"},
        "K-REOPENED": {FRI: "finalized", MON: "disputed"},
        "K-ENDED": {FRI: "active", MON: "determined"},
        "K-LATER": {MON: "closed", TUE: "finalized"},
        "K-UNKNOWN": {},
    }
    for line, (ticker, statuses) in enumerate(changes.items(), start=11):
        for day, status in statuses.items():
            put(tables, "validate.markets", line, day=day, ticker=ticker, status=status)
        put(tables, "validate.settlement_periods", line, ticker=ticker)
    put_on_other_dates(tables, "validate.settlement_periods", 20, ticker="K-active")
    assert tables.found("VALIDATE-SETTLEMENT-STATUS", MON) == [
        ("K-LATER", "mon", 14),
        ("K-REOPENED", "mon", 12),
        ("K-UNKNOWN", "mon", 15),
        *sorted((f"K-{status}", "mon", line) for line, status in enumerate(OPEN, start=1)),
    ]
