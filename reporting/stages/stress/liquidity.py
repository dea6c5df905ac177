"""Liquidity of a date: payments of the next 24 hours when the largest payers fail.

Belongs here: from the book, a scenario and the obligations of the date to the payments of each
group by hour. Who fails, and the tables, are in ``payer_failures``. The feed carries neither the
hour of a payout nor a currency: docs/stress.md, "Liquidity", says how both are assumed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from reporting.clock import cycle_utc, end_of_day_utc
from reporting.contract.streams.vocabulary import CYCLES
from reporting.engine.day import Day
from reporting.model.default.facility_drawdown import Facility, at_hand
from reporting.model.stress.events import Prices, Scenario
from reporting.model.stress.liquidity_need import (
    DuePayments,
    by_group,
    outflow_bound,
    unpaid_by_own_cash,
)
from reporting.model.stress.losses import price_losses, scenario_prices
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.stress_book import StressBook
from reporting.stages.recompute.day_book import DayBook
from reporting.units import MICROS_PER_CENTICENT

HOURS = 24
_CURRENCY = "USD"
_SECONDS = 3_600


class Liquidity:
    """Payments due and the cash against them, in the hours after the end of a date."""

    def __init__(self, day: Day, record: ScenarioRecord, book: DayBook, held: StressBook) -> None:
        self._record, self._book, self._held = record, book, held
        self.ends = end_of_day_utc(day.business_date).replace(tzinfo=None)
        first_cycle = cycle_utc(day.business_date + timedelta(days=1), CYCLES[0])
        self._cycle_hour = self._hour(first_cycle.replace(tzinfo=None))
        self._obligations = self._unpaid(day)
        self._cash = self._own_cash(day)

    def _hour(self, due: datetime) -> int:
        """The hour in which a payment falls due; a late payment is due at once."""
        hours = (due - self.ends) // timedelta(seconds=_SECONDS)
        return min(max(hours, 0), HOURS - 1)

    def _unpaid(self, day: Day) -> np.ndarray:
        """Variation of the date that is still to be paid: int64[accounts, hours] micros."""
        due = np.zeros((len(self._book.account_ids), HOURS), dtype=np.int64)
        for account, moment, amount in day.read(
            "stress/reads/unpaid_variation", ends=self.ends
        ).fetchall():
            if account in self._book.account_index:
                number = self._book.account_index[account]
                due[number, self._hour(moment)] += amount * MICROS_PER_CENTICENT
        return due

    def _own_cash(self, day: Day) -> np.ndarray:
        """Collateral that pays at once, up to the margin required: int64[accounts] micros."""
        cash = np.zeros(len(self._book.account_ids), dtype=np.int64)
        for account, asset, value in day.read("recompute/reads/collateral").fetchall():
            if value > 0 and asset in self._record.parameters["liquid_assets"]:
                number = self._book.account_index.get(account)
                if number is not None:
                    cash[number] += value * MICROS_PER_CENTICENT
        return np.minimum(cash, _by_account(self._held.accounts.margin))

    def payments(self, scenario: Scenario | None, facilities: Sequence[Facility]) -> DuePayments:
        """Payments when a scenario strikes at the end of the date. facilities: centicents."""
        losses = self._losses(scenario)
        groups, of_account = len(self._held.groups), self._held.accounts.group[::2]
        gross = self._obligations + losses
        due = unpaid_by_own_cash(gross, self._cash)
        bound = outflow_bound(
            losses.sum(axis=1),
            _by_account(np.maximum(self._held.accounts.worst_case, 0)),
            of_account,
            groups,
        )
        owed = by_group(self._obligations, of_account, groups).sum(axis=1)
        resources = np.array(at_hand(facilities, HOURS), dtype=np.int64) * MICROS_PER_CENTICENT
        net, before_cash = (by_group(of, of_account, groups) for of in (due, gross))
        return DuePayments(_CURRENCY, net, bound + owed, resources, before_cash)

    def _losses(self, scenario: Scenario | None) -> np.ndarray:
        """What each account loses hour by hour: int64[accounts, hours] micros.

        Payouts of events that resolve within these hours in the hour of their resolution, all
        else at the first cycle. The two books of an account do not net, nor do two hours.
        """
        due = np.zeros((len(self._book.account_ids), HOURS), dtype=np.int64)
        if scenario is None:
            return due
        market = self._held.market
        prices = scenario_prices(scenario, market)
        hours = np.repeat(
            np.array([self._resolution_hour(event.tau_days) for event in market.events], np.int64),
            np.diff(market.first_contract),
        )[prices.contract]
        for hour in np.unique(hours).tolist():
            of_hour = hours == hour
            lost = price_losses(self._held, Prices(prices.contract[of_hour], prices.price[of_hour]))
            due[:, hour] = _by_account(np.maximum(lost, 0))
        return due

    def _resolution_hour(self, tau_days: float) -> int:
        hour = round(tau_days * HOURS * _SECONDS) // _SECONDS
        return hour if hour < HOURS else self._cycle_hour


def _by_account(values: np.ndarray) -> np.ndarray:
    """The sum of the two books of each account: int64[accounts]."""
    return values[::2] + values[1::2]
