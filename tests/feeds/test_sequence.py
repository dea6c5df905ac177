"""Duplicates, conflicts, gaps, and the order in which files land."""

from dataclasses import astuple, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.delivery import DAY, Inbox, rules, trade
from reporting.feeds.api import KnownFile
from reporting.feeds.records import Landing, Status
from reporting.feeds.sequence import decide

YESTERDAY = DAY - timedelta(days=1)


def known(
    sequence: int, sha256: str = "0" * 64, day: date = YESTERDAY, status: str = "LANDED"
) -> KnownFile:
    return KnownFile("venue", "trades", sequence, sha256, day, status)


def put(inbox: Inbox, name: str, sequence: int, trade_id: str = "") -> str:
    content = trade(trade_id=trade_id or name) + "\n"
    inbox.deliver(f"{name}.ndjson", content, "trades", sequence=sequence)
    return inbox.manifest("", content.encode(), "trades")["sha256"]


def outcome(landing: Landing) -> dict[str, str]:
    return {file.name.removesuffix(".ndjson"): file.status.value for file in landing.files}


def test_the_same_bytes_again_are_a_no_op(inbox: Inbox) -> None:
    sha256 = put(inbox, "a", 7)
    landing = inbox.land(known=[known(7, sha256)])
    assert outcome(landing) == {"a": "DUPLICATE"}
    assert rules(landing) == []


def test_the_same_bytes_under_two_numbers_count_once(inbox: Inbox) -> None:
    put(inbox, "a", 1, "same")
    put(inbox, "b", 2, "same")
    assert outcome(inbox.land()) == {"a": "LANDED", "b": "DUPLICATE"}


def test_a_return_to_earlier_bytes_is_said_and_does_not_land(inbox: Inbox) -> None:
    """Numbers 1, 2, 3 with bytes A, B, A: is the third a repetition or a correction back?"""
    put(inbox, "a", 1, "first")
    put(inbox, "b", 2, "second")
    put(inbox, "c", 3, "first")
    put(inbox, "d", 4, "second")
    landing = inbox.land()
    assert outcome(landing) == {"a": "LANDED", "b": "LANDED", "c": "DUPLICATE", "d": "DUPLICATE"}
    assert rules(landing) == [("LAND-SEQUENCE-RETURN", "trades: c.ndjson")]


def test_the_same_list_on_the_next_day_lands(inbox: Inbox) -> None:
    """A whole list is sent every day; nothing new in it does not make it a duplicate."""
    sha256 = put(inbox, "a", 8)
    assert outcome(inbox.land(known=[known(7, sha256)])) == {"a": "LANDED"}


def test_other_bytes_under_a_number_that_landed_are_blocked(inbox: Inbox) -> None:
    sha256 = put(inbox, "a", 7)
    landing = inbox.land(known=[known(7)])
    assert outcome(landing) == {"a": "BLOCKED"}
    assert rules(landing) == [("LAND-SEQUENCE-CONFLICT", "trades: a.ndjson")]
    released = inbox.land(known=[known(7)], accepted=frozenset({sha256}))
    assert (outcome(released), rules(released)) == ({"a": "LANDED"}, [])


def test_two_files_of_one_day_under_one_number_are_both_blocked(inbox: Inbox) -> None:
    first, second = put(inbox, "a", 1), put(inbox, "b", 1)
    landing = inbox.land()
    assert outcome(landing) == {"a": "BLOCKED", "b": "BLOCKED"}
    assert [rule for rule, _ in rules(landing)] == ["LAND-SEQUENCE-CONFLICT"] * 2
    released = inbox.land(accepted=frozenset({second}))
    assert (outcome(released), rules(released)) == ({"a": "BLOCKED", "b": "LANDED"}, [])
    both = inbox.land(accepted=frozenset({first, second}))
    assert outcome(both) == {"a": "BLOCKED", "b": "BLOCKED"}


def test_a_refused_number_may_be_sent_again(inbox: Inbox) -> None:
    put(inbox, "a", 7)
    landing = inbox.land(known=[known(6), known(7, status="REFUSED")])
    assert (outcome(landing), rules(landing)) == ({"a": "LANDED"}, [])


def test_a_blocked_number_stays_blocked_for_others(inbox: Inbox) -> None:
    put(inbox, "a", 7)
    landing = inbox.land(known=[known(7, status="BLOCKED")])
    assert outcome(landing) == {"a": "BLOCKED"}


def test_a_gap_waits_before_the_cut_off_and_is_a_finding_after(inbox: Inbox) -> None:
    put(inbox, "a", 7)
    put(inbox, "b", 9)
    before = inbox.land(known=[known(6)], waiting=True)
    assert (outcome(before), rules(before)) == ({"a": "LANDED", "b": "WAITING"}, [])
    after = inbox.land(known=[known(6)])
    assert outcome(after) == {"a": "LANDED", "b": "LANDED"}
    (finding,) = [found for found in after.findings if found.rule_id == "LAND-SEQUENCE-GAP"]
    assert finding.subject == "trades: b.ndjson"
    assert finding.detail == "number 8 is missing before number 9 of venue"


def test_the_first_number_ever_and_a_late_one_are_no_gap(inbox: Inbox) -> None:
    put(inbox, "a", 41)
    assert rules(inbox.land()) == []
    assert rules(inbox.land(known=[known(60)])) == []


def test_a_number_of_a_later_date_is_no_gap(inbox: Inbox) -> None:
    """A correction of an old date is sent after the files of the dates in between."""
    put(inbox, "a", 7)
    put(inbox, "correction", 9)
    tomorrow = DAY + timedelta(days=1)
    assert rules(inbox.land(known=[known(6), known(8, day=tomorrow)])) == []

    content = trade(trade_id="of tomorrow") + "\n"
    inbox.deliver("b.ndjson", content, "trades", sequence=8, business_date=tomorrow.isoformat())
    assert rules(inbox.land(known=[known(6)])) == []
    before = inbox.land(known=[known(6)], waiting=True)
    assert outcome(before) == {"a": "LANDED", "correction": "LANDED"}


def test_a_number_in_a_folder_that_was_not_run_again_is_no_gap(inbox: Inbox) -> None:
    """A correction lies in an older date's folder, which no run has looked at since."""
    content = trade(trade_id="of yesterday") + "\n"
    inbox.deliver("b.ndjson", content, "trades", sequence=7, business_date=YESTERDAY.isoformat())
    put(inbox, "a", 8)
    assert rules(inbox.land(known=[known(6)])) == []


def test_a_correction_of_an_old_date_hides_no_gap_of_a_later_one(inbox: Inbox) -> None:
    """Number 9 corrects the day before yesterday; number 7 of today is still missing."""
    put(inbox, "a", 8)
    before = [known(9, day=YESTERDAY - timedelta(days=1)), known(6)]
    (finding,) = inbox.land(known=before).findings[:1]
    assert finding.detail == "number 7 is missing before number 8 of venue"


def test_a_gap_names_what_no_date_has(inbox: Inbox) -> None:
    put(inbox, "a", 12)
    tomorrow = DAY + timedelta(days=1)
    (finding,) = inbox.land(known=[known(6), known(8, day=tomorrow)]).findings[:1]
    assert finding.detail == "numbers 7, 9 to 11 are missing before number 12 of venue"


def test_a_run_again_does_not_look_at_its_own_or_later_days(inbox: Inbox) -> None:
    put(inbox, "a", 7)
    later = [known(7, day=DAY), known(7, day=DAY + timedelta(days=1), status="BLOCKED")]
    assert outcome(inbox.land(known=[known(6), *later])) == {"a": "LANDED"}


def test_streams_are_counted_apart(inbox: Inbox) -> None:
    put(inbox, "a", 1)
    other = replace(known(1), stream="markets")
    assert outcome(inbox.land(known=[other])) == {"a": "LANDED"}


_numbers = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=8)


@given(today=_numbers, before=_numbers, order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(inbox_file, today, before, order) -> None:
    """Whatever arrives, in whatever order: the same decision, and one claim per number."""
    files = [
        replace(inbox_file, name=f"f{n}", sequence=number, file_sha256=str(content) * 64)
        for n, (number, content) in enumerate(today)
    ]
    past = [known(number, str(content) * 64) for number, content in before]
    decided, findings = decide(files, past, DAY, frozenset(), False)
    shuffled = order.sample(files, len(files))
    again, findings_again = decide(shuffled, past, DAY, frozenset(), False)
    assert list(map(astuple, decided)) == list(map(astuple, again))
    assert findings == findings_again
    landed = [file for file in decided if file.status == Status.LANDED]
    assert len({file.sequence for file in landed}) == len(landed)
    assert not {file.sequence for file in landed} & {number for number, _ in before}
