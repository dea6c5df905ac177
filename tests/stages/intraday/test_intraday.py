"""A date that arrives in parts: margin and alerts of its cycles, worked out by hand.

The drop folder is made by ``intraday_drop``; nothing here was copied from the program.
"""

from datetime import date
from pathlib import Path

import pytest
import yaml
from support import venues
from support.intraday_drop import MON, TUE, Sender, ticker
from support.intraday_run import AFTERNOON, NEXT_DAY, NOON, rows, run

from reporting.engine.intraday_scope import MADE_INTRADAY, WAITS
from reporting.engine.tables import stage_tables
from reporting.lake import Lake, open_lake
from reporting.rulebook import Status, thresholds
from reporting.stages.run import days_to_run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("intraday")]

CYCLE_TABLES = ("cycles", "cycle_marks", "cycle_positions", "cycle_collateral", "cycle_margin")


def cycle_contents(lake: Lake) -> dict[str, list]:
    names = (*CYCLE_TABLES, "cycle_alerts", "cycle_breaks")
    return {name: rows(lake, f"recompute.{name}") for name in names}


class Ran:
    """What the lake held after each part of Tuesday, and what the stages said."""

    def __init__(self, root: Path, empty_home: Path) -> None:
        self.settings = venues.settings_of(root / "home", root / "in")
        venues.copy_home(empty_home, self.settings.home)
        sender = Sender(self.settings.input)
        sender.monday()
        run(self.settings, MON, NEXT_DAY)
        self.results, self.contents, self.findings = {}, {}, {}
        for part, now in (("noon", NOON), ("afternoon", AFTERNOON), ("evening", NEXT_DAY)):
            getattr(sender, part)()
            stages = ("validate", "recompute", "stress", "disclose")
            self.results[part] = run(self.settings, TUE, now, *stages)
            with open_lake(self.settings, read_only=True) as lake:
                self.contents[part] = cycle_contents(lake)
                found = venues.findings(lake, ("INFO", "WARN", "ERROR"))
                self.findings[part] = [row for row in found if row["business_date"] == TUE]


@pytest.fixture(scope="module")
def ran(tmp_path_factory, empty_home):
    """Concentration is looked for from 100 contracts of open interest on."""
    folder = tmp_path_factory.mktemp("intraday")
    policy = yaml.safe_load(thresholds.THRESHOLDS.read_text())
    policy[-1]["concentration_least_qty"] = 10_000
    path = folder / "thresholds.yaml"
    path.write_text(yaml.safe_dump(policy))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thresholds, "THRESHOLDS", path)
        thresholds._load.cache_clear()
        yield Ran(folder, empty_home)
    thresholds._load.cache_clear()


@pytest.fixture(scope="module")
def lake(ran):
    with open_lake(ran.settings, read_only=True) as opened:
        yield opened


def test_positions_and_variation_of_each_cycle(lake):
    """A trade at the time of the cycle counts, one a second later does not. KXC8 is settled at
    11:00 New York: +10 x (1 - 0.50). Both kinds of collateralisation move."""
    found = rows(
        lake,
        "recompute.cycle_positions",
        *("cycle", "account_id", "closing_qty", "variation_micros"),
        where=f"ticker = '{ticker('KXA')}'",
    )
    assert found == [
        # 100 x (0.25 - 0.50) - 10 x (0.25 - 0.40)
        ("12:00", "ALFA", 9_000, -23_500_000),
        ("12:00", "BETA", 200, 0),
        ("12:00", "DELTA", 2_000, -5_000_000),
        # -120 x (0.25 - 0.50) + 10 x (0.25 - 0.40) - 2 x 0
        ("12:00", "MAKER", -11_200, 28_500_000),
        ("16:00", "ALFA", 9_000, -5_500_000),
        ("16:00", "BETA", 200, 400_000),
        ("16:00", "DELTA", 2_000, -1_000_000),
        ("16:00", "GAMMA", 100, 0),
        ("16:00", "MAKER", -11_300, 6_100_000),
    ]
    settled = rows(
        lake,
        "recompute.cycle_positions",
        *("cycle", "account_id", "closing_qty", "variation_micros"),
        where=f"ticker = '{ticker('KXC8')}'",
    )
    assert settled == [
        (cycle, account, 0, sign * 5_000_000)
        for cycle in ("12:00", "16:00")
        for account, sign in (("GAMMA", 1), ("MAKER", -1))
    ]


MARGIN = (
    *("cycle", "account_id", "worst_case_centicents", "core_centicents"),
    *("initial_margin_centicents", "collateral_value_centicents", "variation_centicents"),
    *("margined_variation_centicents", "shortfall_centicents"),
)


def test_margin_and_shortfall_of_each_cycle(lake):
    """KXB can cost all in the scenarios and may resolve within the liquidation day, as any may.

    ALFA 90 x 0.25, all of it one cluster; short 22.5 - (40 - 23.5). BETA: KXB 12; KXA 0.5, which
    moves in no scenario. GAMMA: seven markets of 5, and what it is owed counts.
    MAKER at 12:00: KXA 112 x 0.75 = 84, KXB 45 x 0.7 = 31.5, seven markets of 5.
    """
    assert rows(lake, "recompute.cycle_margin", *MARGIN) == [
        ("12:00", "ALFA", *[225_000] * 3, 400_000, -235_000, -235_000, 60_000),
        ("12:00", "BETA", 125_000, 120_000, 120_000, 200_000, 0, 0, 0),
        ("12:00", "DELTA", *[50_000] * 3, 100_000, -50_000, 0, 0),
        ("12:00", "GAMMA", 350_000, 50_000, 50_000, 200_000, 50_000, 50_000, 0),
        ("12:00", "LINK", *[15_000] * 3, 50_000, 0, 0, 0),
        ("12:00", "MAKER", 1_505_000, *[840_000] * 2, 2_000_000, *[235_000] * 2, 0),
        ("16:00", "ALFA", *[405_000] * 3, 500_000, -55_000, -55_000, 0),
        ("16:00", "BETA", 129_000, 120_000, 120_000, 200_000, 4_000, 4_000, 0),
        ("16:00", "DELTA", *[90_000] * 3, 100_000, -10_000, 0, 0),
        ("16:00", "GAMMA", 354_500, 50_000, 50_000, 200_000, 50_000, 50_000, 0),
        ("16:00", "LINK", *[15_000] * 3, 50_000, 0, 0, 0),
        ("16:00", "MAKER", 1_286_500, *[621_500] * 2, 2_000_000, *[11_000] * 2, 0),
    ]


SPLIT = (
    *("status", "cause", "difference_centicents", "position_effect_centicents"),
    *("mark_effect_centicents", "netting_effect_centicents", "parameter_effect_centicents"),
    *("residual_centicents", "worst_case_unexplained", "core_unexplained"),
)


def test_what_the_venue_charges_at_a_cycle_is_compared(ran, lake):
    """Two accounts are charged at 12:00, BETA a dollar too little; nobody is at 16:00. What is
    missing cannot be split."""
    missing = {"DELTA": 50_000, "GAMMA": 50_000, "LINK": 15_000, "MAKER": 840_000}
    assert rows(lake, "recompute.cycle_breaks", "cycle", "account_id", *SPLIT) == [
        ("12:00", "ALFA", "MATCH", "NONE", 0, *[0] * 4, 0, False, False),
        ("12:00", "BETA", "UNDER", "RESIDUAL", -10_000, *[0] * 4, -10_000, False, True),
        *(
            ("12:00", account, "MISSING", "MISSING", -margin, *[0] * 4, -margin, False, False)
            for account, margin in missing.items()
        ),
    ]
    found = {
        (row["rule_id"], row["subject"])
        for row in ran.findings["evening"]
        if row["rule_id"].startswith("RECOMPUTE-CYCLE-") and row["severity"] == "WARN"
    }
    assert found == {
        ("RECOMPUTE-CYCLE-LOSS", "12:00 ALFA"),
        ("RECOMPUTE-CYCLE-SHORTFALL", "12:00 ALFA"),
        ("RECOMPUTE-CYCLE-NOT-CHARGED", "16:00"),
        *(("RECOMPUTE-CYCLE-MARGIN", f"12:00 {account}") for account in ("BETA", *missing)),
    }


def test_a_difference_at_a_cycle_is_split_exactly(tmp_path, empty_home):
    """The venue marks KXA at 0.35 instead of 0.25 and has LINK with 8 of KXB instead of 5.

    ALFA 90 x 0.35. BETA's margin is its 12 dollars of KXB in any case, and is charged 11.
    DELTA holds 20 of KXA in full: 7 dollars, charged 6. LINK is wrong-way: 8 x 0.30. MAKER
    is short 112 of KXA: 65 cents, not 75.
    """
    settings = venues.settings_of(tmp_path / "home", tmp_path / "in")
    venues.copy_home(empty_home, settings.home)
    sender = Sender(settings.input)
    sender.monday()
    run(settings, MON, NEXT_DAY)
    amounts = {
        "ALFA": (315_000, 315_000),
        "BETA": (127_000, 110_000),
        "DELTA": (60_000, 60_000),
        "GAMMA": (350_000, 50_000),
        "LINK": (24_000, 24_000),
        "MAKER": (1_393_000, 728_000),
    }
    charged = [
        ("12:00", account, worst, initial, 0, initial, initial * 8 // 10, "V1")
        for account, (worst, initial) in amounts.items()
    ]
    sender.noon("0.35", charged)
    run(settings, TUE, NOON)
    with open_lake(settings, read_only=True) as lake:
        ours = rows(
            lake,
            "recompute.cycle_positions",
            *("account_id", "ticker", "closing_qty"),
            where="cycle = '12:00' AND closing_qty <> 0",
        )
    at = "2026-06-02T16:01:00Z"
    snapshot = [
        ("12:00", account, ticker, _contracts(max(qty, 0)), _contracts(max(-qty, 0)))
        for account, ticker, qty in (
            (account, ticker, 800 if account == "LINK" else qty) for account, ticker, qty in ours
        )
    ]
    sender.send(TUE, "position_snapshot", snapshot, at, "12:00")
    run(settings, TUE, NOON)
    with open_lake(settings, read_only=True) as lake:
        found = rows(lake, "recompute.cycle_breaks", "account_id", *SPLIT)
        differing = rows(
            lake,
            "recompute.cycle_position_breaks",
            *("cycle", "account_id", "ticker", "recomputed_qty", "venue_qty", "difference_qty"),
        )
    assert differing == [("12:00", "LINK", ticker("KXB"), 500, 800, 300)]
    assert found == [
        ("ALFA", "OVER", "MARK", 90_000, 0, 90_000, 0, 0, 0, False, False),
        ("BETA", "UNDER", "RESIDUAL", -10_000, 0, 0, 0, 0, -10_000, False, True),
        ("DELTA", "OVER", "MARK", 10_000, 0, 20_000, 0, 0, -10_000, True, False),
        ("GAMMA", "MATCH", "NONE", 0, 0, 0, 0, 0, 0, False, False),
        ("LINK", "OVER", "POSITION", 9_000, 9_000, 0, 0, 0, 0, False, False),
        ("MAKER", "UNDER", "MARK", -112_000, 0, -112_000, 0, 0, 0, False, False),
    ]


def _contracts(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def test_alerts_of_each_cycle(ran, lake):
    """LOSS above 40 % of 22.50. Leverage above five times 5. KXA: of 112 contracts ALFA holds
    90 and MAKER all shorts, a quarter is 28. KXB comes within 32 hours between the cycles; BETA
    can lose 12, LINK 1.50 and MAKER 31.50 in it. DELTA has lost as much as it holds, but paid
    in full."""
    kxa, kxb = ticker("KXA"), "KXB-26JUN"
    columns = ("cycle", "kind", "subject", "amount_centicents", "threshold_centicents", "line")
    prices = dict(rows(lake, "recompute.cycle_marks", "cycle", "file_sha256",
                       where=f"ticker = '{kxa}'"))  # fmt: skip
    assert len(set(prices.values())) == 2
    assert rows(lake, "recompute.cycle_alerts", *columns) == [
        ("12:00", "CONCENTRATION", f"ALFA/{kxa}", 900_000, 280_000, 2),
        ("12:00", "CONCENTRATION", f"MAKER/{kxa}", 1_120_000, 280_000, 2),
        ("12:00", "LEVERAGE", "GAMMA", 350_000, 250_000, None),
        ("12:00", "LOSS", "ALFA", 235_000, 90_000, 2),
        ("12:00", "SHORTFALL", "ALFA", 60_000, 50_000, 2),
        ("12:00", "WRONG_WAY", f"LINK/{kxb}", 15_000, 0, None),
        ("16:00", "CLUSTER_ENTERS_TAU0", "KXB@2026-06-04", 450_000, 0, None),
        ("16:00", "CONCENTRATION", f"ALFA/{kxa}", 900_000, 282_500, 2),
        ("16:00", "CONCENTRATION", f"MAKER/{kxa}", 1_130_000, 282_500, 2),
        ("16:00", "LEVERAGE", "GAMMA", 354_500, 250_000, None),
        ("16:00", "WRONG_WAY", f"LINK/{kxb}", 15_000, 0, None),
    ]
    files = rows(lake, "recompute.cycle_alerts", "cycle", "file_sha256", where="kind = 'LOSS'")
    assert files == [("12:00", prices["12:00"])]


def test_exposures_at_the_end_of_the_day(ran, lake):
    """GAMMA has bought one more contract of KXA, which is at 0.60: of 114 a quarter is 28.50. It
    can lose 1.20 and seven times 5, and KXB stays at 0.30."""
    kxa = ticker("KXA")
    columns = ("kind", "subject", "amount_centicents", "threshold_centicents", "line")
    assert rows(lake, "recompute.exposures", *columns) == [
        ("CONCENTRATION", f"ALFA/{kxa}", 900_000, 285_000, 2),
        ("CONCENTRATION", f"MAKER/{kxa}", 1_140_000, 285_000, 2),
        ("LEVERAGE", "GAMMA", 362_000, 250_000, None),
        ("WRONG_WAY", "LINK/KXB-26JUN", 15_000, 0, None),
    ]
    columns = ("kind", "file_sha256")
    prices = rows(lake, "validate.market_price_snapshot", "file_sha256", where="cycle = 'EOD'")
    files = dict(rows(lake, "recompute.exposures", *columns))
    assert files == {"CONCENTRATION": prices[0][0], "LEVERAGE": "", "WRONG_WAY": ""}
    rules = {f"RECOMPUTE-{kind}" for kind in ("CONCENTRATION", "LEVERAGE", "WRONG-WAY")}
    found = [row for row in ran.findings["evening"] if row["rule_id"] in rules]
    assert sorted((row["severity"], row["subject"]) for row in found) == [
        ("INFO", f"ALFA/{kxa}"),
        ("INFO", "GAMMA"),
        ("INFO", "LINK/KXB-26JUN"),
        ("INFO", f"MAKER/{kxa}"),
    ]


def test_the_checks_of_alerts_show_the_worst_number_of_all_cycles(ran):
    """GAMMA can lose 35.00 on 5.00; ALFA lost 23.50 on 22.50; all shorts of KXA are MAKER's. At
    16:00 GAMMA can lose 35.45."""
    expected = {
        "LEVERAGE": (7.0, 5.0, "12:00 GAMMA"),
        "LOSS": (pytest.approx(2_350 / 22.5), 40.0, "12:00 ALFA"),
        "CONCENTRATION": (100.0, 25.0, f"12:00 MAKER/{ticker('KXA')}"),
    }
    for part in ("noon", "afternoon", "evening"):
        if part == "afternoon":
            expected["LEVERAGE"] = (7.09, 5.0, "16:00 GAMMA")
        checks = {check.rule.id: check for check in ran.results[part]["recompute"].checks}
        for kind, numbers in expected.items():
            found = checks[f"RECOMPUTE-CYCLE-{kind}"]
            assert found.status is Status.FAILED
            shown = found.measured
            assert (shown.value, shown.bound, shown.subject) == numbers, (part, kind)


def test_a_part_of_a_day_finds_its_alerts_and_nothing_of_the_end_of_the_day(ran):
    """Two calls for margin; no missing stream, position, mark or margin; the trade that the
    tape has and the audit has not is after the cycle."""
    for part, wanted in (
        ("noon", {"RECOMPUTE-CYCLE-LOSS", "RECOMPUTE-CYCLE-SHORTFALL"}),
        ("afternoon", {"RECOMPUTE-CYCLE-LOSS", "RECOMPUTE-CYCLE-SHORTFALL"}),
    ):
        found = ran.findings[part]
        assert {row["rule_id"] for row in found if row["severity"] != "INFO"} == wanted
        assert {row["subject"] for row in found if row["severity"] == "WARN"} == {"12:00 ALFA"}
        (reached,) = [row for row in found if row["rule_id"] == "LAND-PART-OF-DAY"]
        assert ("12:00" if part == "noon" else "16:00") in reached["detail"]
        assert "obligations" in reached["detail"] and "accounts" not in reached["detail"]


def test_a_part_of_a_day_makes_its_cycles_and_nothing_else(ran):
    for part in ("noon", "afternoon"):
        results = ran.results[part]
        for stage in ("recompute", "stress", "disclose"):
            waiting = {t.name for t in stage_tables(stage) if t.short != "findings"}
            waiting -= MADE_INTRADAY
            assert results[stage].blocked == dict.fromkeys(waiting, WAITS)
            assert all(results[stage].rows[name] == 0 for name in waiting)
        skipped = {
            check.rule.id for check in results["validate"].checks if check.status is Status.SKIPPED
        }
        assert skipped == {
            "VALIDATE-EVENT-NO-WINNER",
            "VALIDATE-MARKET-DATA",
            "VALIDATE-MARKET-UNRESOLVED",
            "VALIDATE-MARKET-VOLUME",
            "VALIDATE-SETTLEMENT-NOT-AMENDED",
            "VALIDATE-SETTLEMENT-PUBLISHED",
            "VALIDATE-SETTLEMENT-STATUS",
            "VALIDATE-SETTLEMENT-TIME",
        }
    assert all(not result.blocked for result in ran.results["evening"].values())


def test_a_cycle_stays_what_it_was_when_the_day_is_whole(ran):
    """More trades, a higher mark and other collateral come in the evening; the cycle of 12:00
    and that of 16:00 are made again with every number the same."""
    noon, afternoon, evening = (ran.contents[p] for p in ("noon", "afternoon", "evening"))
    for name in afternoon:
        assert evening[name] == afternoon[name], name
        at_noon = [row for row in afternoon[name] if row[1] == "12:00"]
        assert at_noon == noon[name] != [], name
    rules = {row["rule_id"] for row in ran.findings["evening"]}
    assert {"RECOMPUTE-CYCLE-LOSS", "RECOMPUTE-MISSING-MARGIN"} <= rules
    assert "LAND-PART-OF-DAY" not in rules


def test_the_command_shows_cycles_and_alerts(ran, lake, reporting):
    """The date is over by now: it is the same date again, and its alerts as a table."""
    settings = ran.settings
    shown = reporting("intraday", "--date", TUE, "--input", settings.input, "--home", settings.home)
    assert shown.code == 0, shown.err
    lines = shown.out.splitlines()
    # 22.50 + 12 + 5 + 5 + 1.50 + 84 dollars, and the venue's 22.50 + 11.
    assert (
        "2026-06-02 12:00  6 accounts, initial margin $130.00, shortfall $6.00;"
        " charged by the venue: $33.50, 5 breaks" in lines
    )
    (loss,) = [line.split() for line in lines if " LOSS " in line]
    assert loss[:5] == ["12:00", "LOSS", "ALFA", "$23.50", "$9.00"]
    kinds = [line.split()[1] for line in lines if line.startswith(("12:00", "16:00"))]
    assert kinds[:2] == ["LOSS", "SHORTFALL"] and len(kinds) == 11


def test_the_margin_of_a_cycle_is_explained_down_to_its_trades(ran, reporting):
    """ALFA carried 100 and sold 10; of GAMMA's trades one comes after the cycle; KXC8 is settled
    by noon; the venue sent no positions."""

    def explained(account: str, cycle: str, day: date = TUE):
        home = ("--home", ran.settings.home)
        return reporting("explain", "--account", account, "--date", day, "--cycle", cycle, *home)

    alfa = explained("ALFA", "12:00")
    assert alfa.code == 0, alfa.err
    lines = [line.strip() for line in alfa.out.splitlines()]
    assert lines[0] == "2026-06-02 12:00  account ALFA"
    assert lines[1].endswith(": MATCH")
    assert any(line.startswith("WARN   RECOMPUTE-CYCLE-LOSS  12:00 ALFA: ") for line in lines)
    assert f"{ticker('KXA')}  rebuilt +90.00, venue 0.00: DIFFERS by -90.00" in alfa.out
    assert "+100.00  carried from 2026-06-01, margined" in lines
    (sold,) = [line for line in lines if line.startswith("-10.00 at 0.4000")]
    assert "2026-06-02 13:00:00 UTC, trade T1, margined  trade_audit_" in sold
    gamma = explained("GAMMA", "16:00").out
    assert "trade T3" in gamma and "trade T4" not in gamma
    assert "-10.00  settled, margined" in gamma
    assert "trade T4" in explained("GAMMA", "EOD").out
    none = explained("ALFA", "12:00", MON)
    assert none.code == 2 and len(none.err.splitlines()) == 1
    assert "has no cycle 12:00" in none.err


def test_a_day_that_was_only_run_in_part_is_not_a_finished_one(tmp_path, empty_home):
    """After its cut-off it is run again before the next, and what never came is missing."""
    settings = venues.settings_of(tmp_path / "home", tmp_path / "in")
    venues.copy_home(empty_home, settings.home)
    sender = Sender(settings.input)
    sender.monday()
    run(settings, MON, NEXT_DAY)
    sender.noon()
    run(settings, TUE, NOON)
    (settings.input / "2026-06-03").mkdir()
    wednesday = date(2026, 6, 3)
    with open_lake(settings, read_only=True) as lake:
        assert days_to_run(lake, settings, wednesday, wednesday) == [TUE, wednesday]
    result = run(settings, TUE, NEXT_DAY)["land"]
    missing = next(c for c in result.checks if c.rule.id == "LAND-MISSING-STREAM")
    assert missing.status is Status.FAILED
    with open_lake(settings, read_only=True) as lake:
        assert days_to_run(lake, settings, wednesday, wednesday) == [wednesday]
