"""A column does not add up to the control total in the manifest."""

from feeds.delivery import Inbox, trade

from rules.drops import findings, rewrite_manifest, sha256


def test_a_hundredth_less_and_a_hundredth_more(tmp_path):
    inbox = Inbox(tmp_path)
    content = "\n".join(trade(trade_id=f"t-{n}", count=n, yes_price=40) for n in (1, 2, 3.5))
    file = inbox.deliver("t.ndjson", content, "trades", rows=3)
    found = ("LAND-TOTALS", "trades: t.ndjson", sha256(file), None)
    for total, expected in (("6.49", [found]), ("6.5", []), ("6.50", []), ("6.51", [found])):
        rewrite_manifest(file, control_totals={"count": total, "yes_price": "120"})
        assert findings(inbox) == expected


def test_what_is_no_number_counts_as_zero(tmp_path):
    inbox = Inbox(tmp_path)
    content = trade(count=1) + "\n" + trade(trade_id="t-2", count="x")
    inbox.deliver("t.ndjson", content, "trades", rows=2, control_totals={"count": "1"})
    assert [rule for rule, *_ in findings(inbox)] == ["ROW-KIND"]
