"""A simulated venue with intraday cycles: its margin at each cycle is ours, and the losses that
it calls for are the alerts, a price shock made on purpose among them.

The venue's margin and its rule for calls are separate plain code.
"""

import csv
import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support import venues
from support.venues import DAY_1, DAY_2

from reporting.lake import open_lake
from reporting.simulator.api import simulate_venue
from reporting.stages.land.stage import land
from reporting.stages.run import run_stage_of, workbench

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("intraday")]

TABLES = (
    *("cycles", "cycle_marks", "cycle_positions", "cycle_collateral", "cycle_margin"),
    *("cycle_position_breaks", "cycle_breaks"),
)
NEXT_DAY = datetime(2026, 5, 6, 12, tzinfo=UTC)
PARTS = {
    "12:00": datetime(2026, 5, 5, 16, 5, tzinfo=UTC),
    "16:00": datetime(2026, 5, 5, 20, 5, tzinfo=UTC),
    "EOD": NEXT_DAY,
}


class Ran:
    """The second day arrives cycle by cycle; what the lake holds after each part."""

    def __init__(self, root: Path, empty_home: Path, seed: int) -> None:
        self.made = simulate_venue(root / "all", 2, 24, 400, seed, start=DAY_1, intraday=True)
        self.settings = venues.settings_of(root / "home", root / "in")
        venues.copy_home(empty_home, self.settings.home)
        shutil.copytree(root / "all" / str(DAY_1), self.settings.input / str(DAY_1))
        self._run(DAY_1, NEXT_DAY)
        (self.settings.input / str(DAY_2)).mkdir()
        self.after = {}
        for cycle, now in PARTS.items():
            self._arrive(root / "all" / str(DAY_2), cycle)
            self._run(DAY_2, now)
            with open_lake(self.settings, read_only=True) as lake:
                self.after[cycle] = {
                    name: lake.connection.execute(
                        f"SELECT * FROM lake.recompute.{name} WHERE business_date = ? ORDER BY ALL",
                        [DAY_2],
                    ).fetchall()
                    for name in (*TABLES, "cycle_alerts")
                }

    def _arrive(self, folder: Path, cycle: str) -> None:
        for path in folder.glob("*.manifest.json"):
            if json.loads(path.read_text()).get("cycle", "EOD") == cycle:
                for name in (path.name.removesuffix(".manifest.json"), path.name):
                    shutil.copyfile(folder / name, self.settings.input / str(DAY_2) / name)

    def _run(self, day: date, now: datetime) -> None:
        with workbench(self.settings) as bench:
            land(bench.day(day), self.settings, now)
            for stage in ("validate", "recompute"):
                run_stage_of(bench, self.settings, stage, day)

    def called(self) -> Counter:
        """Date and subject of the venue's calls within the day."""
        found = Counter()
        for path in self.settings.input.glob("*/margin_calls_*.csv"):
            for row in csv.DictReader(path.read_text().splitlines()):
                if row["cycle"] != "EOD":
                    found[path.parent.name, f"{row['cycle']} {row['account_id']}"] += 1
        return found


@pytest.fixture(scope="module", params=[0, 1])
def ran(request, tmp_path_factory, empty_home) -> Ran:
    return Ran(tmp_path_factory.mktemp(f"venue-{request.param}"), empty_home, request.param)


def test_every_account_is_charged_what_we_compute_at_each_cycle(ran):
    """Positions and margin, within a millionth of its worst case and a centicent; and nobody is
    short."""
    with open_lake(ran.settings, read_only=True) as lake:
        statuses = lake.connection.execute(
            "SELECT status, count(*), count(DISTINCT (business_date, cycle))"
            " FROM recompute.cycle_breaks GROUP BY status"
        ).fetchall()
        positions = lake.connection.execute(
            "SELECT count(*) FROM recompute.cycle_position_breaks"
        ).fetchone()
        short = lake.connection.execute(
            "SELECT sum(shortfall_centicents) FROM recompute.cycle_margin"
        ).fetchone()
    assert [(status, cycles) for status, _, cycles in statuses] == [("MATCH", 4)]
    assert statuses[0][1] > 60
    assert (positions, short) == ((0,), (0,))


def test_the_alerts_are_the_calls_and_every_error_is_found(ran):
    """Losses that the venue calls for, and the errors that it made; nothing else of severity
    WARN or ERROR."""
    shocks = [error for error in ran.made.errors if error.kind == "PRICE_SHOCK"]
    assert len(shocks) == 1
    called = ran.called()
    assert (shocks[0].business_date, shocks[0].subject) in called
    wanted = Counter(
        {(day, "RECOMPUTE-CYCLE-LOSS", subject): n for (day, subject), n in called.items()}
    )
    wanted += Counter(
        (error.business_date, error.rule_id, error.subject)
        for error in ran.made.errors
        if error.kind != "PRICE_SHOCK"
    )
    with open_lake(ran.settings, read_only=True) as lake:
        found = Counter(
            (str(row["business_date"]), row["rule_id"], row["subject"])
            for row in venues.findings(lake)
        )
    assert found - wanted == Counter(), "flagged, but nothing is wrong with it"
    assert wanted - found == Counter(), "not found"


def test_a_cycle_stays_what_it_was_while_the_day_goes_on(ran):
    noon, afternoon, evening = (ran.after[part] for part in PARTS)
    for name in noon:
        assert evening[name] == afternoon[name], name
        assert [row for row in afternoon[name] if row[1] == "12:00"] == noon[name], name
    assert noon["cycle_margin"] and noon["cycle_alerts"]
