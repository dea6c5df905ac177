"""The number of rows in the file differs from its manifest."""

from feeds.delivery import MEMBERS, Inbox, member

from rules.drops import findings, rewrite_manifest, sha256


def test_a_row_less_and_a_row_more(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("m.csv", MEMBERS + member(1) + "\n" + member(2), "members")
    found = ("LAND-ROWS", "members: m.csv", sha256(file), None)
    for rows, expected in ((1, [found]), (2, []), (3, [found])):
        rewrite_manifest(file, rows=rows)
        assert findings(inbox) == expected


def test_a_row_in_quarantine_is_a_row(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("m.csv", MEMBERS + member(1) + "M2\n", "members", rows=2)
    assert [rule for rule, *_ in findings(inbox)] == ["ROW-FIELDS"]
