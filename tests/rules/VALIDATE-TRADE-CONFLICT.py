"""One trade id arrived with two different contents in one file, or under one number."""

import pytest

from rules.rows import FRI, MON, TUE

RULE = "VALIDATE-TRADE-CONFLICT"
OTHER = [
    {"ticker": "K-B"},
    {"created_time": "2026-05-04T16:00:01Z"},
    {"count_fp": "11.00"},
    {"yes_price_dollars": "0.4100"},
    {"taker_side": "no"},
]


def test_each_part_of_the_content(tables):
    tables.file(MON, "mon", 1)
    for line, values in enumerate(OTHER, start=1):
        tables.trade(MON, "mon", line, f"t{line}")
        tables.trade(MON, "mon", line + 10, f"t{line}", **values)
    tables.trade(MON, "mon", 21, "same")
    tables.trade(MON, "mon", 22, "same")
    assert tables.found(RULE, MON) == [(f"t{line}", "mon", line) for line in range(1, 6)]


def test_content_in_the_columns_of_older_generations(tables):
    tables.file(MON, "mon", 1)
    cents = {"yes_price_dollars": None, "no_price_dollars": None, "yes_price": "40"}
    whole = {"count_fp": None, "count": "10"}
    for line, values in enumerate([cents, cents | {"yes_price": "41"}], start=1):
        tables.trade(MON, "mon", line, "price", **values)
    for line, values in enumerate([whole, whole | {"count": "11"}], start=3):
        tables.trade(MON, "mon", line, "count", **values)
    assert tables.found(RULE, MON) == [("count", "mon", 3), ("price", "mon", 1)]


def test_only_landed_files_of_one_number_and_the_last_number_decides(tables):
    for name, sequence in (("aa", 7), ("bb", 7), ("cc", 8), ("dd", 9)):
        tables.file(MON, name, sequence)
    tables.put("land.files", MON, file_sha256="no", sequence=7, status="REFUSED")
    for day in (FRI, TUE):  # the numbers of other dates settle nothing, and are judged there
        tables.file(day, "aa", 9)
        tables.trade(day, "aa", 1, "two files")
        tables.trade(day, "aa", 2, "other dates")
        tables.trade(day, "aa", 3, "other dates", count_fp="11.00")
        tables.trade(day, "aa", 4, "differs by date", count_fp="11.00")
    tables.trade(MON, "dd", 4, "differs by date")
    for trade_id, first, second in (
        ("two files", "aa", "bb"),
        ("corrected", "aa", "cc"),
        ("refused", "aa", "no"),
        ("refused later", "no", "no"),
    ):
        tables.trade(MON, first, 1, trade_id)
        tables.trade(MON, second, 2, trade_id, count_fp="11.00")
    # A conflict that a later number settles, and one that it brings.
    tables.trade(MON, "aa", 4, "settled")
    tables.trade(MON, "aa", 5, "settled", count_fp="11.00")
    tables.trade(MON, "dd", 5, "settled")
    tables.trade(MON, "aa", 6, "brought")
    tables.trade(MON, "cc", 6, "brought")
    tables.trade(MON, "cc", 7, "brought", count_fp="11.00")
    # A refused file settles nothing.
    tables.put("land.files", MON, file_sha256="later", sequence=10, status="REFUSED")
    tables.trade(MON, "later", 1, "two files")
    assert tables.found(RULE, MON) == [("brought", "cc", 6), ("two files", "aa", 1)]


@pytest.mark.xfail(strict=True, reason="the NO price is not part of the content compared")
def test_the_no_price_is_content_too(tables):
    tables.file(MON, "mon", 1)
    tables.trade(MON, "mon", 1, "t1")
    tables.trade(MON, "mon", 2, "t1", no_price_dollars="0.7000")
    assert tables.found(RULE, MON) == [("t1", "mon", 1)]


@pytest.mark.xfail(strict=True, reason="numbers are compared as text")
def test_the_same_number_in_other_digits_is_no_conflict(tables):
    tables.file(MON, "mon", 1)
    tables.trade(MON, "mon", 1, "t1")
    tables.trade(MON, "mon", 2, "t1", count_fp="10.0", yes_price_dollars="0.40")
    assert tables.found(RULE, MON) == []
