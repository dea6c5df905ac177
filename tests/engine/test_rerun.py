"""Running a date again changes nothing; a correction changes its date and keeps the past."""

import csv
import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import venues
from support.venues import DAY_1, DAY_2, contents, differing, run_days, settings_of

from reporting.engine.tables import all_tables
from reporting.lake import open_lake

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]

ALL_STAGES = venues.STAGES


def test_running_the_last_date_again_gives_the_same_rows(own_home, finished_contents):
    """Every row of every table of both dates is the same after a second run of a date.

    Fails when a value depends on the clock, a snapshot id, an iteration order or on what
    the lake held of the date before; also when rows are added twice.
    """
    run_days(own_home, [DAY_2])
    assert differing(finished_contents, contents(own_home)) == []


def test_the_tables_that_are_compared_are_not_empty(finished_contents):
    """The comparisons of this file would mean nothing on empty tables.

    The venue of this file sends no cycle, no two equal books, no override and no wrong
    settlement; nothing resolves early or closes for a day. Tables of these have tests of their
    own. No account fits within the draws of the replica that tests allow: test_replica.py.
    """
    may_be_empty = {
        "land.bids",
        "land.benchmarks",
        "land.overrides",
        "land.trade_data",
        "land.quarantine",
        "land.findings",
        "validate.bids",
        "validate.benchmarks",
        "validate.overrides",
        "validate.trade_data",
        "validate.resent_trades",
        "recompute.closed_dates",
        "recompute.closed_days",
        "recompute.early_resolutions",
        "recompute.equal_books",
        "recompute.override_register",
        "recompute.replica_checks",
        "recompute.settlement_breaks",
        "recompute.settlement_losses",
        "recompute.withdrawals",
        *(name for name in finished_contents if name.startswith("recompute.cycle")),
        "stress.findings",
        "stress.reverse_resolutions",
        "disclose.findings",
        "disclose.overrides",
        "disclose.pack_files",
    }
    empty = {name for name, rows in finished_contents.items() if not rows}
    assert empty <= may_be_empty


@pytest.fixture
def corrected(own_home, tmp_path) -> venues.Settings:
    """The finished home with a drop folder in which a row of the first date's positions
    snapshot is sent again, ten contracts longer, under the next sequence number."""
    drop = tmp_path / "in"
    # A copy of the folder tree, so that nobody else's venue is touched.
    subprocess.run(["cp", "-r", str(own_home.input), str(drop)], check=True)
    old = venues.file_of(drop, DAY_1, "position_snapshot")
    rows = list(csv.DictReader(io.StringIO(old.read_text())))
    row = next(row for row in rows if float(row["long"]) > 0 and row["cycle"] == "EOD")
    row["long"] = f"{float(row['long']) + 10:.2f}"
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    file = old.with_name("position_snapshot-corrected.csv")
    file.write_text(text.getvalue())
    venues.promise(
        file,
        DAY_1,
        "position_snapshot",
        "clearing",
        # Later dates of this venue took the numbers after the first date's already.
        venues.next_sequence(drop, "position_snapshot"),
    )
    return settings_of(own_home.home, drop)


def test_a_correction_is_a_new_revision_of_its_date_only(corrected, finished_contents):
    """A correction of an earlier date gives that date new contents, leaves the later date as
    it was, and the snapshot before it still reads the old rows.

    Fails when the correction is ignored, when it spills over, or when history is rewritten.
    """
    with open_lake(corrected, read_only=True) as lake:
        before = lake.snapshot_id()
    run_days(corrected, [DAY_1])

    now = contents(corrected)
    old_snapshot = contents(corrected, as_of=before)
    assert differing(finished_contents, old_snapshot) == []
    of_day_2 = [name for name in now if _of(now, name, DAY_2) != _of(old_snapshot, name, DAY_2)]
    assert of_day_2 == []

    changed = set(differing(old_snapshot, now))
    assert {
        "land.files",
        "land.position_snapshot",
        "validate.position_snapshot",
        "recompute.position_breaks",
        "recompute.findings",
    } <= changed
    untouched = {"validate.trades", "recompute.positions", "recompute.account_margin"}
    assert untouched.isdisjoint(changed)

    old, new = (
        {row[1:3]: row for row in found["recompute.position_breaks"] if row[0] == DAY_1}
        for found in (old_snapshot, now)
    )
    # business_date, account_id, ticker, recomputed_qty, venue_qty, difference_qty
    columns = list(_columns(corrected)["recompute.position_breaks"])
    assert columns[:6] == [
        "business_date",
        "account_id",
        "ticker",
        "recomputed_qty",
        "venue_qty",
        "difference_qty",
    ]
    moved = [key for key in new if new[key] != old.get(key)]
    assert len(moved) == 1
    difference = old[moved[0]][5] if moved[0] in old else 0
    assert new[moved[0]][5] == difference + 1_000


def test_every_commit_says_who_made_it_and_what_it_read(finished):
    """Each stage of each date is one commit with author, message, stage and date, and its
    read snapshot lies before it."""
    with open_lake(finished, read_only=True) as lake:
        commits = [snapshot for snapshot in lake.snapshots() if snapshot.business_date]
    assert [(c.stage, c.business_date) for c in commits] == [
        (stage, day.isoformat()) for day in venues.DAYS for stage in ALL_STAGES
    ]
    for commit in commits:
        assert commit.author == "reporting"
        assert commit.message == f"{commit.stage} {commit.business_date}"
        assert commit.read_snapshot == commit.snapshot_id - 1
        assert commit.committed_utc.replace(tzinfo=UTC) <= datetime.now(UTC)


def test_another_process_gives_the_same_rows_and_the_same_pdf_bytes(
    day_with_packs, empty_home, tmp_path
):
    """Threads, hash seed, home folder and process do not show: all rows of all tables (the
    packs' hashes among them) and all bytes of the three PDFs are the same.

    Fails when anything depends on set or dictionary order, on the number of threads, on the
    home's path or on the time of day.
    """
    settings = settings_of(tmp_path / "home", day_with_packs.input, threads=2)
    venues.copy_home(empty_home, settings.home)
    program = (
        "from datetime import date; from pathlib import Path; import sys\n"
        "from reporting.stages.run import run_stage_of, workbench\n"
        "from reporting.lake.connection import STAGES\n"
        "from reporting.settings import from_environment\n"
        "settings = from_environment()\n"
        "assert settings.threads == 2\n"
        "with workbench(settings) as bench:\n"
        "    for stage in STAGES:\n"
        "        run_stage_of(bench, settings, stage, date.fromisoformat(sys.argv[1]), True)\n"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "271828",
        "REPORTING_THREADS": "2",
        "REPORTING_HOME": str(settings.home),
        "REPORTING_INPUT": str(settings.input),
    }
    subprocess.run(
        [sys.executable, "-c", program, DAY_1.isoformat()], env=environment, check=True, timeout=180
    )
    theirs, ours = contents(settings, [DAY_1]), contents(day_with_packs, [DAY_1])
    assert differing(ours, theirs) == []
    assert len(ours["disclose.pack_files"]) == 3
    assert _pdfs(settings) == _pdfs(day_with_packs)


def test_running_again_gives_the_same_pdf_bytes(day_with_packs, tmp_path):
    """A re-run over an existing date writes the three PDFs again, byte for byte the same."""
    settings = settings_of(
        venues.copy_home(day_with_packs.home, tmp_path / "home"), day_with_packs.input
    )
    for pdf in settings.packs.rglob("*.pdf"):
        pdf.unlink()
    run_days(settings, [DAY_1], ["disclose"], with_packs=True)
    assert _pdfs(settings) == _pdfs(day_with_packs)
    assert differing(contents(day_with_packs, [DAY_1]), contents(settings, [DAY_1])) == []


def _of(found: venues.Contents, name: str, day) -> list[tuple]:
    """Rows of one date; business_date is the first column of every table."""
    return [row for row in found[name] if row[0] == day]


def _columns(settings: venues.Settings) -> dict:
    with open_lake(settings, read_only=True) as lake:
        found = lake.columns()
    assert all(next(iter(found[name])) == "business_date" for name in all_tables())
    return found


def _pdfs(settings: venues.Settings) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    path: Path
    for path in sorted((settings.packs / DAY_1.isoformat()).iterdir()):
        found[path.name] = path.read_bytes()
    assert len(found) == 3
    assert all(content.startswith(b"%PDF-") for content in found.values())
    return found
