"""One account of a recomputed date, made again by the plain implementation.

What it starts from is read from the tables of the date: terms, marks, volumes, positions,
state probabilities and volatility pools. Prices are drawn from the seed, in plain Python.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from realdata.house import House
from reporting.replica import (
    AccountAmounts,
    AccountBooks,
    Contract,
    DrawnPrices,
    ListedEvent,
    Market,
    Pool,
    replicate_account,
)

_CONTRACTS = """
SELECT contracts.event_ticker, contracts.ticker, contracts.structure, contracts.category,
    contracts.series_ticker, contracts.title, contracts.tau_seconds, contracts.void_rule,
    strftime(contracts.resolution_utc, '%Y-%m-%d'), contracts.can_close_early,
    coalesce(marks.settlement_value_centicents, marks.mark_centicents),
    coalesce(marks.settled, false), volumes.total_volume_qty, volumes.first_traded_date,
    coalesce(held.long_qty, 0)
FROM recompute.contracts AS contracts
LEFT JOIN recompute.marks AS marks USING (business_date, ticker)
LEFT JOIN recompute.trading_volume AS volumes USING (business_date, ticker)
LEFT JOIN (
    SELECT business_date, ticker, CAST(sum(closing_qty) AS BIGINT) AS long_qty
    FROM recompute.positions WHERE closing_qty > 0 GROUP BY ALL
) AS held USING (business_date, ticker)
WHERE contracts.business_date = ?
ORDER BY contracts.event_ticker, contracts.leg_index
"""


class PlainDay:
    """A date as the plain implementation sees it: events, schedule, pools and prices."""

    def __init__(self, house: House, day: date) -> None:
        self._house, self._day = house, day
        self.schedule = self._schedule()
        pools = {
            (category, bucket): Pool(*ratios)
            for category, bucket, *ratios in self._rows(
                "SELECT category, bucket, moving_average, stress, ten_years, observations"
                " FROM recompute.volatility_pools WHERE business_date = ?"
            )
        }
        events = {event.ticker: event for event in self._events()}
        self._market = Market(events, self.schedule, pools)
        self._prices = DrawnPrices(self.schedule)

    def account(self, account_id: str) -> AccountAmounts:
        """All amounts of an account."""
        books: dict[str, dict[str, int]] = defaultdict(dict)
        positions = (
            "SELECT collateralisation, ticker, closing_qty FROM recompute.positions"
            " WHERE business_date = ? AND account_id = ? AND closing_qty <> 0"
        )
        for kind, ticker, qty in self._rows(positions, account_id):
            books[kind][ticker] = qty
        linked = self._rows(
            "SELECT linked_events FROM validate.accounts"
            " WHERE business_date = ? AND account_id = ?",
            account_id,
        )
        owned = self._rows(
            "SELECT ticker, CAST(sum(abs(closing_qty)) AS BIGINT) FROM recompute.positions"
            " JOIN validate.accounts AS others USING (business_date, account_id)"
            " JOIN validate.accounts AS mine USING (business_date)"
            " WHERE business_date = ? AND mine.account_id = ? AND collateralisation = 'margined'"
            " AND coalesce(others.owner_lei, others.owner_id, others.account_id)"
            " = coalesce(mine.owner_lei, mine.owner_id, mine.account_id) GROUP BY ticker",
            account_id,
        )
        account = AccountBooks(
            account_id,
            books["margined"],
            books["fully_collateralised"],
            frozenset(link.strip() for link in linked[0][0].split(";") if link),
            owner_quantities=dict(owned),
        )
        return replicate_account(account, self._market, self._prices)

    def _rows(self, sql: str, *parameters: object) -> list[tuple]:
        return self._house.rows(sql, self._day, *parameters)

    def _schedule(self) -> dict:
        ((text,),) = self._rows(
            "SELECT parameters FROM validate.margin_schedule WHERE business_date = $1"
            " AND effective_date <= $1 ORDER BY effective_date DESC, version DESC LIMIT 1"
        )
        return json.loads(text)

    def _events(self) -> Iterator[ListedEvent]:
        probabilities = defaultdict(list)
        for event, probability in self._rows(
            "SELECT event_ticker, probability FROM recompute.state_probabilities"
            " WHERE business_date = ? ORDER BY event_ticker, state_index"
        ):
            probabilities[event].append(probability)
        legs = defaultdict(list)
        for row in self._rows(_CONTRACTS):
            legs[row[0]].append(row)
        for event, rows in legs.items():
            _, _, structure, category, series, title, tau, void, *_ = rows[0]
            assert structure in ("binary", "binaries", "ladder") and not void
            dates = [row[8] for row in rows]
            yield ListedEvent(
                ticker=event,
                structure=structure,
                contracts=tuple(self._contract(row) for row in rows),
                category=category,
                series=series,
                title=title,
                tau_seconds=tau,
                resolution_date=None if None in dates else min(dates),
                probabilities=tuple(probabilities[event]),
            )

    def _contract(self, row: tuple) -> Contract:
        _, ticker, *_, early, mark, settled, volume, first_traded, interest = row
        days = (self._day - first_traded).days + 1 if first_traded else 1
        return Contract(ticker, mark, settled, early, Fraction(volume or 0, days), interest)
