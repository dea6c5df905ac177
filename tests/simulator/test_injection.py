"""The injected errors: every kind, each one real, none on top of another."""

import json
from collections import Counter, defaultdict
from dataclasses import asdict
from decimal import Decimal

import pytest

from reporting.simulator.api import simulate_venue
from reporting.simulator.clearing_house.injected_errors import RULES

from . import drop_reader
from .plain_venue import PlainVenue

pytestmark = pytest.mark.slow

MARGIN = (
    "worst_case_centicents",
    "core_centicents",
    "add_ons_centicents",
    "initial_margin_centicents",
    "maintenance_margin_centicents",
)


@pytest.fixture(scope="module")
def differences(faulty_venue, clean_venue) -> dict[str, set]:
    """What is wrong with the reported figures, by column.

    Margin is held against the same venue without errors, everything else against the plain
    recompute.
    """
    plain, found = PlainVenue(), defaultdict(set)
    for folder in drop_reader.days(faulty_venue.out):
        day = folder.name
        plain.day(folder)
        net = defaultdict(Decimal)
        for (account, ticker, _), qty in plain.positions.items():
            net[account, ticker] += qty
        for row in drop_reader.rows(folder, "position_snapshot"):
            if (
                Decimal(row["long"]) - Decimal(row["short"])
                != net[row["account_id"], row["ticker"]]
            ):
                found["position"].add((day, f"{row['account_id']}/{row['ticker']}"))
        sent = set()
        for row in drop_reader.rows(folder, "market_price_snapshot"):
            sent.add(row["ticker"])
            if Decimal(row["settlement_price"]) != plain.marks[row["ticker"]]:
                found["mark"].add((day, row["ticker"]))
        held = {ticker for (_, ticker), qty in net.items() if qty}
        found["no mark"] |= {(day, ticker) for ticker in held - sent}
        rows, right = (
            {row["account_id"]: row for row in drop_reader.rows(where, "margin_requirements")}
            for where in (folder, clean_venue.out / day)
        )
        for account, expected in right.items():
            if account not in rows:
                found["missing"].add((day, account))
                continue
            for name in MARGIN:
                if rows[account][name] != expected[name]:
                    found[name].add((day, account))
        value = _collateral(folder)
        for row in drop_reader.rows(folder, "margin_calls"):
            if row["met_time"] > row["due_time"]:
                found["late"].add((day, row["call_id"]))
            account = row["account_id"]
            short = int(rows[account]["initial_margin_centicents"]) - value[account]
            if int(row["amount_centicents"]) != short:
                found["call"].add((day, account))
    return found


def test_list_beside_the_data_names_every_kind_once(faulty_venue):
    listed = json.loads((faulty_venue.out / "injected_errors.json").read_text())
    assert listed == [asdict(error) for error in faulty_venue.errors]
    assert Counter(error["kind"] for error in listed) == Counter(list(RULES))
    assert all(error["rule_id"] == RULES[error["kind"]] for error in listed)
    days = {error["business_date"] for error in listed}
    assert len(days) >= 4 and days <= {day.day.isoformat() for day in faulty_venue.days}


def test_each_error_is_in_the_figures_and_nothing_else_is_wrong(faulty_venue, differences):
    subjects = {e.kind: (e.business_date, e.subject) for e in faulty_venue.errors}
    assert differences["position"] == {subjects["WRONG_POSITION"]}
    assert differences["mark"] == {subjects["STALE_MARK"]}
    assert differences["missing"] == {subjects["MISSING_ACCOUNT"]}
    assert differences["late"] == {subjects["LATE_CALL"]}
    assert differences["no mark"] == {subjects["MISSING_MARK"]}
    assert differences["call"] == {subjects["SHORT_CALL"]}
    day, subject = subjects["WRONG_POSITION"]
    wrong_position = (day, subject.split("/")[0])
    not_stale = {
        name: {entry for entry in found if entry[0] != subjects["STALE_MARK"][0]}
        for name, found in differences.items()
    }
    charged = {wrong_position} | {
        subjects[kind]
        for kind in (
            "MISSED_NETTING",
            "WRONG_PARAMETER",
            "UNDER_CHARGED",
            "WRONG_WORST_CASE",
            "WRONG_CORE",
        )
    }
    # A core that is too low is behind the worst case where add-ons are large.
    for name in ("initial_margin_centicents", "maintenance_margin_centicents"):
        assert charged - {subjects["WRONG_CORE"]} <= not_stale[name] <= charged
    worst = not_stale["worst_case_centicents"]
    of_worst_case = {subjects["MISSED_NETTING"], subjects["WRONG_WORST_CASE"]}
    assert of_worst_case <= worst <= of_worst_case | {wrong_position}
    core = not_stale["core_centicents"]
    assert {subjects["WRONG_CORE"], subjects["WRONG_WORST_CASE"]} <= core <= charged
    extra = not_stale["add_ons_centicents"]
    assert extra <= {wrong_position, subjects["WRONG_PARAMETER"]}


def _collateral(folder) -> dict[str, int]:
    """Collateral after haircut by account, each holding rounded down."""
    value = defaultdict(int)
    for row in drop_reader.rows(folder, "collateral"):
        kept = int(row["value_centicents"]) * (10_000 - int(row["haircut_bps"]))
        value[row["account_id"]] += kept // 10_000
    return value


def test_on_the_stale_day_only_holders_are_charged_wrongly(faulty_venue, differences):
    (day, ticker) = next(iter(differences["mark"]))
    folder = faulty_venue.out / day
    holders = {
        (day, row["account_id"])
        for row in drop_reader.rows(folder, "position_snapshot")
        if row["ticker"] == ticker
    }
    wrong = {entry for entry in differences["worst_case_centicents"] if entry[0] == day}
    assert wrong and wrong <= holders


def test_without_errors_the_list_is_empty(clean_venue):
    assert clean_venue.errors == ()
    assert json.loads((clean_venue.out / "injected_errors.json").read_text()) == []


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_short_venues_carry_every_possible_kind(tmp_path, days, seed):
    made = simulate_venue(tmp_path / "in", days, accounts=60, trades=1_000, seed=seed)
    expected = set(RULES) - ({"STALE_MARK"} if days == 1 else set())
    assert {error.kind for error in made.errors} == expected
    accounts = [error.subject.split("/")[0] for error in made.errors if "-" not in error.subject]
    assert len(accounts) == len(set(accounts))
