"""Alerts of the intraday cycles: losses, shortfalls, and clusters that near their resolution.

Belongs here: the amounts of a cycle, their thresholds and the words. Exposures at a cycle and at
the end of the day are in ``exposures``. The policy numbers are in
``data_checks/thresholds.yaml``, the arithmetic in ``model/metrics/surveillance``, severity and
remediation of each kind in the rulebook.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import pyarrow

from reporting.clock import cycle_utc, end_of_day_utc
from reporting.contract.streams.vocabulary import CYCLES, END_OF_DAY
from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.metrics.surveillance import enters_tau0, over, over_share
from reporting.rulebook.thresholds import Thresholds, thresholds_in_force
from reporting.stages.recompute.margin.cycles import CycleMargin
from reporting.stages.recompute.surveillance.alert import ALERT_COLUMNS, Alert, alert_records
from reporting.stages.recompute.surveillance.exposures import exposures
from reporting.units import centicents_from_micros_up
from reporting.wording import dollars

_LAST_CYCLE = CYCLES[CYCLES.index(END_OF_DAY) - 1]


@table(
    "recompute.cycle_alerts",
    grain="one row per intraday cycle, kind and subject",
    meaning=(
        "events within the day that need a person: losses and shortfalls to call for, clusters"
        " near their resolution, leverage, concentration and wrong-way exposure, each with its"
        " amount and the threshold that it exceeds (data_checks/thresholds.yaml), and file and line"
        " of the venue's price of its market, empty if it concerns many"
    ),
    reads="recompute.cycle_margin recompute.event_parameters recompute.thresholds",
    columns=f"cycle {ALERT_COLUMNS}",
    made_with="recompute.cycle_margin",
)
def alert_rows(day: Day, cycles: Sequence[CycleMargin]) -> pyarrow.Table:
    """The rows of ``recompute.cycle_alerts``, in order of cycle, kind and subject."""
    records: list[dict] = []
    if cycles:
        thresholds = thresholds_in_force(day.business_date)
        tau_before = tau_before_first(day, cycles[0])
        for valued in cycles:
            alerts = _Alerts(day, valued, thresholds, tau_before).all()
            sources = "recompute/reads/cycle_price_sources"
            records += alert_records(day, alerts, sources, cycle=valued.cycle.name)
            # All cycles of a date have its events, in the same order.
            tau_before = valued.book.market.tau_seconds
    return pyarrow.Table.from_pylist(records, schema_of("recompute.cycle_alerts"))


def tau_before_first(day: Day, first: CycleMargin) -> np.ndarray:
    """Seconds to each event's resolution at the last look before the first cycle of a date.

    That look is the latest cycle of an earlier date or, without one, the time of the last cycle of
    the previous date. The resolution known on the previous date counts, so that a resolution that
    is brought forward comes near; for an event that is new since, the one known at the cycle.
    int64[events]; 0, which is near in any case, without a previous date and for a resolution that
    is unknown or over.
    """
    market = first.book.market
    row = day.read("recompute/reads/last_look").fetchone()
    if row is None:
        return np.zeros(len(market.events), dtype=np.int64)
    end, last = (
        moment.replace(tzinfo=None)
        for moment in (end_of_day_utc(row[0]), cycle_utc(row[0], _LAST_CYCLE))
    )
    last_look = row[1] or last
    of_yesterday = dict(day.read("recompute/reads/previous_resolution_times").fetchall())
    known = np.array([event in of_yesterday for event in market.events], dtype=bool)
    tau = np.array([of_yesterday.get(event, 0) for event in market.events], dtype=np.int64)
    tau = np.where(known, tau, market.tau_seconds)
    elapsed = np.where(known, _seconds(end - last_look), _seconds(first.cycle.utc - last_look))
    return np.where(tau > 0, tau + elapsed, 0)


def _seconds(time: timedelta) -> int:
    return time // timedelta(seconds=1)


class _Alerts:
    """The alerts of one cycle."""

    def __init__(
        self, day: Day, valued: CycleMargin, thresholds: Thresholds, tau_before: np.ndarray
    ) -> None:
        self._valued, self._thresholds, self._tau_before = valued, thresholds, tau_before
        self._book, self._market = valued.book, valued.book.market
        losses = day.read(
            "recompute/reads/cycle_largest_losses", cycle=valued.cycle.name
        ).fetchall()
        self._largest_loss: dict[str, str] = dict(losses)
        self._initial = centicents_from_micros_up(valued.margins.margined.initial)

    def all(self) -> Iterator[Alert]:
        yield from self._losses()
        yield from self._shortfalls()
        yield from self._clusters()
        valued = self._valued
        yield from exposures(self._book, valued.valuation, self._thresholds)

    def _losses(self) -> Iterator[Alert]:
        loss = -self._valued.margined_variation
        # Without margin there is no measure of a loss; the account has a shortfall instead.
        loss = np.where(self._initial > 0, loss, 0)
        excesses = over_share(loss, self._initial, self._thresholds.loss_share_bps)
        for account, amount, threshold in excesses.rows():
            words = (
                f"lost {dollars.exact(amount)} since the last end of day; the initial margin is"
                f" {dollars.exact(int(self._initial[account]))}"
            )
            yield self._of_account("LOSS", account, words, amount, threshold)

    def _shortfalls(self) -> Iterator[Alert]:
        valued = self._valued
        excesses = over(valued.shortfall, self._book.schedule.call_threshold_centicents)
        for account, amount, threshold in excesses.rows():
            words = (
                f"short by {dollars.exact(amount)}: initial margin"
                f" {dollars.exact(int(valued.margins.initial[account]))}, collateral"
                f" {dollars.exact(int(valued.collateral[account]))}, variation since the last end"
                f" of day {dollars.exact(int(valued.variation[account]))}"
            )
            yield self._of_account("SHORTFALL", account, words, amount, threshold)

    def _clusters(self) -> Iterator[Alert]:
        """By cluster, the worst case of margined books in its events that came near."""
        market, rows = self._market, self._valued.valuation.portfolio.worst_cases
        days = np.ones(len(market.events), dtype=np.int64)
        clusters = [""] * len(market.events)
        for scenario_event in self._valued.valuation.scenarios.events:
            days[scenario_event.event] = scenario_event.parameters.liquidation_days
            clusters[scenario_event.event] = scenario_event.parameters.cluster
        near = enters_tau0(self._book.schedule, days, market.tau_seconds, self._tau_before)
        chosen = np.flatnonzero(near[rows.event] & rows.margined & (rows.worst_case > 0))
        of_cluster: dict[str, list[int]] = {}
        for row in chosen.tolist():
            of_cluster.setdefault(clusters[rows.event[row]], []).append(row)
        names = sorted(of_cluster)
        exposed = [int(rows.worst_case[of_cluster[name]].sum()) for name in names]
        amounts = centicents_from_micros_up(np.array(exposed, dtype=np.int64))
        excesses = over(amounts, self._thresholds.cluster_least_centicents)
        for number, amount, threshold in excesses.rows():
            held = of_cluster[names[number]]
            accounts = len(np.unique(rows.account[held]))
            events = sorted({market.events[event] for event in rows.event[held].tolist()})
            words = (
                f"came within tau0 of its resolution: {accounts} accounts can lose"
                f" {dollars.exact(amount)} in {', '.join(events[:3])}"
                + (f" and {len(events) - 3} more events" if len(events) > 3 else "")
            )
            yield Alert("CLUSTER_ENTERS_TAU0", names[number], "", words, amount, threshold)

    def _of_account(
        self, kind: str, account: int, words: str, amount: int, threshold: int
    ) -> Alert:
        """An alert about an account, at the price of the market in which it lost most."""
        name = self._book.account_ids[account]
        ticker = self._largest_loss.get(name)
        if ticker is not None:
            words += f"; the largest loss is in {ticker}"
        return Alert(kind, name, name, words, amount, threshold, ticker)
