"""Two files with different bytes carry the same sequence number of one sender and stream."""

from datetime import timedelta

from feeds.delivery import DAY, MEMBERS, Inbox, member, trade

from reporting.feeds.api import KnownFile
from rules.drops import findings, sha256

RULE = "LAND-SEQUENCE-CONFLICT"


def put(inbox, name, sequence):
    return inbox.deliver(f"{name}.ndjson", trade(trade_id=name), "trades", sequence=sequence)


def landed(sequence, sha256_, days_ago=1):
    day = DAY - timedelta(days=days_ago)
    return KnownFile("venue", "trades", sequence, sha256_, day, "LANDED")


def test_both_files_of_one_day(tmp_path):
    inbox = Inbox(tmp_path)
    files = [put(inbox, "a", 1), put(inbox, "b", 1)]
    put(inbox, "c", 2)
    inbox.deliver("m.csv", MEMBERS + member(1), "members", sequence=1)  # of another stream
    expected = [(RULE, f"trades: {file.name}", sha256(file), None) for file in files]
    assert sorted(findings(inbox)) == sorted(expected)
    # A person decided for one of them.
    assert findings(inbox, accepted=frozenset({sha256(files[0])})) == []


def test_a_number_of_an_earlier_day(tmp_path):
    inbox = Inbox(tmp_path)
    file = put(inbox, "a", 7)
    found = [(RULE, "trades: a.ndjson", sha256(file), None)]
    assert findings(inbox, known=[landed(7, "0" * 64)]) == found
    assert findings(inbox, known=[landed(7, sha256(file))]) == []  # the same bytes again
    assert findings(inbox, known=[landed(6, "0" * 64)]) == []
    assert findings(inbox, known=[landed(7, "0" * 64, days_ago=-1)]) == []
