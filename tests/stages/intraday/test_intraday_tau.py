"""Coming near a resolution: what a cycle is compared with, at every hour of the clock."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from support import intraday_drop, venues
from support.hand_rows import HandDay, Tables
from support.intraday_drop import MON, TUE, Sender, ticker
from support.intraday_run import NEXT_DAY, NOON, rows, run

from reporting.lake import open_lake
from reporting.stages.recompute.day_book import Cycle
from reporting.stages.recompute.surveillance.cycle_alerts import tau_before_first

pytestmark = pytest.mark.xdist_group("intraday")

HOUR = 3_600
# New York is four hours behind: the cycles are at 16:00 and 20:00 UTC, Monday ends at 04:00.
TUESDAY_NOON = datetime(2026, 6, 2, 16, 0)
SUNDAY = MON - timedelta(days=1)


def _before(tables: Tables, **tau_hours: int) -> dict[str, float]:
    """Hours to the resolution at the moment before Tuesday's first cycle, from those at it."""
    names = sorted(tau_hours)
    tau = np.array([tau_hours[name] for name in names], dtype=np.int64) * HOUR
    market = SimpleNamespace(events=names, tau_seconds=tau)
    first = SimpleNamespace(cycle=Cycle("12:00", TUESDAY_NOON), book=SimpleNamespace(market=market))
    found = tau_before_first(HandDay(tables, TUE), first)
    return dict(zip(names, (found / HOUR).tolist(), strict=True))


def _previous(tables: Tables, day: date | None) -> None:
    tables.put("recompute.days", TUE, previous_business_date=day)


def _at_end(tables: Tables, day: date, event: str, hours: int) -> None:
    tables.put("recompute.event_parameters", day, event_ticker=event, tau_seconds=hours * HOUR)


def _cycle(tables: Tables, day: date, name: str, utc: datetime) -> None:
    tables.put("recompute.cycles", day, cycle=name, cycle_utc=utc)


def test_the_first_cycle_is_compared_with_the_last_of_the_day_before(tables):
    """Monday 16:00 is 8 hours before its end and 20 before Tuesday noon. B was brought forward
    from 100 hours, NEW came since; of LEGS a contract resolves sooner; GONE and NEVER are over or
    not known, yesterday and today."""
    _previous(tables, MON)
    _cycle(tables, MON, "12:00", datetime(2026, 6, 1, 16, 0))
    _cycle(tables, MON, "16:00", datetime(2026, 6, 1, 20, 0))
    _cycle(tables, TUE, "12:00", TUESDAY_NOON)
    for event, hours in (("A", 30), ("B", 100), ("GONE", 0), ("LEGS", 50), ("LEGS", 40)):
        _at_end(tables, MON, event, hours)
    _at_end(tables, SUNDAY, "NEW", 500)
    assert _before(tables, A=18, B=5, GONE=0, LEGS=28, NEVER=0, NEW=14) == {
        "A": 38,
        "B": 108,
        "GONE": 0,
        "LEGS": 48,
        "NEVER": 0,
        "NEW": 34,
    }


@pytest.mark.parametrize(
    ("cycles", "hours"),
    [
        # The venue sent no prices of 16:00 on Monday, or none on Monday at all.
        ([(MON, "12:00", datetime(2026, 6, 1, 16, 0))], 42),
        ([(SUNDAY, "16:00", datetime(2026, 5, 31, 20, 0))], 62),
        # Nothing was ever looked at: as if Monday 16:00 had been.
        ([], 38),
    ],
)
def test_no_hour_of_dates_without_a_cycle_is_passed_over(tables, cycles, hours):
    _previous(tables, MON)
    _at_end(tables, MON, "A", 30)
    for cycle in cycles:
        _cycle(tables, *cycle)
    assert _before(tables, A=18) == {"A": hours}


def test_the_first_date_has_nothing_before_it(tables):
    _previous(tables, None)
    assert _before(tables, A=18) == {"A": 0}


@pytest.mark.slow
def test_an_event_that_comes_near_after_the_last_cycle_is_told_at_the_next(
    tmp_path, empty_home, monkeypatch
):
    """tau0 is 32 hours. KXB resolves on Wednesday at 06:00 New York: 38 hours after Monday 16:00,
    30 after its end, 18 after Tuesday noon, 14 after 16:00, which tells nothing again."""
    monkeypatch.setitem(intraday_drop.RESOLVES, "KXB", "2026-06-03T10:00:00Z")
    settings = venues.settings_of(tmp_path / "home", tmp_path / "in")
    venues.copy_home(empty_home, settings.home)
    sender = Sender(settings.input)
    sender.monday()
    prices = [("16:00", ticker("KXB"), "0.30", "trades", "last")]
    sender.send(MON, "market_price_snapshot", prices, "2026-06-01T20:00:00Z", "16:00")
    run(settings, MON, NEXT_DAY)
    sender.noon()
    sender.afternoon()
    run(settings, TUE, NOON)
    with open_lake(settings, read_only=True) as lake:
        found = {
            day: rows(lake, "recompute.cycle_alerts", "cycle", "amount_centicents", day=day,
                      where="kind = 'CLUSTER_ENTERS_TAU0'")
            for day in (MON, TUE)
        }  # fmt: skip
    # BETA can lose 40 x 0.30, LINK 5 x 0.30, MAKER 45 x 0.70.
    assert found == {MON: [], TUE: [("12:00", 450_000)]}
