"""The date was run before it ended: prices of intraday cycles have come, no end-of-day ones."""

import pytest
from feeds.delivery import DAY, Inbox, read

from reporting.feeds.api import progress

HEADER = "cycle,ticker,settlement_price,source,method\n"


@pytest.mark.parametrize(
    ("cycles", "waiting", "part"),
    [
        (["12:00"], True, True),
        (["12:00", "16:00"], True, True),
        (["12:00", "EOD"], True, False),
        (["12:00"], False, False),  # after the cut-off every date is whole
        ([], True, False),
    ],
)
def test_by_the_cycles_that_have_come_before_the_cut_off(tmp_path, cycles, waiting, part):
    inbox = Inbox(tmp_path)
    content = HEADER + "".join(f"{cycle},K-A,0.40,,\n" for cycle in cycles)
    inbox.deliver("p.csv", content, "market_price_snapshot", rows=len(cycles))
    landing = inbox.land(waiting=waiting)
    reached = progress(read(landing).connection, DAY, waiting)
    found = [
        (finding.subject, finding.file_sha256, finding.line)
        for finding in reached.due(landing.findings)
        if finding.rule_id == "LAND-PART-OF-DAY"
    ]
    assert found == ([("market_price_snapshot: 2025-03-17", "", None)] if part else [])
