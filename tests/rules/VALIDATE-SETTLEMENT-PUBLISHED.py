"""A market was settled at another value than the venue published with the same result."""

from rules.rows import FRI, MON, TUE, put, put_on_other_dates


def _published(tables, line, ticker, values, result="scalar", settled=2_400, revision=0):
    """What the venue published of a market by date, and its settlement on Monday."""
    for day, value in values.items():
        put(
            tables,
            "validate.markets",
            line,
            day=day,
            ticker=ticker,
            result=result,
            settlement_value_centicents=value,
        )
    row = {"ticker": ticker, "result": "scalar", "revision": revision}
    value = {"settlement_value_centicents": settled}
    put(tables, "validate.settlement_periods", line, **row, **value)


def test_the_latest_published_value_counts(tables):
    _published(tables, 1, "K-TRIPLE", {MON: 2_400}, settled=7_200)
    _published(tables, 2, "K-ONE-MORE", {MON: 2_401})
    _published(tables, 3, "K-ONE-LESS", {MON: 2_399})
    _published(tables, 4, "K-SAME", {MON: 2_400})
    _published(tables, 5, "K-FRIDAY", {FRI: 2_500})
    _published(tables, 6, "K-CORRECTED", {FRI: 2_500, MON: 2_400})
    _published(tables, 7, "K-TURNED", {FRI: 2_400, MON: 2_500})
    _published(tables, 8, "K-NOT-YET", {MON: 2_400, TUE: 2_500})
    _published(tables, 9, "K-AMENDED-ALONE", {FRI: 2_500}, revision=1)
    # Another result is another finding; before there is one, the value means nothing.
    _published(tables, 10, "K-OTHER-RESULT", {MON: 0}, result="no")
    _published(tables, 11, "K-OPEN", {MON: 0}, result="")
    _published(tables, 12, "K-SILENT", {MON: None})
    _published(tables, 13, "K-UNKNOWN", {})
    put_on_other_dates(tables, "validate.settlement_periods", 14, ticker="K-SAME", result="scalar")
    assert tables.found("VALIDATE-SETTLEMENT-PUBLISHED", MON) == [
        ("K-AMENDED-ALONE", "mon", 9),
        ("K-FRIDAY", "mon", 5),
        ("K-ONE-LESS", "mon", 3),
        ("K-ONE-MORE", "mon", 2),
        ("K-TRIPLE", "mon", 1),
        ("K-TURNED", "mon", 7),
    ]
