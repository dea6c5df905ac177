"""None of the columns that can carry a fact is filled."""

from feeds.delivery import Inbox, trade

from rules.drops import findings, quarantine, sha256


def test_one_of_two_columns_is_enough(tmp_path):
    lines = [
        trade(),
        trade(yes_price=None, yes_price_dollars="0.40"),
        trade(yes_price_dollars="0.40"),
        trade(yes_price=None),
        trade(count=""),
        trade(count=None, count_fp="3.00"),
    ]
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson", "\n".join(lines), "trades", rows=6)
    assert quarantine(inbox) == [
        (4, "ROW-ONE-OF", "yes_price or yes_price_dollars"),
        (5, "ROW-ONE-OF", "count or count_fp"),
    ]
    where = ("ROW-ONE-OF", "trades: t.ndjson", sha256(file))
    assert findings(inbox) == [(*where, 5), (*where, 4)]
