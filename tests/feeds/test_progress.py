"""How far a date has come, by the prices that landed; what is due then, and what is not."""

from datetime import UTC, datetime

import pytest

from feeds.delivery import DAY, MEMBERS, Inbox, member, read, rules
from reporting.contract.streams import STREAMS
from reporting.feeds.api import progress

HEADER = "cycle,ticker,settlement_price,source,method\n"
LATE = {s.name for s in STREAMS.values() if s.daily and not s.each_cycle}


def prices(*cycles: str) -> str:
    return HEADER + "".join(f"{cycle},K-A,0.40,,\n" for cycle in cycles)


def reached(inbox: Inbox, waiting: bool = True):
    landing = inbox.land(waiting=waiting)
    loaded = read(landing)
    found = progress(loaded.connection, DAY, waiting)
    return found, found.due(landing.findings)


# 17 March 2025 is on daylight-saving time: 12:00 in New York is 16:00 UTC.
NOON, FOUR = datetime(2025, 3, 17, 16, tzinfo=UTC), datetime(2025, 3, 17, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cycles", "latest", "until"),
    [
        ((), "", None),
        (("12:00",), "12:00", NOON),
        (("16:00", "12:00"), "16:00", FOUR),
        (("12:00", "16:00", "EOD"), "EOD", None),
        (("EOD",), "EOD", None),
    ],
)
def test_by_the_latest_cycle_before_the_cut_off(inbox: Inbox, cycles, latest, until):
    rows = {"rows": len(cycles)}
    inbox.deliver("p.csv", prices(*cycles), "market_price_snapshot", **rows)
    found, _ = reached(inbox)
    assert (found.latest_cycle, found.complete_to_utc) == (latest, until)
    assert found.part_of_day is (until is not None)


def test_after_the_cut_off_every_date_is_whole(inbox: Inbox) -> None:
    inbox.deliver("p.csv", prices("12:00"), "market_price_snapshot")
    found, due = reached(inbox, waiting=False)
    assert not found.part_of_day
    missing = {f.subject.partition(":")[0] for f in due if f.rule_id == "LAND-MISSING-STREAM"}
    assert missing == {s.name for s in STREAMS.values() if s.daily} - {"market_price_snapshot"}


def test_within_the_day_only_what_margin_needs_is_missing(inbox: Inbox) -> None:
    """And what waits is named once."""
    inbox.deliver("p.csv", prices("12:00"), "market_price_snapshot")
    inbox.deliver("m.csv", MEMBERS + member(1), "members")
    _, due = reached(inbox)
    missing = {f.subject.partition(":")[0] for f in due if f.rule_id == "LAND-MISSING-STREAM"}
    assert missing == {"trades", "trade_audit", "accounts"}
    (part,) = [finding for finding in due if finding.rule_id == "LAND-PART-OF-DAY"]
    assert part.subject == "market_price_snapshot: 2025-03-17"
    waits = part.detail.partition("not yet: ")[2].split(", ")
    assert waits == sorted(LATE)


def test_other_findings_stay(inbox: Inbox) -> None:
    inbox.deliver("p.csv", prices("12:00"), "market_price_snapshot")
    inbox.deliver("m.csv", MEMBERS + member(1), "members", sha256="0" * 64)
    landing = inbox.land(waiting=True)
    found = progress(read(landing).connection, DAY, True)
    assert ("LAND-HASH", "members: m.csv") in rules(landing)
    assert "LAND-HASH" in {finding.rule_id for finding in found.due(landing.findings)}


@pytest.mark.parametrize(("cycle", "landed"), [("12:00", True), ("EOD", True), ("13:00", False)])
def test_a_manifest_names_a_cycle_of_the_contract(inbox: Inbox, cycle, landed) -> None:
    inbox.deliver("p.csv", prices("12:00"), "market_price_snapshot", cycle=cycle)
    assert (rules(inbox.land()) == []) is landed
