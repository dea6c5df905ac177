"""A value is not among those that the contract allows for its column."""

from feeds.delivery import Inbox, trade

from rules.drops import findings, quarantine, sha256


def test_the_values_of_the_contract_letter_by_letter(tmp_path):
    sides = ["yes", "no", "Yes", "both", " no"]
    content = "\n".join(trade(taker_side=side) for side in sides)
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson", content, "trades", rows=5)
    assert quarantine(inbox) == [(line, "ROW-CHOICE", "taker_side") for line in (3, 4, 5)]
    assert findings(inbox) == [("ROW-CHOICE", "trades: t.ndjson", sha256(file), 3)]
