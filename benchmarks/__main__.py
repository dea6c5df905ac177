"""``python -m benchmarks``: run days as a user does, and the pandas peer beside them."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

import pandas as pd

from benchmarks.machine import describe
from benchmarks.peer import PeerResult, positions_and_margin
from benchmarks.peer_margin import FIGURES, Given
from benchmarks.sizes import SMALL, full_or_small
from reporting.engine.day import Day
from reporting.model.events.terms import BINARIES, BINARY, EXCLUSIVE
from reporting.model.margin.initial_margin import ramp
from reporting.settings import Settings
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.run import run_stage_of, workbench

REPORTING = Path(sys.executable).with_name("reporting")
TAPE = Path(__file__).resolve().parents[2] / "shared" / "data" / "kalshi" / "raw"
TAPE_FIRST = date(2025, 3, 3)
BIG_DAY = date(2026, 5, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="scratch folder")
    parser.add_argument("--only", choices=tuple(PARTS), help="one part only")
    parser.add_argument("--small", action="store_true", help="small sizes: does it run?")
    choice = parser.parse_args()
    if choice.small:
        os.environ[SMALL] = "1"
    shutil.rmtree(choice.work, ignore_errors=True)
    print(describe())
    for name, part in PARTS.items():
        if choice.only in (None, name):
            part(choice.work)


def _tape(work: Path) -> None:
    if not TAPE.is_dir():
        print(f"real tape: not measured, there is no {TAPE}")
        return
    inbox, home = work / "tape-in", work / "tape-home"
    _timed("simulate a clearing book on the tape", "simulate", "--tape", TAPE, "--out", inbox)
    last, day = full_or_small(
        (date(2025, 4, 11), date(2025, 4, 8)), (date(2025, 3, 6), date(2025, 3, 5))
    )
    options = ("--input", inbox, "--home", home)
    _timed(
        f"backfill of {(last - TAPE_FIRST).days + 1} days without packs (limit 240 s)",
        *("backfill", "--from", TAPE_FIRST, "--to", last, *options),
    )
    _timed("one day with three packs (limit 60 s)", "run", "--date", day, *options)
    days = [date.fromisoformat(p.name) for p in sorted(inbox.iterdir()) if p.is_dir()]
    _compare(Settings(home=home.resolve(), input=inbox.resolve()), day, days)


def _million(work: Path) -> None:
    inbox, home = work / "million-in", work / "million-home"
    trades, accounts = full_or_small((1_000_000, 20_000), (5_000, 300))
    what = f"{trades:,} trades of {accounts:,} accounts"
    _timed(
        f"simulate {what}",
        *("simulate", "--out", inbox, "--days", 1, "--accounts", accounts),
        *("--trades", trades, "--seed", 1, "--start", BIG_DAY),
    )
    _timed(
        f"run {what} (limit 120 s, 4 GB)",
        *("run", "--date", BIG_DAY, "--input", inbox, "--home", home),
    )
    _compare(Settings(home=home.resolve(), input=inbox.resolve()), BIG_DAY, [BIG_DAY])


def _timed(title: str, *arguments: object) -> None:
    """Run a ``reporting`` command as a process; print its time and peak memory."""
    command = [str(REPORTING), *(str(part) for part in arguments)]
    answer = subprocess.check_output([sys.executable, "-m", "benchmarks.measure", *command])
    measured = json.loads(answer)
    if measured["exit_code"] != 0:
        sys.exit(f"{' '.join(command)} failed:\n{measured['output'][-2000:]}")
    print(
        f"{title}: {measured['wall_seconds']:.1f} s, of the processor"
        f" {measured['processor_seconds']:.1f} s, {measured['peak_megabytes']:,.0f} MB",
        flush=True,
    )


def _compare(settings: Settings, day: date, days: list[date]) -> None:
    """Recompute in the product and in pandas, equality first, then the ratio."""
    with workbench(settings) as bench:
        at_work = bench.day(day)
        book = read_day_book(at_work)
        settled = {
            row[0]
            for row in at_work.connection.execute(
                "SELECT ticker FROM recompute.settlements WHERE business_date <= ?", [day]
            ).fetchall()
        }
        ours = at_work.query(
            "SELECT account_id,"
            " CAST(CEIL(margined_worst_case_micros / 100) AS BIGINT) AS margined_worst_case,"
            " expected_shortfall_centicents AS expected_shortfall,"
            " jump_to_resolution_centicents AS jump_to_resolution,"
            " add_ons_centicents AS add_ons, initial_margin_centicents AS initial_margin"
            " FROM recompute.account_margin WHERE business_date = $business_date"
        ).df()
        given = _given(settings, at_work, book, settled)
    known = [other for other in days if other <= day]
    peer = positions_and_margin(settings.input, known, given)
    _assert_equal(ours, peer)
    recompute_seconds, day_seconds = _again(settings, day)
    for name, seconds in (
        ("the stage recompute, from validated tables", recompute_seconds),
        ("land, validate and recompute, from the day's files", day_seconds),
    ):
        print(
            f"  positions and margin of {day}: {name} {seconds:.1f} s; pandas, from"
            f" {len(known)} days of files, {peer.seconds:.1f} s; ratio pandas / product"
            f" {peer.seconds / seconds:.2f}"
        )


def _given(settings: Settings, at_work: Day, book: DayBook, settled: set[str]) -> Given:
    market = book.market
    parameters = at_work.query(
        "SELECT * FROM recompute.event_parameters WHERE business_date = $business_date"
    ).df()
    credits = at_work.query(
        "SELECT account_id, collateralisation = 'margined' AS margined, held_events,"
        " joint_worst_case_micros AS joint, credit_micros AS credit,"
        " ramped_credit_micros AS ramped_credit FROM recompute.combination_credits"
        " WHERE business_date = $business_date"
    ).df()
    states = at_work.query(
        "SELECT event_ticker, probability FROM recompute.state_probabilities"
        " WHERE business_date = $business_date ORDER BY event_ticker, state_index"
    ).df()
    (file_name,) = at_work.query(
        "SELECT file_name FROM recompute.scenario_sets WHERE business_date = $business_date"
    ).fetchone()
    days = parameters.drop_duplicates("event_ticker").set_index("event_ticker")["liquidation_days"]
    priced = parameters.groupby("event_ticker")["in_scenario_set"].any()
    numerator, denominator = ramp(
        book.schedule,
        market.tau_seconds,
        days.loc[list(market.events)].to_numpy(),
        ~priced.loc[list(market.events)].to_numpy(),
    )
    weights = zip(numerator.tolist(), denominator.tolist(), strict=True)
    return Given(
        schedule=book.schedule,
        terms=dict(zip(market.events, market.terms, strict=True)),
        categories=dict(zip(market.events, market.categories, strict=True)),
        weights=dict(zip(market.events, weights, strict=True)),
        by_date={
            terms.event_ticker
            for terms, happens_by in zip(market.terms, market.happens_by, strict=True)
            if happens_by and terms.structure in (BINARY, EXCLUSIVE, BINARIES)
        },
        wrong_way={(book.account_ids[a], market.events[e]) for a, e in market.wrong_way},
        settled=settled,
        owners=dict(zip(book.account_ids, book.owners.tolist(), strict=True)),
        parameters=parameters,
        probabilities={
            event: rows.to_numpy() for event, rows in states.groupby("event_ticker")["probability"]
        },
        credits=credits,
        scenario_file=settings.scenarios / at_work.business_date.isoformat() / file_name,
    )


def _assert_equal(ours: pd.DataFrame, peer: PeerResult) -> None:
    ours = ours.set_index("account_id").sort_index()
    theirs = peer.margin.sort_index()
    if not ours.index.equals(theirs.index):
        sys.exit(f"pandas has {len(theirs)} accounts, not {len(ours)}")
    for figure in FIGURES:
        # Both add up floats, in another order: a centicent may lie between them.
        differing = ours.index[(ours[figure] - theirs[figure]).abs() > 1]
        if len(differing):
            names = ", ".join(differing[:3])
            sys.exit(f"pandas disagrees on {figure} of {len(differing)} accounts, e.g. {names}")
    print(f"  pandas agrees to the centicent on {len(ours):,} accounts")


def _again(settings: Settings, day: date) -> tuple[float, float]:
    """Seconds of the stage recompute, and of all stages up to it, with every check."""
    with workbench(settings) as bench:
        seconds = []
        # The first round also imports what is used once per process.
        for _ in range(2):
            seconds = []
            for stage in ("land", "validate", "recompute"):
                started = time.perf_counter()
                run_stage_of(bench, settings, stage, day)
                seconds.append(time.perf_counter() - started)
        return seconds[-1], sum(seconds)


def _module(name: str) -> Callable[[Path], None]:
    """The part in a module of this package, imported when it is measured."""
    return lambda work: import_module(f"benchmarks.{name}").measure(work)


PARTS = {
    "tape": _tape,
    "million": _million,
    "scenarios": _module("scenarios"),
    "worst-case": _module("worst_case"),
    "stress": _module("stress"),
    "cascade": _module("cascade"),
    "backtests": _module("backtests"),
}


if __name__ == "__main__":
    main()
