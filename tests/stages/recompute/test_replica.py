"""The second margin model on a simulated venue: it rebuilds what the system recomputed.

The venue's margin schedule is replaced by one with every parameter at work, so that no part of
the model is zero for everybody.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
from model.schedules import PARAMETERS
from support import venues
from support.hand_rows import Tables
from support.venues import DAY_1, DAY_2, DAYS

from reporting.cli import main as cli
from reporting.errors import UserError
from reporting.lake import open_lake
from reporting.replica import ContractPrices
from reporting.settings import Settings
from reporting.stages.recompute.comparison import replica_check
from reporting.studies.replicate import Rebuilding
from reporting.wording.dollars import exact as dollars

DRAWS = 200_000

HAIRCUTS = {"cash": 0, "treasury": 200}
TIED = {"treasury": ["Sports"], "cash": ["SIMPRIZE1"]}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("replica")]

CHECKED = "recompute.replica_checks"


def _replace_schedule(drop: Path) -> None:
    for day in DAYS:
        file = venues.file_of(drop, day, "margin_schedule")
        said = json.loads(venues.manifest_path(file).read_text())
        ramp = {"ramp_tau0_seconds": 0, "ramp_tau1_seconds": 432_000}
        collateral = {"haircuts_bps": HAIRCUTS, "tied_collateral": TIED}
        parameters = json.dumps(PARAMETERS | ramp | collateral)
        quoted = '"' + parameters.replace('"', '""') + '"'
        file.write_text(
            "version,effective_date,approver,reason,parameters\n"
            f"TEST-1,2026-01-01,committee,test,{quoted}\n"
        )
        venues.promise(file, day, "margin_schedule", said["sender"], said["sequence"])


@pytest.fixture(scope="module")
def settings(shared_root: Path, empty_home: Path) -> Settings:
    """A home in which both days of that venue were recomputed. Look, change nothing."""

    def make(folder: Path) -> None:
        made = venues.settings_of(folder / "home", folder / "in", replica_draws=DRAWS)
        venues.simulate(made.input, 11, errors=False)
        _replace_schedule(made.input)
        venues.copy_home(empty_home, made.home)
        venues.run_days(made, stages=("land", "validate", "recompute"))

    folder = venues.made_once(shared_root, "replica", make)
    return venues.settings_of(folder / "home", folder / "in", replica_draws=DRAWS)


@pytest.fixture(scope="module")
def rebuildings(settings) -> Iterator[dict[date, Rebuilding]]:
    """Both days of that venue."""
    with ExitStack() as stack:
        lakes = {day: stack.enter_context(open_lake(settings, read_only=True)) for day in DAYS}
        yield {day: Rebuilding(lake, settings.scenarios, day) for day, lake in lakes.items()}


def _rows(settings: Settings, table: str, day: date) -> list[dict]:
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            f"SELECT * FROM lake.{table} WHERE business_date = ? ORDER BY account_id", [day]
        )
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _accounts(settings: Settings, day: date) -> list[str]:
    return [row["account_id"] for row in _rows(settings, "recompute.account_margin", day)]


@pytest.mark.parametrize("day", DAYS)
def test_every_account_is_rebuilt_from_the_published_file(settings, rebuildings, day):
    """What is whole agrees exactly; what is float64 to 1e-9 of the worst case, which is less
    than a centicent here, but each of core and add-ons may round up to the next."""
    moved = 0
    for account in _accounts(settings, day):
        found = rebuildings[day].account(account)
        for row in found.compared:
            exact = row.name in ("worst_case", "collateral")
            assert abs(row.rebuilt - row.recomputed) <= (0 if exact else 2), (account, row)
        moved += any(found.amounts.margined.tail.losses)
    assert moved >= 5


def test_the_scenarios_are_drawn_again_by_the_published_rule(settings, rebuildings):
    accounts = _accounts(settings, DAY_2)[:6]
    said = [rebuildings[DAY_2].account(account, redraw=True).prices for account in accounts]
    contracts = [re.search(r"(\d+) contracts agree with", words) for words in said]
    assert all(contracts), said
    assert sum(int(match[1]) for match in contracts) > 0


def test_prices_that_are_apart_are_named(settings, rebuildings, monkeypatch):
    """One price of every contract of the file is a hundredth of a cent higher."""
    (path,) = (settings.scenarios / DAY_2.isoformat()).glob("*.parquet")
    moved = {}
    for row in pyarrow.parquet.read_table(path).to_pylist():
        at_zero = row["prices_at_zero"]
        at_zero[3] += 1e-4
        moved[row["ticker"]] = ContractPrices(row["model_price"], row["prices_at_rho"], at_zero)
    monkeypatch.setattr("reporting.studies.replicate.published_prices", lambda *_: moved)
    accounts = _accounts(settings, DAY_2)[:6]
    said = [rebuildings[DAY_2].account(account, redraw=True).prices for account in accounts]
    assert any("DIFFER" in words and "by 1.0e-04" in words for words in said)


def test_only_the_published_file_counts(settings, tmp_path):
    """Its last byte is changed; then it is gone. Draws need no file, and say so."""
    folder = tmp_path / "scenarios"
    shutil.copytree(settings.scenarios, folder)
    (path,) = (folder / DAY_2.isoformat()).glob("*.parquet")
    account = _accounts(settings, DAY_2)[0]
    with open_lake(settings, read_only=True) as lake:
        rebuilding = Rebuilding(lake, folder, DAY_2)
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        with pytest.raises(UserError, match="SHA-256"):
            rebuilding.account(account)
        path.unlink()
        with pytest.raises(UserError, match="is missing"):
            rebuilding.account(account)
        assert "not compared" in rebuilding.account(account, redraw=True).prices


def test_an_unknown_date_or_account_says_which_exist(settings, rebuildings):
    with pytest.raises(UserError, match=r"holds nothing on 2026-05-05; .*: A0000.* in all"):
        rebuildings[DAY_2].account("X")
    no_day = pytest.raises(UserError, match=r"not run; .*: 2026-05-04, 2026-05-05")
    with open_lake(settings, read_only=True) as lake, no_day:
        Rebuilding(lake, settings.scenarios, DAY_2.replace(month=6))


def test_the_command_explains_and_compares(settings, monkeypatch, capsys):
    """The three columns at the end; the account's own positions before them."""
    (row, *_) = _rows(settings, "recompute.account_margin", DAY_2)
    (charged,) = (
        each["initial_margin_centicents"]
        for each in _rows(settings, "validate.margin_requirements", DAY_2)
        if each["account_id"] == row["account_id"] and each["cycle"] == "EOD"
    )
    arguments = ("--account", row["account_id"], "--date", "2026-05-05", "--home", settings.home)
    monkeypatch.setattr(sys, "argv", ["reporting", "replicate", *map(str, arguments)])
    cli.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"Account {row['account_id']} on 2026-05-05, schedule TEST-1")
    position = next(r for r in _rows(settings, "recompute.positions", DAY_2) if r["closing_qty"])
    quantity = f"{position['closing_qty'] / 100:,.2f}"
    assert any(line.split()[:2] == [position["ticker"], quantity] for line in lines)
    (initial,) = (line for line in lines if re.match(r"initial margin +\$", line))
    assert initial.split()[3:5] == [
        dollars(row["initial_margin_centicents"]),
        dollars(charged),
    ]


def test_a_mistake_is_one_line(settings, monkeypatch, capsys):
    arguments = ("--account", "X", "--date", "2026-05-05", "--home", settings.home)
    monkeypatch.setattr(sys, "argv", ["reporting", "replicate", *map(str, arguments)])
    with pytest.raises(SystemExit):
        cli.main()
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1


@pytest.mark.parametrize("day", DAYS)
def test_the_daily_check_has_both_results(settings, rebuildings, day):
    """At most three accounts, within the draws of a day, and both agree."""
    rows = _rows(settings, CHECKED, day)
    assert 1 <= len(rows) <= replica_check.ACCOUNTS
    assert sum(row["draws"] for row in rows) <= DRAWS
    for row in rows:
        assert row["worst_case_micros"] == row["replica_worst_case_micros"]
        for name in set(AMOUNTS) - {"worst_case_micros"}:
            assert abs(row[name] - row[f"replica_{name}"]) <= 2, (row["account_id"], name)


class OneDay:
    business_date = DAY_1


@pytest.mark.parametrize("given", ["ABCDEFGHIJKL", "LKJIHGFEDCBA"])
def test_the_sample_is_by_hash_of_date_and_account(given):
    """printf '2026-05-04 A' | sha256sum, and so on to L, gives this order."""
    assert "".join(replica_check.candidates(OneDay, list(given))) == "DAEFKIJLBG"


AMOUNTS = {
    "worst_case_micros": 500_000_000_000_000,
    "expected_shortfall_centicents": 1_000_000,
    "core_centicents": 1_000_000,
    "add_ons_centicents": 50_000,
    "initial_margin_centicents": 1_050_000,
}


@pytest.mark.parametrize(
    ("name", "difference", "found"),
    [
        ("worst_case_micros", 0, False),
        ("worst_case_micros", 1, True),
        # A billionth of 500 million dollars is 0.5 dollars, 5,000 centicents; and one.
        ("core_centicents", 5001, False),
        ("core_centicents", -5002, True),
        ("expected_shortfall_centicents", 5001, False),
        ("expected_shortfall_centicents", 5002, True),
        ("add_ons_centicents", -1, False),
        ("add_ons_centicents", 2, True),
        # The rounding of both.
        ("initial_margin_centicents", 5002, False),
        ("initial_margin_centicents", -5003, True),
    ],
)
def test_the_rule_finds_what_is_apart(tables: Tables, name, difference, found):
    theirs = {f"replica_{key}": value for key, value in AMOUNTS.items()}
    theirs[f"replica_{name}"] += difference
    tables.put(CHECKED, DAY_1, account_id="A", draws=0, **AMOUNTS, **theirs)
    expected = [("A", "", None)] if found else []
    assert tables.found("RECOMPUTE-REPLICA", DAY_1) == expected


def test_tied_collateral_counts_nothing(settings):
    """Treasuries count nothing for who holds an event of a category, cash nothing for who holds
    one of a series; a type without a haircut is worth nothing to anybody."""
    with open_lake(settings, read_only=True) as lake:
        held = lake.connection.execute(
            "SELECT DISTINCT account_id, category, series_ticker FROM recompute.positions"
            " JOIN recompute.contracts USING (business_date, ticker)"
            " WHERE business_date = ? AND closing_qty <> 0",
            [DAY_2],
        ).fetchall()
        holdings = lake.connection.execute(
            "SELECT account_id, asset_type, value_centicents FROM validate.collateral"
            " WHERE business_date = ?",
            [DAY_2],
        ).fetchall()
        counted = dict(
            lake.connection.execute(
                "SELECT account_id, collateral_value_centicents FROM recompute.account_margin"
                " WHERE business_date = ?",
                [DAY_2],
            ).fetchall()
        )
    names = {account: set() for account in counted}
    for account, category, series in held:
        names[account] |= {category, series}
    expected, tied = dict.fromkeys(counted, 0), set()
    for account, asset, value in holdings:
        if account in names and names[account] & set(TIED.get(asset, ())):
            tied.add(asset)
        elif account in names:
            expected[account] += value * (10_000 - HAIRCUTS.get(asset, 10_000)) // 10_000
    assert counted == expected
    assert tied == set(TIED) and any(expected.values())
