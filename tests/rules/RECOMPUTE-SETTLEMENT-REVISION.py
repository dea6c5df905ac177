"""A settlement arrived whose revision is not above the one in force."""

from datetime import date

from rules.days import BEFORE, DAY, put

EARLIER = date(2026, 4, 30)


def _in_force(tables, ticker, day, revision, value):
    row = {"revision": revision, "settlement_value_centicents": value}
    put(tables, "recompute.settlements", day, ticker=ticker, **row)


def _arrived(tables, ticker, revision, value, line, day=DAY):
    row = {"revision": revision, "settlement_value_centicents": value, "file_sha256": "f"}
    put(tables, "validate.settlement_periods", day, ticker=ticker, line=line, **row)


def test_a_lower_revision_or_an_equal_one_with_another_value(tables):
    for line, (ticker, revision, value) in enumerate(
        [
            ("K-LOWER", 1, 10_000),
            ("K-OTHER", 2, 9_999),
            # Sent again unchanged, and a proper next revision.
            ("K-SAME", 2, 10_000),
            ("K-NEXT", 3, 0),
        ]
    ):
        _in_force(tables, ticker, BEFORE, 2, 10_000)
        _arrived(tables, ticker, revision, value, line)
        # The date's own settlement is not one that was in force before.
        _in_force(tables, ticker, DAY, max(revision, 2), value)
    # The newest earlier settlement counts, although an older one had a higher revision.
    _in_force(tables, "K-TWICE", EARLIER, 5, 0)
    _in_force(tables, "K-TWICE", BEFORE, 1, 10_000)
    _arrived(tables, "K-TWICE", 2, 0, line=4)
    _arrived(tables, "K-FIRST", 1, 0, line=5)
    _in_force(tables, "K-OLD", EARLIER, 2, 10_000)
    _arrived(tables, "K-OLD", 1, 0, line=6, day=BEFORE)
    found = tables.found("RECOMPUTE-SETTLEMENT-REVISION", DAY)
    assert found == [("K-LOWER", "f", 0), ("K-OTHER", "f", 1)]
