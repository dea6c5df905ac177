"""Terms of the contracts of a date: from validated metadata to outcome structures."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pyarrow

from reporting.clock import end_of_day_utc
from reporting.engine.day import Day
from reporting.model.events.combination_terms import flag_combinations
from reporting.model.events.structures import EventFacts, EventTerms, MarketFacts, derive_terms

# Markets of the day: delivered, traded, carried open, or settled; with all markets of
# their events, because the structure of an event needs each of its legs. A combination nets
# with the events of its legs, also where one of these was settled on an earlier day.
_MARKETS = """
WITH wanted AS (
    SELECT ticker FROM validate.markets WHERE business_date = $business_date
    UNION
    SELECT ticker FROM validate.trades WHERE business_date = $business_date
    UNION
    SELECT ticker FROM validate.settlement_periods WHERE business_date = $business_date
    UNION
    SELECT positions.ticker
    FROM recompute.positions AS positions
    JOIN recompute.days AS days ON days.previous_business_date = positions.business_date
    WHERE days.business_date = $business_date AND positions.closing_qty <> 0
),
latest AS (
    SELECT *, row_number() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
),
known AS (SELECT * FROM latest WHERE newest = 1),
listed AS (SELECT known.* FROM known JOIN wanted ON wanted.ticker = known.ticker),
legs AS (
    SELECT UNNEST(json_extract_string(mve_selected_legs, '$[*].market_ticker')) AS ticker
    FROM listed WHERE json_valid(mve_selected_legs)
),
events AS (
    SELECT event_ticker FROM listed
    UNION
    SELECT known.event_ticker FROM known JOIN legs ON legs.ticker = known.ticker
)
SELECT
    COALESCE(known.ticker, wanted.ticker) AS ticker,
    COALESCE(known.event_ticker, wanted.ticker) AS event_ticker,
    COALESCE(known.title, ''), COALESCE(known.subtitle, ''), COALESCE(known.yes_sub_title, ''),
    COALESCE(known.strike_type, ''), known.floor_strike, known.cap_strike, known.custom_strike,
    known.mve_selected_legs, COALESCE(known.rules_secondary, ''),
    -- The earliest plausible resolution: the nominal close of a market that may close
    -- early is often weeks after the game that decides it.
    CASE WHEN known.can_close_early
        THEN LEAST(known.close_utc, known.expected_expiration_utc)
        ELSE COALESCE(known.expected_expiration_utc, known.close_utc) END AS resolution_utc,
    known.ticker IS NOT NULL AS has_metadata,
    COALESCE(known.can_close_early, false)
FROM (SELECT known.* FROM known JOIN events ON events.event_ticker = known.event_ticker) AS known
FULL OUTER JOIN wanted ON wanted.ticker = known.ticker
ORDER BY event_ticker, ticker
"""

_EVENTS = """
WITH events AS (
    SELECT *, row_number() OVER (PARTITION BY event_ticker ORDER BY business_date DESC) AS newest
    FROM validate.events WHERE business_date <= $business_date
),
series AS (
    SELECT *, row_number() OVER (PARTITION BY series_ticker ORDER BY business_date DESC) AS newest
    FROM validate.series WHERE business_date <= $business_date
)
SELECT events.event_ticker, events.mutually_exclusive, events.collateral_return_type,
    events.title, events.series_ticker,
    COALESCE(NULLIF(events.category, ''), series.category, ''),
    COALESCE(series.fee_type, 'quadratic'), COALESCE(series.fee_multiplier_e4, 10000)
FROM events
LEFT JOIN series ON series.series_ticker = events.series_ticker AND series.newest = 1
WHERE events.newest = 1
"""

_SCHEMA = pyarrow.schema(
    [
        ("ticker", pyarrow.string()),
        ("event_ticker", pyarrow.string()),
        ("series_ticker", pyarrow.string()),
        ("category", pyarrow.string()),
        ("title", pyarrow.string()),
        ("structure", pyarrow.string()),
        ("structure_reason", pyarrow.string()),
        ("structure_flags", pyarrow.string()),
        ("leg_index", pyarrow.int64()),
        ("event_legs", pyarrow.int64()),
        ("collateral_return", pyarrow.string()),
        ("void_rule", pyarrow.string()),
        ("resolution_utc", pyarrow.timestamp("us")),
        ("tau_seconds", pyarrow.int64()),
        ("fee_type", pyarrow.string()),
        ("fee_multiplier_e4", pyarrow.int64()),
        ("has_metadata", pyarrow.bool_()),
        ("can_close_early", pyarrow.bool_()),
    ]
)


class Contracts:
    """The contracts of a date: the terms of each event, and its rows for the lake."""

    def __init__(self, day: Day) -> None:
        self._cycle = end_of_day_utc(day.business_date).replace(tzinfo=None)
        self._events = {row[0]: row[1:] for row in day.query(_EVENTS).fetchall()}
        self._markets: dict[str, list[tuple]] = {}
        for row in day.query(_MARKETS).fetchall():
            self._markets.setdefault(row[1], []).append(row)
        derived = {
            event: derive_terms(self._event_facts(event), [MarketFacts(*row[:11]) for row in rows])
            for event, rows in self._markets.items()
        }
        self.terms: Mapping[str, EventTerms] = flag_combinations(derived)

    def rows(self) -> pyarrow.Table:
        """The rows of ``recompute.contracts``."""
        records = []
        for event, terms in self.terms.items():
            about = self._events.get(event)
            tau_seconds = self._tau_seconds(event)
            by_ticker = {row[0]: row for row in self._markets[event]}
            for index, ticker in enumerate(terms.legs):
                row = by_ticker[ticker]
                records.append(
                    {
                        "ticker": ticker,
                        "event_ticker": event,
                        "series_ticker": about[3] if about else ticker.partition("-")[0],
                        "category": about[4] if about else "",
                        "title": (about[2] if about else "") or row[2],
                        "structure": terms.structure,
                        "structure_reason": terms.reason,
                        "structure_flags": " ".join(terms.flags),
                        "leg_index": index,
                        "event_legs": len(terms.legs),
                        "collateral_return": about[1] if about else "",
                        "void_rule": terms.void or "",
                        "resolution_utc": row[11],
                        "tau_seconds": tau_seconds,
                        "fee_type": about[5] if about else "quadratic",
                        "fee_multiplier_e4": about[6] if about else 10_000,
                        "has_metadata": row[12],
                        "can_close_early": row[13],
                    }
                )
        return pyarrow.Table.from_pylist(records, schema=_SCHEMA)

    def _event_facts(self, event: str) -> EventFacts:
        about = self._events.get(event)
        return EventFacts(event, *about[:3]) if about else EventFacts(event)

    def _tau_seconds(self, event: str) -> int:
        """Seconds from the end-of-day cycle to the earliest resolution of a leg."""
        return seconds_until([row[11] for row in self._markets[event]], self._cycle)


def seconds_until(resolutions: Sequence[datetime | None], cycle: datetime) -> int:
    """Whole seconds from a cycle to the earliest resolution, not below 0; naive UTC times.

    A leg whose time is not known counts as resolving now: in full collateral.
    """
    if any(moment is None for moment in resolutions):
        return 0
    return max(0, (min(resolutions) - cycle) // timedelta(seconds=1))
