"""Alerts of the intraday cycles: who has to be called, and what came near its resolution.

Belongs here: which amounts of a cycle are held against which threshold, and the words; what is
an exposure at a cycle or at the end of the day stands in ``exposures``. The policy numbers are in
``data_checks/thresholds.yaml``, the arithmetic in ``model/surveillance``; severity and cure of
each kind stand in the rulebook.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import attrgetter

import numpy as np
import pyarrow

from reporting.clock import cycle_utc, end_of_day_utc
from reporting.contract.streams.vocabulary import CYCLES, END_OF_DAY
from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.metrics.surveillance import enters_tau0, over, over_share
from reporting.rulebook.thresholds import Thresholds, thresholds_in_force
from reporting.stages.recompute.alert import ALERT_COLUMNS, Alert
from reporting.stages.recompute.cycles import CycleMargin
from reporting.stages.recompute.exposures import dollars, exposures
from reporting.units import centicents_from_micros_up

_LAST_CYCLE = CYCLES[CYCLES.index(END_OF_DAY) - 1]


@table(
    "recompute.cycle_alerts",
    grain="one row per intraday cycle, kind and subject",
    meaning=(
        "what calls for a person within the day: losses and shortfalls to call for, clusters"
        " that come near their resolution, leverage, concentration and wrong-way exposure,"
        " each with its amount, the threshold that it exceeds (data_checks/thresholds.yaml),"
        " and file and line of the venue's price of the market that it is about, empty where"
        " it is about many"
    ),
    owner="risk",
    reads=("recompute.cycle_margin", "recompute.event_parameters", "recompute.thresholds"),
    columns=("cycle", *ALERT_COLUMNS),
    made_with="recompute.cycle_margin",
)
def alert_rows(day: Day, cycles: Sequence[CycleMargin]) -> pyarrow.Table:
    """The rows of ``recompute.cycle_alerts``, in order of cycle, kind and subject."""
    records: list[dict] = []
    if cycles:
        thresholds = thresholds_in_force(day.business_date)
        tau_before = tau_before_first(day, cycles[0])
        for valued in cycles:
            at = {"cycle": valued.cycle.name}
            prices = {
                ticker: where
                for ticker, *where in day.read(
                    "recompute/reads/cycle_price_sources", **at
                ).fetchall()
            }
            found = _Alerts(day, valued, thresholds, tau_before).all()
            records += [at | each.record(prices) for each in sorted(found, key=attrgetter("order"))]
            # All cycles of a date have its events, in the same order.
            tau_before = valued.book.market.tau_seconds
    return pyarrow.Table.from_pylist(records, schema_of("recompute.cycle_alerts"))


def tau_before_first(day: Day, first: CycleMargin) -> np.ndarray:
    """Seconds to each event's resolution at the moment looked at before the first cycle of a date.

    That moment is the latest cycle of an earlier date or, where there was none, the last of the
    previous date as if it had been made. The previous date's own resolution counts, so that one
    which is brought forward comes near; of an event that it did not have, the one known at the
    cycle. int64[events], 0 without a previous date, and where a resolution is not known or over,
    which is near in any case.
    """
    market = first.book.market
    row = day.read("recompute/reads/last_look").fetchone()
    if row is None:
        return np.zeros(len(market.events), dtype=np.int64)
    end, last = (
        moment.replace(tzinfo=None)
        for moment in (end_of_day_utc(row[0]), cycle_utc(row[0], _LAST_CYCLE))
    )
    looked_at = row[1] or last
    of_yesterday = dict(day.read("recompute/reads/previous_resolution_times").fetchall())
    known = np.array([event in of_yesterday for event in market.events], dtype=bool)
    tau = np.array([of_yesterday.get(event, 0) for event in market.events], dtype=np.int64)
    tau = np.where(known, tau, market.tau_seconds)
    elapsed = np.where(known, _seconds(end - looked_at), _seconds(first.cycle.utc - looked_at))
    return np.where(tau > 0, tau + elapsed, 0)


def _seconds(time: timedelta) -> int:
    return time // timedelta(seconds=1)


class _Alerts:
    """The alerts of one cycle."""

    def __init__(
        self,
        day: Day,
        valued: CycleMargin,
        thresholds: Thresholds,
        tau_before: np.ndarray,
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
        # Without margin there is nothing to measure a loss by; a shortfall finds it.
        loss = np.where(self._initial > 0, loss, 0)
        found = over_share(loss, self._initial, self._thresholds.loss_share_bps)
        for account, amount, threshold in found.rows():
            words = (
                f"lost {dollars(amount)} dollars since the last end of day; the initial margin is"
                f" {dollars(int(self._initial[account]))}"
            )
            yield self._of_account("LOSS", account, words, amount, threshold)

    def _shortfalls(self) -> Iterator[Alert]:
        valued = self._valued
        found = over(valued.shortfall, self._book.schedule.call_threshold_centicents)
        for account, amount, threshold in found.rows():
            words = (
                f"short by {dollars(amount)} dollars: initial margin"
                f" {dollars(int(valued.margins.initial[account]))}, collateral"
                f" {dollars(int(valued.collateral[account]))}, variation since the last end of"
                f" day {dollars(int(valued.variation[account]))}"
            )
            yield self._of_account("SHORTFALL", account, words, amount, threshold)

    def _clusters(self) -> Iterator[Alert]:
        """By cluster, what margined books can lose in its events that came near."""
        market, rows = self._market, self._valued.valuation.portfolio.worst_cases
        days = np.ones(len(market.events), dtype=np.int64)
        clusters = [""] * len(market.events)
        for found in self._valued.valuation.scenarios.events:
            days[found.event] = found.parameters.liquidation_days
            clusters[found.event] = found.parameters.cluster
        near = enters_tau0(self._book.schedule, days, market.tau_seconds, self._tau_before)
        chosen = np.flatnonzero(near[rows.event] & rows.margined & (rows.worst_case > 0))
        of_cluster: dict[str, list[int]] = {}
        for row in chosen.tolist():
            of_cluster.setdefault(clusters[rows.event[row]], []).append(row)
        names = sorted(of_cluster)
        exposed = [int(rows.worst_case[of_cluster[name]].sum()) for name in names]
        amounts = centicents_from_micros_up(np.array(exposed, dtype=np.int64))
        found = over(amounts, self._thresholds.cluster_least_centicents)
        for place, amount, threshold in found.rows():
            held = of_cluster[names[place]]
            accounts = len(np.unique(rows.account[held]))
            events = sorted({market.events[event] for event in rows.event[held].tolist()})
            words = (
                f"came within tau0 of its resolution: {accounts} accounts can lose"
                f" {dollars(amount)} dollars in {', '.join(events[:3])}"
                + (f" and {len(events) - 3} more events" if len(events) > 3 else "")
            )
            yield Alert("CLUSTER_ENTERS_TAU0", names[place], "", words, amount, threshold)

    def _of_account(
        self, kind: str, account: int, words: str, amount: int, threshold: int
    ) -> Alert:
        """An alert about an account, at the price of the market in which it lost most."""
        name = self._book.account_ids[account]
        ticker = self._largest_loss.get(name)
        if ticker is not None:
            words += f"; the largest loss is in {ticker}"
        return Alert(kind, name, name, words, amount, threshold, ticker)
