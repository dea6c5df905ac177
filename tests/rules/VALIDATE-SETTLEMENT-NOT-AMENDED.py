"""The venue published another result or value than the settlement in force, which stays."""

from rules.rows import FRI, MON, TUE, put


def _settled(tables, line, ticker, *settlements):
    """Settlements of a market: (date, revision, result, value)."""
    for day, revision, result, value in settlements:
        row = {"revision": revision, "result": result, "settlement_value_centicents": value}
        put(tables, "validate.settlement_periods", line, day=day, ticker=ticker, **row)


def _published(tables, line, ticker, result, value, day=MON):
    row = {"ticker": ticker, "result": result, "settlement_value_centicents": value}
    put(tables, "validate.markets", line, day=day, **row)


def test_what_the_venue_publishes_after_the_settlement(tables):
    scalar = (FRI, 0, "scalar", 2_400)
    for line, ticker, result, value in (
        (1, "K-RESULT", "yes", 10_000),
        (2, "K-RESULT-ONLY", "yes", None),
        (3, "K-MORE", "scalar", 2_401),
        (4, "K-LESS", "scalar", 2_399),
        (5, "K-SAME", "scalar", 2_400),
        (6, "K-SILENT", "scalar", None),
        (7, "K-REOPENED", "", 0),
    ):
        _settled(tables, line, ticker, scalar)
        _published(tables, line, ticker, result, value)
    # The clearing house acts on the same date, or on the next.
    _settled(tables, 8, "K-AMENDED", scalar, (MON, 1, "yes", 10_000))
    _published(tables, 8, "K-AMENDED", "no", 0)
    _settled(tables, 9, "K-NEXT-DAY", scalar, (TUE, 1, "yes", 10_000))
    _published(tables, 9, "K-NEXT-DAY", "yes", 10_000)
    # The highest revision of the latest date is in force.
    _settled(tables, 10, "K-REVISED", scalar, (FRI, 1, "yes", 10_000))
    _published(tables, 10, "K-REVISED", "yes", 10_000)
    _settled(tables, 11, "K-REVISED-AWAY", (FRI, 0, "yes", 10_000), (FRI, 1, "no", 0))
    _published(tables, 11, "K-REVISED-AWAY", "yes", 10_000)
    _published(tables, 12, "K-NEVER-SETTLED", "yes", 10_000)
    for day in (FRI, TUE):
        _settled(tables, 13, "K-OTHER-DATES", scalar)
        _published(tables, 13, "K-OTHER-DATES", "yes", 10_000, day=day)
    found = tables.found("VALIDATE-SETTLEMENT-NOT-AMENDED", MON)
    assert found == [
        ("K-LESS", "mon", 4),
        ("K-MORE", "mon", 3),
        ("K-NEXT-DAY", "mon", 9),
        ("K-RESULT", "mon", 1),
        ("K-RESULT-ONLY", "mon", 2),
        ("K-REVISED-AWAY", "mon", 11),
    ]
