"""A value is not of the agreed kind: no number, time or date, too many decimals, or too large."""

from feeds.delivery import Inbox, trade

from rules.drops import findings, quarantine, sha256

RIGHT = [
    {"count": "9999999999.99"},
    {"count": "1.2300"},  # two decimals, and zeros
    {"yes_price": 40.0},
    {"yes_price_dollars": "0.123456"},
    {"trade_id": "x" * 120},
    {"created_time": "2024-02-29T23:59:59.999999999Z"},
    {"created_time": "2025-03-17 19:15:08-04:00"},
]
WRONG = [
    {"count": "10000000000"},
    {"count": "1.234"},
    {"count": "x"},
    {"yes_price": 40.5},
    {"yes_price": -1},
    {"yes_price_dollars": "0.1234567"},
    {"trade_id": "x" * 121},
    {"trade_id": "=1+1"},
    {"created_time": "2025-02-29T23:59:59Z"},
    {"created_time": "2025-03-17T25:00:00Z"},
    {"created_time": "2025-03-17T19:15:08"},
    {"created_time": "2025-03-17"},
]


def test_the_last_values_that_are_right_and_the_first_that_are_wrong(tmp_path):
    inbox = Inbox(tmp_path)
    good = "\n".join(trade(**values) for values in RIGHT)
    inbox.deliver("good.ndjson", good, "trades", rows=len(RIGHT))
    bad = "\n".join(trade(**values) for values in WRONG)
    file = inbox.deliver("bad.ndjson", bad, "trades", sequence=2, rows=len(WRONG))
    assert quarantine(inbox) == [
        (line, "ROW-KIND", column) for line, (column,) in enumerate(WRONG, start=1)
    ]
    lines = {"count": 1, "created_time": 9, "trade_id": 7, "yes_price": 4, "yes_price_dollars": 6}
    assert findings(inbox) == [
        ("ROW-KIND", "trades: bad.ndjson", sha256(file), line) for line in lines.values()
    ]
