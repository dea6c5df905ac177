"""A market was settled with another result than the venue published."""

from rules.rows import FRI, MON, TUE, put, put_on_other_dates


def test_the_latest_published_result_counts(tables):
    published = {
        "K-SAME": {MON: "yes"},
        "K-OTHER": {MON: "no"},
        "K-FRIDAY": {FRI: "no"},
        "K-CORRECTED": {FRI: "no", MON: "yes"},
        "K-TURNED": {FRI: "yes", MON: "no"},
        "K-OPEN": {MON: ""},
        "K-NOT-YET": {MON: "yes", TUE: "no"},
        "K-UNKNOWN": {},
    }
    for line, (ticker, results) in enumerate(published.items(), start=1):
        for day, result in results.items():
            put(tables, "validate.markets", line, day=day, ticker=ticker, result=result)
        put(tables, "validate.settlement_periods", line, ticker=ticker, result="yes")
    put(tables, "validate.markets", 9, ticker="K-LOST", result="yes")
    put(tables, "validate.settlement_periods", 9, ticker="K-LOST", result="no")
    put_on_other_dates(tables, "validate.settlement_periods", 10, ticker="K-SAME", result="no")
    assert tables.found("VALIDATE-SETTLEMENT-RESULT", MON) == [
        ("K-FRIDAY", "mon", 3),
        ("K-LOST", "mon", 9),
        ("K-OTHER", "mon", 2),
        ("K-TURNED", "mon", 5),
    ]
