"""A finalised YES market of an event with strikes has none; its range is in the subtitle."""

from rules.rows import MON, put, put_on_other_dates

RANGE = {"status": "finalized", "result": "yes", "yes_sub_title": "68° to 69°"}
FOUND = {
    "K-YES-SUBTITLE": {},
    "K-SUBTITLE": {"subtitle": "68° to 69°", "yes_sub_title": "68 to 69"},
    "K-EMPTY-SUBTITLE": {"subtitle": ""},
    "K-TYPE": {"strike_type": "between", "yes_sub_title": "3 to 4"},
}
CLEAN = {
    "K-NOT-FINAL": {"status": "determined"},
    "K-LOST": {"result": "no"},
    "K-FLOOR": {"floor_strike": "68"},
    "K-CAP": {"cap_strike": "69"},
    "K-CUSTOM": {"custom_strike": "{}"},
    "K-COMBINED": {"mve_selected_legs": "[]"},
    # An outcome without strikes has a name, not a range.
    "K-NAME": {"yes_sub_title": "Somebody"},
    "K-NAME-TYPE": {"yes_sub_title": "Somebody", "strike_type": ""},
    "K-NO-SUBTITLE": {"yes_sub_title": "", "strike_type": "between"},
}


def test_the_range_stands_in_the_subtitle_only(tables):
    for line, (ticker, values) in enumerate((FOUND | CLEAN).items(), start=1):
        put(tables, "validate.markets", line, ticker=ticker, **RANGE | values)
    put_on_other_dates(tables, "validate.markets", 99, ticker="K-OTHER-DATES", **RANGE)
    assert tables.found("VALIDATE-MARKET-NO-STRIKE", MON) == sorted(
        (ticker, "mon", line) for line, ticker in enumerate(FOUND, start=1)
    )
