"""The front of the simulator: a whole venue, or a clearing side on a real tape."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from reporting.simulator.clearing_house.injected_errors import InjectedError
from reporting.simulator.clearing_house.shock.record import shock_record
from reporting.simulator.errors import SimulationError
from reporting.simulator.real_tape.tape import read_tape
from reporting.simulator.real_tape.tape_run import TapeRun
from reporting.simulator.risk_series import read_closes
from reporting.simulator.summary import DayCount, SimulationSummary
from reporting.simulator.venue_run import VenueRun

__all__ = [
    "DayCount",
    "InjectedError",
    "SimulationError",
    "SimulationSummary",
    "simulate_on_tape",
    "simulate_venue",
]

MIN_ACCOUNTS = 10
INJECTED_ERRORS = "injected_errors.json"
SHOCK = "shock.json"


def _silent(line: str) -> None:
    """Discard progress lines."""


def simulate_venue(
    out: Path,
    days: int,
    accounts: int,
    trades: int,
    seed: int,
    start: date = date(2026, 5, 4),
    errors: bool = True,
    progress: Callable[[str], None] = _silent,
    compress: bool = False,
    intraday: bool = False,
    shock: bool = False,
) -> SimulationSummary:
    """Simulate a whole venue, market and clearing feed, for ``days`` business dates.

    ``trades`` is per day. The first day starts without positions. ``errors`` injects the errors
    of ``clearing_house.injection``; their list is always written with the data. The same
    arguments give the same bytes. ``intraday`` also sends the cycles of 12:00 and 16:00, each
    with the trades up to it; with ``errors`` there is also a price shock before a cycle.
    ``shock`` adds the day of ``shock/shock.yaml``, with a member's default; what happened is then
    written beside the data.

    Raises SimulationError with one line if the arguments are invalid.
    """
    if days < 1:
        raise SimulationError(f"days: {days} is too few; at least 1")
    _check_accounts(accounts)
    least = shock_record().least_days
    if shock and days < least:
        raise SimulationError(f"days: {days} is too few for a shock; at least {least}")
    out = Path(out)
    run = VenueRun(
        _empty_folder(out), days, accounts, trades, seed, start, errors, compress, intraday, shock
    )
    counts, injected = run.run(progress)
    if run.told is not None:
        _write_json(out / SHOCK, run.told)
    _write_errors(out, injected)
    return SimulationSummary(
        out, tuple(counts), accounts, run.files, tuple(injected), run.shock_day
    )


def simulate_on_tape(
    tape: Path,
    out: Path,
    accounts: int = 200,
    seed: int = 1,
    errors: bool = True,
    progress: Callable[[str], None] = _silent,
    clearing: bool = True,
    one_drop: bool = False,
    compress: bool = False,
    risk: Path | None = None,
) -> SimulationSummary:
    """Re-pack a real tape by business date and add a synthetic clearing side.

    ``clearing`` False leaves only the market side. ``one_drop`` delivers the whole market
    side in the last date's folder with ``history`` set in the manifests, to load a long
    history quickly; it goes without a clearing side. ``compress`` writes gzip files.
    ``risk`` is a folder of daily closes (``risk_series``); each date gets those known by then.
    The tape's records are untouched; clearing manifests say ``synthetic``.

    Raises SimulationError with one line when the tape or the arguments do not fit.
    """
    if clearing and one_drop:
        raise SimulationError(
            "one_drop: a clearing side needs one drop per day; leave one of the two out"
        )
    if one_drop and risk is not None:
        raise SimulationError("risk: one_drop has no dates to know closes by; leave one out")
    if clearing:
        _check_accounts(accounts)
    closes = [] if risk is None else read_closes(Path(risk))
    source = read_tape(Path(tape))
    if not source.trades:
        raise SimulationError(f"{tape}: the tape holds no trade")
    out = _empty_folder(Path(out))
    run = TapeRun(source, out, compress, closes)
    if one_drop:
        counts, injected = run.public_at_once(), []
    else:
        counts, injected = run.daily(accounts if clearing else None, seed, errors, progress)
    _write_errors(out, injected)
    return SimulationSummary(
        out, tuple(counts), accounts if clearing else 0, run.files, tuple(injected)
    )


def _check_accounts(accounts: int) -> None:
    if accounts < MIN_ACCOUNTS:
        raise SimulationError(f"accounts: {accounts} is too few; at least {MIN_ACCOUNTS}")


def _empty_folder(out: Path) -> Path:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SimulationError(f"{out}: is not an empty folder; name a new one or empty it first")
    out.mkdir(parents=True, exist_ok=True)
    return out


def _write_errors(out: Path, errors: list[InjectedError]) -> None:
    _write_json(out / INJECTED_ERRORS, [asdict(error) for error in errors])


def _write_json(path: Path, content: object) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)
