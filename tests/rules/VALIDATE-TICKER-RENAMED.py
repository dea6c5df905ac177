"""The ticker of an event does not begin with the ticker of its series."""

from rules.rows import MON, put, put_on_other_dates


def test_the_event_is_the_series_or_begins_with_it_and_a_dash(tables):
    events = ["KXHIGHNY", "KXHIGHNY-26MAY04", "HIGHNY-25MAY04", "KXHIGHNYC-26MAY04"]
    for line, ticker in enumerate(events, start=1):
        put(tables, "validate.events", line, event_ticker=ticker, series_ticker="KXHIGHNY")
    renamed = {"event_ticker": "HIGHNY-25MAY05", "series_ticker": "KXHIGHNY"}
    put_on_other_dates(tables, "validate.events", 5, **renamed)
    assert tables.found("VALIDATE-TICKER-RENAMED", MON) == [
        ("HIGHNY-25MAY04", "mon", 3),
        ("KXHIGHNYC-26MAY04", "mon", 4),
    ]
