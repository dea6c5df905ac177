"""A stream that is due every day did not land for this date."""

from feeds.delivery import MEMBERS, Inbox

from rules.drops import GOOD

DAILY = {
    "accounts",
    "collateral",
    "events",
    "guaranty_fund",
    "margin_calls",
    "margin_requirements",
    "margin_schedule",
    "market_price_snapshot",
    "markets",
    "members",
    "obligations",
    "position_snapshot",
    "resources",
    "series",
    "settlement_periods",
    "trade_audit",
    "trades",
}


def missing(inbox, **options):
    return sorted(
        (finding.subject, finding.file_sha256, finding.line)
        for finding in inbox.land(**options).findings
        if finding.rule_id == "LAND-MISSING-STREAM"
    )


def test_every_daily_stream_without_a_landed_file(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("m.csv", MEMBERS, "members", rows=0)  # a day without rows
    inbox.deliver("t.ndjson", GOOD, "trades", sha256="0" * 64)  # refused
    expected = [(f"{name}: 2025-03-17", "", None) for name in sorted(DAILY - {"members"})]
    assert missing(inbox) == expected
    assert missing(inbox, waiting=True) == expected  # said before the cut-off as well
    inbox.deliver("t.ndjson", GOOD, "trades")
    assert missing(inbox) == [row for row in expected if row[0] != "trades: 2025-03-17"]
