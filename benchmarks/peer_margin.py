"""Initial margin of the peer: ECM-2 in plain pandas and numpy, by the page docs/model.md.

A loop over the events with a small matrix product each, one large product for either scenario
set, and group sums. Money is in micros.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, outcome_count, payoffs, void_prices
from reporting.model.margin.schedule import Schedule

FIGURES = [
    "margined_worst_case",
    "expected_shortfall",
    "jump_to_resolution",
    "add_ons",
    "initial_margin",
]
"""Figures of an account that product and peer must agree on."""


@dataclass(frozen=True)
class Given:
    """The inputs that the peer does not compute: terms, parameters and probabilities of the day.

    terms: outcome structures by event; categories: by event; weights: the ramp as a fraction by
    event; by_date: events that happen by a date; wrong_way: pairs of account and event; settled:
    settled markets; owners: beneficial owner by account; parameters: the rows of
    recompute.event_parameters; probabilities: of the outcome states by event; credits: the rows
    of recompute.combination_credits; scenario_file: the published prices.
    """

    schedule: Schedule
    terms: dict[str, EventTerms]
    categories: dict[str, str]
    weights: dict[str, tuple[int, int]]
    by_date: set[str]
    wrong_way: set[tuple[str, str]]
    settled: set[str]
    owners: dict[str, int]
    parameters: pd.DataFrame
    probabilities: dict[str, np.ndarray]
    credits: pd.DataFrame
    scenario_file: Path


def initial_margin(
    positions: pd.DataFrame, marks: pd.Series, volume: pd.Series, given: Given
) -> pd.DataFrame:
    """Initial margin of each account, and the parts of its margined book: columns of ``FIGURES``.

    Centicents, rounded up; initial margin is that of both books, rounded up and then added.
    """
    schedule = given.schedule
    event_of = {leg: event for event, terms in given.terms.items() for leg in terms.legs}
    positions = positions.assign(
        event=positions["ticker"].map(event_of),
        mark=positions["ticker"].map(marks),
        margined=positions["collateralisation"] == "margined",
    )
    by_event = _by_event(positions, marks, given)
    summed = by_event.groupby(["account_id", "margined"])[["worst", "ramped"]].sum()
    credits = given.credits.groupby(["account_id", "margined"])[["credit", "ramped_credit"]].sum()
    credits = credits.reindex(summed.index, fill_value=0)
    summed["worst"] -= credits["credit"]
    summed["ramped"] -= credits["ramped_credit"]
    summed["jump"] = _jump_requirement(by_event, given).reindex(summed.index, fill_value=0)
    summed = summed.reset_index()
    margined = positions[positions["margined"]]
    tail = summed["account_id"].map(_expected_shortfall(margined, given)).fillna(0)
    add_ons = summed["account_id"].map(_add_ons(margined, positions, volume, given)).fillna(0)
    summed["shortfall"] = summed["ramped"] + _up(tail)
    summed["floor"] = -(-summed["worst"] * schedule.core_floor_bps // 10_000)
    summed["core"] = summed[["shortfall", "jump", "floor"]].max(axis=1)
    summed["add_ons"] = _up(add_ons)
    needed = np.minimum(summed["core"] + summed["add_ons"], summed["worst"])
    summed["initial"] = needed.where(summed["margined"], summed["worst"])
    parts = summed[["worst", "shortfall", "jump", "add_ons"]].where(summed["margined"], 0)
    booked = -(-parts.assign(initial=summed["initial"]) // 100)
    booked.columns = FIGURES
    return booked.groupby(summed["account_id"]).sum()


def _by_event(positions: pd.DataFrame, marks: pd.Series, given: Given) -> pd.DataFrame:
    """Worst case above 0, its ramped part and the gap, by account, kind of book and event."""
    by_name = {row.draws_name: row for row in given.parameters.itertuples(index=False)}
    parts = []
    for (event, margined), held in positions.groupby(["event", "margined"]):
        terms = given.terms[event]
        mark = np.array([int(marks.get(leg, 0)) for leg in terms.legs], dtype=np.int64)
        table = held.pivot_table(
            index="account_id", columns="ticker", values="signed", aggfunc="sum", fill_value=0
        ).reindex(columns=terms.legs, fill_value=0)
        quantity = table.to_numpy(dtype=np.int64)
        worst = np.maximum(quantity @ mark - _least_payout(terms, mark, quantity), 0)
        numerator, denominator = given.weights[event]
        tied = np.array([(account, event) in given.wrong_way for account in table.index])
        ramped = np.where(tied, worst, -(-worst * numerator // denominator))
        gap = np.zeros(len(table), dtype=np.int64)
        if margined:
            for name, part, legs, probability in _scenario_parts(terms, mark, marks, given):
                own = _Event(part, mark[legs], by_name[name], probability, event in given.by_date)
                gap += _gap(own, quantity[:, legs], given.schedule)
        frame = pd.DataFrame({"worst": worst, "ramped": ramped, "gap": np.minimum(gap, worst)})
        parts.append(frame.assign(account_id=table.index, margined=margined, event=event))
    return pd.concat(parts, ignore_index=True)


def _least_payout(terms: EventTerms, mark: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """The smallest payout of each book over all states, unusual settlements among them."""
    if t.has_listed_states(terms):
        least = (quantity @ payoffs(terms, mark)[0]).min(axis=1)
    else:
        # Their states are too many to list.
        lost = np.minimum(quantity, 0)
        if terms.structure != t.BINARIES:
            ordered = np.sort(quantity, axis=1)
            lost = ordered[:, : terms.k]
            if terms.structure == t.AT_LEAST_K:
                lost = np.hstack([lost, np.minimum(ordered[:, terms.k :], 0)])
        least = lost.sum(axis=1) * terms.payout
        for void in terms.void_states:
            least = np.minimum(least, quantity @ void_prices(terms, mark, void))
    if t.VOID_FAIR in terms.voids:
        band = terms.payout if terms.fair_band is None else terms.fair_band
        low = np.maximum(mark - band, 0)
        high = np.minimum(mark + band, np.maximum(mark, terms.payout))
        least = np.minimum(least, np.minimum(quantity * low, quantity * high).sum(axis=1))
    return least


def _scenario_parts(
    terms: EventTerms, mark: np.ndarray, marks: pd.Series, given: Given
) -> Iterator[tuple[str, EventTerms, np.ndarray, np.ndarray | None]]:
    """Name, terms, legs and probabilities: the event, or of separate binaries each contract."""
    event = terms.event_ticker
    if terms.structure != t.BINARIES:
        yield event, terms, np.arange(len(terms.legs)), given.probabilities.get(event)
        return
    for leg, ticker in enumerate(terms.legs):
        alone = EventTerms(
            ticker,
            t.BINARY,
            terms.reason,
            (ticker,),
            voids=terms.voids,
            payout=terms.payout,
            fair_band=terms.fair_band,
        )
        probability = None
        if ticker in marks.index and ticker not in given.settled:
            price = mark[leg] / terms.payout
            probability = np.array([1 - price, price, *(0.0 for _ in terms.void_states)])
        yield ticker, alone, np.array([leg]), probability


@dataclass(frozen=True)
class _Event:
    """An event of the scenarios: terms, marks, its row of parameters, probabilities or None."""

    terms: EventTerms
    mark: np.ndarray
    parameters: object
    probability: np.ndarray | None
    by_date: bool


def _gap(event: _Event, quantity: np.ndarray, schedule: Schedule) -> np.ndarray:
    """The worst that the liquidation period can bring to each book: int64."""
    terms, mark, parameters = event.terms, event.mark, event.parameters
    worst = np.maximum(quantity @ mark - _least_payout(terms, mark, quantity), 0)
    if event.probability is None:
        return worst
    matrix = payoffs(terms, mark)[0]
    losses = (quantity @ mark)[:, None] - quantity @ matrix
    gap = _up(_wang(losses, event.probability, parameters.gap_information, schedule))
    jump = np.zeros_like(worst)
    if event.by_date:
        happened = (matrix > 0).any(axis=0)
        happened[outcome_count(terms) :] = False
        jump = np.maximum(losses[:, happened].max(axis=1), 0)
    elif parameters.resolves_in_period:
        jump = worst
    return np.maximum(gap, -(-jump * int(parameters.kappa_bps) // 10_000))


def _wang(
    losses: np.ndarray, probability: np.ndarray, information: float, schedule: Schedule
) -> np.ndarray:
    """Mean loss under distorted probabilities, states from the worst loss down, at least 0."""
    losses, probability = losses[:, probability > 0], probability[probability > 0]
    if information >= 1:
        return np.maximum(losses.max(axis=1), 0)
    shift = ndtri(schedule.gap_quantile_bps / 10_000) * np.sqrt(information / (1 - information))
    order = np.argsort(-losses, axis=1, kind="stable")
    reached = np.minimum(probability[order].cumsum(axis=1), 1)
    reached[:, -1] = 1
    weight = np.diff(ndtr(ndtri(reached) + shift), axis=1, prepend=0)
    return np.maximum((np.take_along_axis(losses, order, axis=1) * weight).sum(axis=1), 0)


def _jump_requirement(by_event: pd.DataFrame, given: Given) -> pd.Series:
    """The gap of the most expensive cluster of each margined book, by account and True.

    Events that a combination nets with its legs count, in a cluster, at most at their joint worst
    case.
    """
    cluster_of = given.parameters.groupby("event_ticker")["cluster"].first()
    rows = by_event[by_event["margined"]]
    rows = rows.assign(cluster=rows["event"].map(cluster_of))
    sums = rows.groupby(["account_id", "margined", "cluster"])["gap"].sum()
    gaps = rows.set_index(["account_id", "event"])["gap"]
    netted = given.credits[given.credits["margined"] & (given.credits["credit"] > 0)]
    for group in netted.itertuples(index=False):
        held = pd.Series({e: gaps[group.account_id, e] for e in group.held_events.split()})
        for cluster, gap in held.groupby(cluster_of.reindex(held.index).to_numpy()).sum().items():
            sums[group.account_id, True, cluster] -= max(gap - group.joint, 0)
    return sums.groupby(["account_id", "margined"]).max().clip(lower=0)


def _up(amounts):
    """Micros rounded to a thousandth, then up: int64."""
    return np.ceil(np.round(amounts, 3)).astype("int64")


def _expected_shortfall(margined: pd.DataFrame, given: Given) -> pd.Series:
    """Expected shortfall of the part not fully collateralised, by account, in the set in which it
    is larger, with the loss from raw to fitted marks."""
    published = pd.read_parquet(given.scenario_file).set_index("ticker")
    held = margined[margined["ticker"].isin(published.index)]
    if held.empty:
        return pd.Series(dtype=float)
    free = 1 - held["event"].map({event: n / d for event, (n, d) in given.weights.items()})
    if given.wrong_way:
        tied = pd.MultiIndex.from_tuples(given.wrong_way)
        free = free.where(~pd.MultiIndex.from_frame(held[["account_id", "event"]]).isin(tied), 0)
    held = held.assign(exposed=held["signed"] * free)[free > 0]
    if held.empty:
        return pd.Series(dtype=float)
    away = held["mark"] - 10_000 * held["ticker"].map(published["model_price"])
    fit = (held["exposed"] * away).groupby([held["account_id"], held["event"]]).sum()
    fit = fit.clip(lower=0).groupby("account_id").sum()
    table = held.pivot_table(
        index="account_id", columns="ticker", values="exposed", aggfunc="sum", fill_value=0.0
    )
    used = published.loc[table.columns]
    measures = []
    for prices in ("prices_at_rho", "prices_at_zero"):
        falls = used["model_price"].to_numpy()[:, None] - np.stack(used[prices].to_numpy())
        losses = 10_000 * (table.to_numpy(dtype=float) @ falls)
        scenarios = losses.shape[1]
        tail = int(-(-(1 - given.schedule.alpha) * scenarios // 1))
        worst = np.partition(losses, scenarios - tail, axis=1)[:, scenarios - tail :]
        measures.append(worst.mean(axis=1))
    return pd.Series(np.maximum(*measures), index=table.index) + fit.reindex(table.index)


def _add_ons(
    margined: pd.DataFrame, positions: pd.DataFrame, volume: pd.Series, given: Given
) -> pd.Series:
    """Add-ons by account: each position pays its share of what its owner's total costs."""
    schedule = given.schedule
    information = given.parameters.set_index("draws_name")["information"]
    # Of separate binaries each contract has a row of its own, named by its ticker.
    has_row = margined["ticker"].isin(information.index)
    name = margined["ticker"].where(has_row, margined["event"])
    size = margined["signed"].abs()
    owner = margined["account_id"].map(given.owners)
    total = size.groupby([owner, margined["ticker"]]).transform("sum")
    longs = positions[positions["signed"] > 0].groupby("ticker")["signed"].sum()
    price = margined["mark"] / 10_000
    most = price.where(margined["signed"] > 0, 1 - price)
    density = np.exp(-(ndtri(price.clip(0.02, 0.98)) ** 2) / 2) / np.sqrt(2 * np.pi)
    days = np.sqrt(total / margined["ticker"].map(volume))
    impact = density * np.sqrt(name.map(information)) * days
    cost = schedule.half_spread_centicents / 10_000 + schedule.impact_bps / 10_000 * impact
    limit = schedule.concentration_share_bps / 10_000
    share = total / margined["ticker"].map(longs)
    factor = 1 + (share.fillna(1) - limit).clip(lower=0) / limit
    amount = 10_000 * size * np.minimum(most, cost.fillna(np.inf)) * factor
    return amount.groupby(margined["account_id"]).sum()
