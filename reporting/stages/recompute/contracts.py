"""Terms of the contracts of a date: from validated metadata to outcome structures."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pyarrow

from reporting.clock import end_of_day_utc
from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.events.combination_terms import flag_combinations
from reporting.model.events.structures import EventFacts, EventTerms, MarketFacts, derive_terms


class Contracts:
    """The contracts of a date: the terms of each event, and its rows for the lake."""

    def __init__(self, day: Day) -> None:
        self._cycle = end_of_day_utc(day.business_date).replace(tzinfo=None)
        self._events = {
            row[0]: row[1:] for row in day.read("recompute/reads/contract_events").fetchall()
        }
        self._markets: dict[str, list[tuple]] = {}
        for row in day.read("recompute/reads/contract_markets").fetchall():
            self._markets.setdefault(row[1], []).append(row)
        derived = {
            event: derive_terms(
                self._event_facts(event),
                [MarketFacts(*row[:11], rules_primary=row[14]) for row in rows],
            )
            for event, rows in self._markets.items()
        }
        self.terms: Mapping[str, EventTerms] = flag_combinations(derived)

    def rows(self) -> pyarrow.Table:
        """The rows of ``recompute.contracts``."""
        records = []
        for event, terms in self.terms.items():
            event_row = self._events.get(event)
            tau_seconds = self._tau_seconds(event)
            by_ticker = {row[0]: row for row in self._markets[event]}
            for index, ticker in enumerate(terms.legs):
                row = by_ticker[ticker]
                records.append(
                    {
                        "ticker": ticker,
                        "event_ticker": event,
                        "series_ticker": event_row[3] if event_row else ticker.partition("-")[0],
                        "category": event_row[4] if event_row else "",
                        "title": (event_row[2] if event_row else "") or row[2],
                        "structure": terms.structure,
                        "structure_reason": terms.reason,
                        "structure_flags": " ".join(terms.flags),
                        "leg_index": index,
                        "event_legs": len(terms.legs),
                        "collateral_return": event_row[1] if event_row else "",
                        "void_rule": "+".join(terms.voids),
                        "resolution_utc": row[11],
                        "tau_seconds": tau_seconds,
                        "fee_type": event_row[5] if event_row else "quadratic",
                        "fee_multiplier_e4": event_row[6] if event_row else 10_000,
                        "has_metadata": row[12],
                        "can_close_early": row[13],
                    }
                )
        return pyarrow.Table.from_pylist(records, schema_of("recompute.contracts"))

    def _event_facts(self, event: str) -> EventFacts:
        event_row = self._events.get(event)
        return EventFacts(event, *event_row[:3]) if event_row else EventFacts(event)

    def _tau_seconds(self, event: str) -> int:
        """Seconds from the end-of-day cycle to the earliest resolution of a leg."""
        return seconds_until([row[11] for row in self._markets[event]], self._cycle)


@table(
    "recompute.contracts",
    grain=(
        "one row per market that was listed, traded, open or settled that day, or is a leg of such"
        " a market"
    ),
    meaning=(
        "terms of each contract and the outcome structure of its event, derived from metadata and"
        " titles, with the reason"
    ),
    reads="""
        validate.trades validate.markets validate.events validate.series validate.settlement_periods
        recompute.days
    """,
    columns="""
        ticker event_ticker series_ticker category title structure structure_reason structure_flags
        leg_index event_legs collateral_return void_rule resolution_utc tau_seconds fee_type
        fee_multiplier_e4 has_metadata can_close_early
    """,
)
def contract_rows(contracts: Contracts) -> pyarrow.Table:
    return contracts.rows()


def seconds_until(resolutions: Sequence[datetime | None], cycle: datetime) -> int:
    """Whole seconds from a cycle to the earliest resolution, not below 0; naive UTC times.

    A leg without a known time counts as resolving now, so that it is held in full.
    """
    if any(moment is None for moment in resolutions):
        return 0
    return max(0, (min(resolutions) - cycle) // timedelta(seconds=1))
