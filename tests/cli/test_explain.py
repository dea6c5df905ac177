"""``reporting explain``: from an account's margin break to the trades, with file and line.

What must be printed is read from the drop folder and from the simulator's list of injected
errors, not from the lake.
"""

import csv
import re
from decimal import Decimal

import pytest
from click.testing import CliRunner
from support import venues
from support.venues import DAYS

from reporting.cli.explain import explain
from reporting.errors import UserError

pytestmark = pytest.mark.xdist_group("venue-0")


def _say(settings, *arguments: object):
    return CliRunner().invoke(explain, [*map(str, arguments), "--home", str(settings.home)])


def _error(settings, kind: str) -> dict:
    return next(error for error in venues.injected(settings.input) if error["kind"] == kind)


def _sides(settings, day, account: str, ticker: str) -> list[tuple[Decimal, str, int]]:
    """Signed contracts, trade and line of an account's trades in a market, from the files."""
    lines = venues.file_of(settings.input, day, "trades").read_text().splitlines()
    of_market = {re.search(r'"trade_id": ?"([^"]+)"', x)[1] for x in lines if f'"{ticker}"' in x}
    with open(venues.file_of(settings.input, day, "trade_audit"), newline="") as file:
        return [
            (Decimal(row["quantity"]) * (1 if row["side"] == "yes" else -1), row["trade_id"], line)
            for line, row in enumerate(csv.DictReader(file), start=2)
            if row["account_id"] == account and row["trade_id"] in of_market
        ]


def test_a_position_break_is_followed_to_its_trades(finished):
    """The position that was reported wrongly comes first, with both quantities, the venue's
    line, what was carried from the day before and each trade with its line."""
    error = _error(finished, "WRONG_POSITION")
    account, ticker = error["subject"].split("/")
    theirs, ours = map(Decimal, re.findall(r"-?[\d.]+(?= contracts|$)", error["detail"]))
    day = next(day for day in DAYS if day.isoformat() == error["business_date"])
    done = _say(finished, "--account", account, "--date", day)
    assert done.exit_code == 0
    head, first = done.output.split("\n\n")[:2]
    assert head.startswith(f"{day}  account {account}\n  member ")
    assert " by POSITION\n" in head
    assert re.search(rf"RECOMPUTE-POSITION  {account}/{re.escape(ticker)}: ", head)

    said = f"{ticker}  rebuilt {ours:+,.2f}, venue {theirs:+,.2f}: DIFFERS by {theirs - ours:+,.2f}"
    assert said in first
    snapshot = venues.file_of(finished.input, day, "position_snapshot")
    lines = snapshot.read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if f",{account},{ticker}," in line)
    assert f"{snapshot.name} line {number})" in first

    sides = [_sides(finished, past, account, ticker) for past in DAYS if past <= day]
    carried = sum(qty for past in sides[:-1] for qty, _, _ in past)
    assert sum(qty for qty, _, _ in sides[-1]) + carried == ours
    audit = venues.file_of(finished.input, day, "trade_audit").name
    entries = first.splitlines()[1:]
    assert len(entries) == len(sides[-1]) + (carried != 0)
    for qty, trade, line in sides[-1]:
        (entry,) = (entry for entry in entries if trade in entry)
        assert entry.split()[0] == f"{qty:+,.2f}"
        assert entry.endswith(f"  {audit} line {line}")


def test_a_missing_margin_and_an_account_that_agrees(finished):
    """An account without a margin row of the venue is said to have none; one that was charged
    right shows no effects."""
    error = _error(finished, "MISSING_ACCOUNT")
    done = _say(finished, "--account", error["subject"], "--date", error["business_date"])
    assert "MISSING" in done.output and "charged none" in done.output
    assert "venue's row     no row of the venue" in done.output
    wrong = {error["subject"].partition("/")[0] for error in venues.injected(finished.input)}
    with open(venues.file_of(finished.input, DAYS[0], "margin_requirements"), newline="") as file:
        rows = list(enumerate(csv.DictReader(file), start=2))
    line, row = next((line, row) for line, row in rows if row["account_id"] not in wrong)
    done = _say(finished, "--account", row["account_id"], "--date", DAYS[0])
    charged = f"{Decimal(row['initial_margin_centicents']) / 10_000:,.4f}".removesuffix("00")
    assert f"MATCH\n  initial margin  charged ${charged}, recomputed ${charged}," in done.output
    assert "due to" not in done.output
    assert re.search(rf"venue's row     margin_requirements\S* line {line}\n", done.output)


def test_the_newest_date_and_a_limit(finished):
    """Without a date it is the newest; what a limit leaves out is counted."""
    account = _error(finished, "WRONG_POSITION")["subject"].partition("/")[0]
    whole = _say(finished, "--account", account)
    assert whole.output.startswith(f"{DAYS[-1]}  account {account}\n")
    entries = re.findall(r"^ {4,}[+-][\d,.]+ ", whole.stdout, re.MULTILINE)
    short = _say(finished, "--account", account, "--limit", 1)
    assert len(re.findall(r"^ {4,}[+-][\d,.]+ ", short.stdout, re.MULTILINE)) == 1
    assert f"{len(entries) - 1} more entries are not shown" in short.stderr


@pytest.mark.parametrize("asked", [("NOBODY", "2026-05-04"), ("A000001", "2031-01-01")])
def test_an_unknown_account_or_date_is_one_line(finished, asked):
    done = _say(finished, "--account", asked[0], "--date", asked[1])
    assert isinstance(done.exception, UserError)
    assert f"{asked[1]} has no account {asked[0]!r}" in str(done.exception)
    assert done.output == ""
