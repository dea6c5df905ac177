"""A CSV line has more or fewer fields than the header, or an unclosed quotation mark."""

from feeds.delivery import MEMBERS, Inbox, member

from rules.drops import findings, quarantine, sha256


def test_as_many_fields_as_the_header(tmp_path):
    lines = [
        member(1),
        "M2,Two,,G,both\n",
        "M3,Three,,G,both,active,\n",
        'M4,"Four, and more",,G,both,active\n',
        "M5,Five, and more,,G,both,active\n",
        'M6,"Six,,G,both,active\n',
    ]
    inbox = Inbox(tmp_path)
    file = inbox.deliver("m.csv", MEMBERS + "".join(lines), "members", rows=6)
    assert quarantine(inbox) == [(line, "ROW-FIELDS", None) for line in (3, 4, 6, 7)]
    assert findings(inbox) == [("ROW-FIELDS", "members: m.csv", sha256(file), 3)]
