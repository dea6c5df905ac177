"""At the cut-off a sequence number was missing on every date."""

from datetime import timedelta

from feeds.delivery import DAY, Inbox, trade

from reporting.feeds.api import KnownFile
from rules.drops import findings, sha256

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def put(inbox, sequence, day=DAY):
    name = f"{sequence}.ndjson"
    changes = {"sequence": sequence, "business_date": day.isoformat()}
    return inbox.deliver(name, trade(trade_id=name), "trades", **changes)


def known(sequence, day=BEFORE):
    return KnownFile("venue", "trades", sequence, "0" * 64, day, "LANDED")


def test_the_next_number_and_the_one_after_it(tmp_path):
    inbox = Inbox(tmp_path)
    put(inbox, 7)
    file = put(inbox, 9)
    found = ("LAND-SEQUENCE-GAP", "trades: 9.ndjson", sha256(file), None)
    assert findings(inbox, known=[known(6)]) == [found]
    assert findings(inbox, known=[known(6)], waiting=True) == []  # it may still come
    put(inbox, 8)
    assert findings(inbox, known=[known(6)]) == []
    assert findings(inbox) == []  # nothing says where the numbers began


def test_a_number_of_another_date_is_not_missing(tmp_path):
    inbox = Inbox(tmp_path)
    put(inbox, 9)
    assert len(findings(inbox, known=[known(7)])) == 1
    assert findings(inbox, known=[known(7), known(8, AFTER)]) == []
    put(inbox, 8, AFTER)  # in the folder of tomorrow, not landed yet
    assert findings(inbox, known=[known(7)]) == []
