"""Parts of a drill's record on a book made by hand: who pays first, caps, holding, and times.

One book throughout: A's house is long 100 of X, which falls from 0.50 to 0.30, so that it loses 20.
"""

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import pytest
from support.default_cases import DAY, FALLS, FundDay, X, case, drilled, rules
from support.waterfalls import layer

from reporting.model.stress.events import CloseOut
from reporting.studies.default_drill.close_out import close_or_hold_rows, close_out, closing_cost
from reporting.studies.default_drill.sections import replenishment_section
from reporting.studies.default_drill.timeline import timeline

ACCOUNTS = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
FREE = replace(FALLS, close_out=CloseOut((9,), 10_000, 0))
"""Closing out costs nothing: the loss is 200,000 centicents."""
REQUIRED = [("B", 200), ("C", 100)]
QUIET = {"hedge_most_trades": 0, "bid_participation_bps": 0}


def found(layers, bids=(), required=REQUIRED, scenario=FREE, **changes):
    day = FundDay(bids, required)
    return case(X, ACCOUNTS, scenario, layers=layers, day=day, rules=rules(**QUIET | changes))


@pytest.mark.parametrize(
    ("bids", "conduct", "paid"),
    [
        # The only bid is of nobody: B, who had to bid, pays before C, who is suspended.
        ([("HOUSE-Weather", "Z", "30", 1)], "no bid", {"B": 200, "C": 50}),
        # B takes the lot at its mark: it pays last.
        ([("HOUSE-Weather", "B", "30", 10_000)], "won", {"B": 150, "C": 100}),
    ],
)
def test_who_bid_badly_pays_first(bids, conduct, paid):
    """Own capital leaves 250 of the loss to the fund, in which B has 200 and C 100. By size it
    would be 167 and 83."""
    layers = (layer(1, "own_capital", 199_750), layer(2, "survivors_fund"))
    _, auction, done = drilled(found(layers, bids))
    assert auction.result.conduct == {"B": conduct}
    assert done.used("survivors_fund") == paid
    # Each pays back what of its own contribution is gone.
    assert done.replenishment.due == paid


@pytest.mark.parametrize(
    ("period_cap", "called"),
    [(20_000, {"B": 400, "C": 200}), (30_000, {"B": 600, "C": 300}), (0, {"B": 600, "C": 300})],
)
def test_the_cap_of_the_period_binds_assessments(period_cap, called):
    """3 times the contributions of 200 and 100 can be called for in a default; the loss needs more.
    A period's cap of 2 times binds, one of 3 does not, 0 is none."""
    layers = (layer(1, "own_capital", 199_000), layer(2, "assessment", cap=30_000))
    *_, done = drilled(found(layers, assessment_period_cap_bps=period_cap))
    assert done.used("assessment") == called


def test_the_cap_binds_replenishment():
    """The fund is gone. B has to have 300 and C 100 in it, and pay half of that in a period."""
    layers = (layer(1, "own_capital", 199_000), layer(2, "survivors_fund"))
    required = [("B", 300), ("C", 100)]
    *_, done = drilled(found(layers, required=required, replenishment_cap_bps=5_000))
    assert replenishment_section(done) == [
        {"member_id": "B", "due_centicents": 150, "beyond_cap_centicents": 150},
        {"member_id": "C", "due_centicents": 50, "beyond_cap_centicents": 50},
    ]


def test_the_cost_of_closing_out_grows_with_what_is_learned():
    """One contract at 0.30 in a market that trades five a day. All is learned in the period, so
    that the price deviates by phi(Phi^-1(0.3)) = 0.3476927. Half a spread of 0.01 and
    0.3476927 x sqrt(1 / 5) = 0.1554929, rounded up to the micro. A hundred contracts would cost
    155 cents each in impact: no more than their price is charged. A short one can lose 0.70."""
    made = case(X, ACCOUNTS, FALLS, rules=rules(**QUIET), volatility_ratio=100.0)
    assert closing_cost(made, {0: 100}) == 165_493
    assert closing_cost(made, {0: 10_000}) == 30_000_000
    assert closing_cost(made, {0: -10_000}) == 70_000_000


def test_close_or_hold_by_hand():
    """House: 100 long at 0.30 are worth 30; half a spread of 0.01 each is 1. Held, X pays 100 with
    a chance of 0.30, 30 on average: nothing lost, at worst all 30. A customer is short 30: worth
    -9, closing out costs 0.30; at worst 30 are paid: 21 more than now."""
    accounts = [*ACCOUNTS, ("A1", False, [-3_000], [0], 0)]
    made = case(X, accounts, FALLS, rules=rules(**QUIET))
    house, customers = close_or_hold_rows(made, close_out(made))
    assert house == {
        "side": "HOUSE",
        "event_ticker": "X",
        "value_micros": 30_000_000,
        "close_out_cost_micros": 1_000_000,
        "expected_cost_of_holding_micros": 0,
        "worst_cost_of_holding_micros": 30_000_000,
        "cheaper_on_average": "hold",
        "holding_can_cost_more": True,
    }
    assert customers == {
        "side": "CUSTOMERS",
        "event_ticker": "X",
        "value_micros": -9_000_000,
        "close_out_cost_micros": 300_000,
        "expected_cost_of_holding_micros": 0,
        "worst_cost_of_holding_micros": 21_000_000,
        "cheaper_on_average": "hold",
        "holding_can_cost_more": True,
    }


class DueDay(FundDay):
    """A date whose end-of-day payments are due at a time, as the feed says."""

    def __init__(self, due):
        super().__init__()
        self._due = due

    def read(self, name, **more):
        if name.endswith("/payment_due"):
            return SimpleNamespace(fetchone=lambda: (self._due,))
        return super().read(name, **more)


@pytest.mark.parametrize(
    ("stated", "due", "declared", "cycle_hour"),
    [
        # Midnight of New York is 04:00 UTC; without a stated time 10 hours later are 14:00.
        (None, "2026-05-05T14", "2026-05-05T15", 1),
        (datetime(2026, 5, 5, 13), "2026-05-05T13", "2026-05-05T14", 2),
        # Due before it was known: it does not count.
        (datetime(2026, 5, 5, 3), "2026-05-05T14", "2026-05-05T15", 1),
        # Declared at 16:00 UTC, noon of New York: that cycle is over, the next is at 20:00.
        (datetime(2026, 5, 5, 15), "2026-05-05T15", "2026-05-05T16", 4),
    ],
)
def test_hours_of_the_timeline(stated, due, declared, cycle_hour):
    made = case(X, ACCOUNTS, FALLS, day=DueDay(stated), rules=rules(**QUIET))
    times = timeline(made, close_out(made))
    assert f"{times.cycle:%Y-%m-%dT%H}" == "2026-05-05T04"
    assert (f"{times.due:%Y-%m-%dT%H}", f"{times.declared:%Y-%m-%dT%H}") == (due, declared)
    assert (times.cycle_hour, times.auction_hour) == (cycle_hour, 10)


def test_entries_of_the_timeline():
    """Declared on 5 May at 15:00 UTC. A future is closed out in a day: until then there are the
    cycles of noon and 16:00 in New York and the end of the day."""
    made = case(X, ACCOUNTS, FALLS, day=DueDay(None), rules=rules(**QUIET))
    entries = {row["what"]: row for row in timeline(made, close_out(made)).entries}
    at = {what: (row["utc"], row["minutes"]) for what, row in entries.items()}
    assert at["end-of-day cycle: the obligation is known"] == ("2026-05-05T04:00:00Z", -660)
    assert at["bids due"] == ("2026-05-06T00:00:00Z", 540)
    assert at["auction result"] == ("2026-05-06T01:00:00Z", 600)
    assert at["assessments due"] == ("2026-05-07T04:00:00Z", 2_220)
    assert at["end of the liquidation period of 1 days"] == ("2026-05-06T15:00:00Z", 1_440)
    cycles = {what: when for what, when in at.items() if what.startswith("settlement cycle")}
    assert cycles == {
        f"settlement cycle 12:00 of {DAY.replace(day=5)}": ("2026-05-05T16:00:00Z", 60),
        f"settlement cycle 16:00 of {DAY.replace(day=5)}": ("2026-05-05T20:00:00Z", 300),
        f"settlement cycle EOD of {DAY.replace(day=5)}": ("2026-05-06T04:00:00Z", 780),
    }
    assert [row["minutes"] for row in entries.values()] == sorted(m for _, m in at.values())
