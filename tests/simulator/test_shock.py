"""The shock day of a simulated venue: what the scenario promises, and that its money adds up."""

import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest

from reporting.simulator.api import SimulationError, simulate_venue
from reporting.simulator.clearing_house.shock.record import shock_record

from . import drop_reader

pytestmark = pytest.mark.slow
DAYS = 24
SEEDS = [1, 2, 3]


@pytest.fixture(scope="module", params=SEEDS)
def venue(request, tmp_path_factory):
    """(seed, days by name, what happened)."""
    out = tmp_path_factory.mktemp("shock") / "in"
    made = simulate_venue(out, DAYS, accounts=200, trades=2_000, seed=request.param, shock=True)
    days = {folder.name: folder for folder in drop_reader.days(out)}
    assert list(days)[-2] == made.shock.isoformat()
    return days, json.loads((out / "shock.json").read_text())


def _folder(days, back):
    return days[sorted(days)[-1 - back]]


def test_three_to_eight_accounts_lose_more_than_their_margin(venue):
    _, told = venue
    least, most = shock_record().accounts_beyond_margin
    assert least <= len(told["accounts_beyond_margin"]) <= most
    assert all(
        row["loss_centicents"] > row["margin_centicents"] for row in told["accounts_beyond_margin"]
    )


def test_the_default_goes_into_own_capital_and_the_survivors_fund(venue):
    days, told = venue
    used = told["used_centicents"]
    assert used["OWN-CAPITAL-1"] > 0 and used["SURVIVORS-FUND"] > 0 and not used["UNALLOCATED"]
    assert sum(used.values()) == told["loss_beyond_margin_centicents"]
    assert told["loss_beyond_margin_centicents"] == (
        told["unpaid_centicents"] + told["auction_cost_centicents"] - told["seized_centicents"]
    )
    # The same from the files: deposits that went, and the first tranche.
    before, after = (
        {
            row["member_id"]: int(row["deposited_centicents"])
            for row in drop_reader.rows(_folder(days, back), "guaranty_fund")
        }
        for back in (1, 0)
    )
    assert before[told["defaulted_member"]] == used["DEFAULTER-FUND"]
    assert after[told["defaulted_member"]] == 0
    (absent,) = told["auction"]["non_bidders"]
    assert after[absent] < before[absent]
    required = {
        row["member_id"]: int(row["required_centicents"])
        for row in drop_reader.rows(_folder(days, 0), "guaranty_fund")
    }
    short = sum(required.values()) - sum(after.values())
    # Less where a member that lost all is asked for less the day after.
    assert 0 < short <= used["SURVIVORS-FUND"]


def test_the_member_owes_on_the_shock_day_and_its_book_is_sold_the_day_after(venue):
    days, told = venue
    (flow,) = [
        row
        for row in drop_reader.rows(_folder(days, 1), "obligations")
        if row["account_id"] == told["defaulted_account"]
    ]
    owed = -int(flow["variation_centicents"]) - int(flow["fees_centicents"])
    assert owed == told["unpaid_centicents"] and flow["paid_time"] == ""
    status = [
        {r["member_id"]: r["status"] for r in drop_reader.rows(_folder(days, back), "members")}
        for back in (2, 1, 0)
    ]
    member = told["defaulted_member"]
    assert [of_day[member] for of_day in status] == ["active", "suspended", "defaulted"]
    own = {"before": Counter(), "after": Counter()}
    for name, back in (("before", 1), ("after", 0)):
        for row in drop_reader.rows(_folder(days, back), "position_snapshot"):
            if row["account_id"] == told["defaulted_account"]:
                own[name][row["ticker"]] = Decimal(row["long"]) - Decimal(row["short"])
    sold = defaultdict(Decimal)
    for row in drop_reader.rows(_folder(days, 0), "trade_audit"):
        if row["account_id"] == told["defaulted_account"]:
            sold[row["trade_id"]] += Decimal(row["quantity"])
    assert (
        sum(abs(qty) for qty in own["after"].values()) < sum(map(abs, own["before"].values())) / 20
    )
    assert sum(sold.values()) * 100 == told["auction"]["contracts_qty"]


def test_customers_are_ported_and_one_member_does_not_bid(venue):
    days, told = venue
    before, after = (
        {r["account_id"]: r["member_id"] for r in drop_reader.rows(_folder(days, back), "accounts")}
        for back in (1, 0)
    )
    moved = {account for account in before if before[account] != after[account]}
    assert moved == set(told["ported"]["accounts"])
    assert {after[account] for account in moved} <= {told["ported"]["to_member"]}
    bids = drop_reader.rows(_folder(days, 0), "bids")
    active = {
        row["member_id"]
        for row in drop_reader.rows(_folder(days, 0), "members")
        if row["status"] == "active"
    }
    silent = active - {row["member_id"] for row in bids}
    assert set(told["auction"]["non_bidders"]) == silent and len(silent) == 1
    best = max(bids, key=lambda row: Decimal(row["price"]))
    assert Decimal(best["price"]) == max(
        Decimal(r["price"]) for r in bids if r["member_id"] == told["auction"]["winner"]
    )


def test_calls_are_late_and_disputed_and_end_the_day_after(venue):
    days, told = venue
    states = {
        row["call_id"]: row["state"] for row in drop_reader.rows(_folder(days, 1), "margin_calls")
    }
    record = shock_record()
    assert sum(state == "late" for state in states.values()) == record.late_calls
    assert sum(state == "disputed" for state in states.values()) == record.disputed_calls
    ended = {
        row["call_id"]: (row["state"], row["dispute_outcome"])
        for row in drop_reader.rows(_folder(days, 0), "margin_calls")
    }
    assert all(ended[call][1] == "upheld" for call in told["disputed_calls"])


def test_far_events_hold_much_of_the_open_interest(venue):
    days, _ = venue
    ends, interest = {}, Counter()
    for folder in days.values():
        for row in drop_reader.rows(folder, "markets"):
            ends[row["ticker"]] = date.fromisoformat(row["expected_expiration_time"][:10])
    quiet = _folder(days, 2)
    for row in drop_reader.rows(quiet, "position_snapshot"):
        left = (ends[row["ticker"]] - date.fromisoformat(quiet.name)).days
        interest[30 <= left <= 365] += Decimal(row["long"])
    assert 0.35 < interest[True] / sum(interest.values()) < 0.6


def test_a_quarter_of_margined_accounts_keeps_hardly_more_than_its_margin(venue):
    days, _ = venue
    quiet = _folder(days, 2)
    kept = Counter()
    for row in drop_reader.rows(quiet, "collateral"):
        left = int(row["value_centicents"]) * (10_000 - int(row["haircut_bps"]))
        kept[row["account_id"]] += left // 10_000
    margined = {
        row["account_id"]
        for row in drop_reader.rows(quiet, "accounts")
        if row["margin_permission"] == "true"
    }
    charged = {
        row["account_id"]: int(row["initial_margin_centicents"])
        for row in drop_reader.rows(quiet, "margin_requirements")
    }
    ratios = [kept[a] / charged[a] for a in margined if charged.get(a)]
    tight = [ratio for ratio in ratios if 1.0 <= ratio <= 1.0501]
    assert 0.2 < len(tight) / len(ratios) < 0.3
    assert sum(ratio > 1.0501 for ratio in ratios) > len(tight)


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        simulate_venue(tmp_path / name, 10, accounts=60, trades=600, seed=5, shock=True)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert any(path.name == "shock.json" for path in files)
    for path in files:
        if (tmp_path / "one" / path).is_file():
            assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


def test_too_few_dates_for_a_shock_are_refused(tmp_path):
    with pytest.raises(SimulationError, match="too few for a shock; at least 10"):
        simulate_venue(tmp_path / "in", 9, accounts=60, trades=600, seed=1, shock=True)
