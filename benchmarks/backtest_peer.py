"""The peer of the backtests: coverage and its tests in pandas, numpy and scipy, written plainly.

Whole columns at a time where the formula allows it. Formulas are those of the papers in
docs/backtests.md; the draws of the bootstrap and of the simulated histories are given.
"""

from fractions import Fraction

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import xlogy
from scipy.stats import beta, binom, chi2, norm

from benchmarks.backtest_book import ACCOUNTS, DAYS, GROUPS, TAIL_BPS, Book
from reporting.model.scenarios.draws import uniforms

RELATIVE = 1e-6
"""The peer's Weibull shape comes from a search that stops there."""
DAILY_FIGURES = (
    "observations",
    "breaches",
    "jump_breaches",
    "uncovered_micros",
    "peak_uncovered_micros",
    "kupiec_statistic",
    "kupiec_p_value",
    "independence_statistic",
    "conditional_p_value",
    "binomial_p_value",
    "lowest_coverage",
    "highest_coverage",
    "z2",
    "clusters",
    "clustered_lowest_coverage",
    "clustered_highest_coverage",
    "dated_lowest_coverage",
    "dated_highest_coverage",
    "independent_draws",
    "margin_needed_bps",
)
_VERDICTS = (
    "kupiec_statistic",
    "kupiec_p_value",
    "independence_statistic",
    "conditional_p_value",
    "binomial_p_value",
    "z2",
    "margin_needed_bps",
)
"""Figures that only model-driven books have."""
_BUCKETS = ("<=2", "3-7", "8-30", "31-90", ">90")
_LAST_DAYS = (2, 7, 30, 90, np.inf)


def by_account(book: Book, coverage: Fraction) -> np.ndarray:
    """The disclosed items of each account, then its tests."""
    frame = _frame(book)
    items = _items(frame.groupby("account"))
    x, n, p = items["breaches"], items["observations"], float(1 - coverage)
    pof = _kupiec(x, n, p)
    broken = frame[frame["breach"]]
    first = (broken.groupby("account")["day"].first() + 1).reindex(items.index)
    tuff = 2 * (np.log(1 / first / p) + xlogy(first - 1, (first - 1) / first / (1 - p)))
    flags = frame.pivot(index="day", columns="account", values="breach").to_numpy()
    alone = _independence(flags)
    both = pof + alone
    weibull = [_weibull(np.flatnonzero(column) + 1, DAYS) for column in flags.T]
    columns = [
        *items.to_numpy().T,
        pof,
        chi2.sf(pof, 1),
        tuff,
        chi2.sf(tuff, 1),
        alone,
        chi2.sf(alone, 1),
        both,
        chi2.sf(both, 2),
        *np.array(weibull).T,
        binom.sf(x - 1, n, p),
        1 - beta.ppf(0.975, x + 1, n - x),
        np.where(x > 0, 1 - beta.ppf(0.025, np.maximum(x, 1), n - x + 1), 1.0),
        binom.cdf(x, n, p),
        np.full(ACCOUNTS, _zone_from(0.95, p)),
        np.full(ACCOUNTS, _zone_from(0.9999, p)),
    ]
    return np.column_stack(columns)


def by_bucket(book: Book, seed: int, trials: int) -> np.ndarray:
    """Items and interval of whole clusters of each bucket of time to resolution."""
    frame = _frame(book)
    frame["bucket"] = np.digitize(book.seconds / 86_400, _LAST_DAYS, right=True)
    items = _items(frame.groupby("bucket")).to_numpy()
    intervals = [_clustered(own, seed, trials) for _, own in frame.groupby("bucket")]
    return np.column_stack([items, intervals])


def by_group(
    book: Book, coverage: Fraction, seed: int, trials: int, simulations: int
) -> np.ndarray:
    """Items, interval of whole clusters, Z2 and its p-value of each member group."""
    frame = _frame(book)
    items = _items(frame.groupby("group")).to_numpy()
    intervals = [_clustered(own, seed, trials) for _, own in frame.groupby("group")]
    tail = float(1 - coverage)
    draws = np.stack(
        [uniforms(seed, "shortfall-backtest", str(day), simulations) for day in range(DAYS)]
    )
    sums = frame.groupby(["group", "day"])[["loss", "var", "es"]].sum()
    tests = [_z2(sums.loc[group], tail, draws) for group in range(GROUPS)]
    return np.column_stack([items, intervals, tests])


def procyclicality(book: Book) -> np.ndarray:
    """Peak to trough, largest growth and largest increase over 1, 5 and 30 days."""
    margin = pd.DataFrame(book.growing.T)
    growth = [margin.pct_change(days).max() for days in (1, 5, 30)]
    rise = [margin.diff(days).max() for days in (1, 5, 30)]
    return np.column_stack([margin.max() / margin.min(), *growth, *rise])


def daily_run(book: Book, coverage: Fraction, seed: int, trials: int) -> np.ndarray:
    """The figures of ``DAILY_FIGURES`` by horizon, bucket and books, in the order of their names.

    All margin of the year is below the worst case: all books are model-driven. Only these have
    tests; of all books together there are counts and intervals.
    """
    frame = _frame(book)
    frame["jump_breach"] = frame["breach"] & (book.diffusion <= book.margin_micros)
    bucket = np.digitize(book.seconds / 86_400, _LAST_DAYS, right=True)
    frame["bucket"] = np.array(_BUCKETS)[bucket]
    groups = {("liquidation period", name): own for name, own in frame.groupby("bucket")}
    groups["liquidation period", "all"] = groups["next close", "all"] = frame
    places = sorted((*place, books) for place in groups for books in ("all", "model-driven"))
    # What accounts lose over the next close is not held against an expected shortfall there,
    # unless that is their liquidation period, as here.
    p = float(1 - coverage)
    rows = []
    for *place, books in places:
        row = dict(zip(DAILY_FIGURES, _pooled(groups[tuple(place)], p, seed, trials), strict=True))
        if books == "all":
            row |= dict.fromkeys(_VERDICTS, np.nan)
        rows.append(list(row.values()))
    return np.array(rows, dtype=float)


def _pooled(own: pd.DataFrame, p: float, seed: int, trials: int) -> list[float]:
    n, x = len(own), int(own["breach"].sum())
    # Observations on one resolution are one draw, and so are those of one date.
    draws = min(n, own["cluster"].nunique(), own["day"].nunique())
    y = x / n * draws
    judged = draws * p >= 1 - 1e-9
    pof = float(_kupiec(x, n, p)) * draws / n if judged else np.nan
    hit = own.groupby("day")["breach"].any().to_numpy()
    alone = float(_independence(hit))
    beyond = own["loss"] > 100 * own["var"]
    # The level of the value at risk, which is not that of the coverage.
    ratios = own["loss"][beyond] / (100 * own["es"][beyond])
    return [
        n,
        x,
        own["jump_breach"].sum(),
        own["uncovered"].sum(),
        own["uncovered"].max(),
        pof,
        chi2.sf(pof, 1),
        alone,
        chi2.sf(pof + alone, 2),
        beta.cdf(p, y, draws - y + 1) if x else 1.0,
        beta.ppf(0.025, draws - y, y + 1),
        1 - beta.ppf(0.025, y, draws - y + 1) if x else 1.0,
        1 - ratios.sum() / (n * TAIL_BPS / 10_000) if judged else np.nan,
        own["cluster"].nunique(),
        *_clustered(own, seed, trials),
        *_clustered(own, seed, trials, "day"),
        draws,
        _needed_bps(own, p),
    ]


def _needed_bps(own: pd.DataFrame, p: float) -> float:
    """Share of margin that all losses but ``p`` of them needed, in whole per cent, rounded up."""
    needed = np.sort(np.maximum(-(-own["loss"] * 100 // own["margin"]), 0) * 100)
    return float(needed[int(np.ceil(round(len(own) * (1 - p), 6))) - 1])


def _frame(book: Book) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "day": book.day,
            "account": book.account,
            "group": book.group,
            "cluster": book.cluster,
            "loss": book.loss,
            "margin": book.margin_micros,
            "var": book.value_at_risk,
            "es": book.expected_shortfall,
        }
    )
    frame["uncovered"] = (frame["loss"] - frame["margin"]).clip(lower=0)
    frame["breach"] = frame["uncovered"] > 0
    return frame


def _items(groups: pd.api.typing.DataFrameGroupBy) -> pd.DataFrame:
    items = groups.agg(
        breaches=("breach", "sum"),
        observations=("breach", "size"),
        total=("uncovered", "sum"),
        peak=("uncovered", "max"),
    )
    items["coverage"] = 1 - items["breaches"] / items["observations"]
    return items


def _kupiec(x, n, p):
    """Kupiec's ratio of x breaches among n observations, each with probability p."""
    return 2 * (xlogy(x, x / n / p) + xlogy(n - x, (n - x) / n / (1 - p)))


def _independence(breached: np.ndarray) -> np.ndarray:
    """Christoffersen's ratio of series of breaches, bool[days, ...]; 0 where nothing follows a
    breach or a covered observation."""
    before, after = breached[:-1], breached[1:]
    pairs = (~before & ~after, ~before & after, before & ~after, before & after)
    n00, n01, n10, n11 = (pair.sum(axis=0) for pair in pairs)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = n01 / (n00 + n01), n11 / (n10 + n11)
        q = (n01 + n11) / (n00 + n01 + n10 + n11)
        apart = xlogy(n00, 1 - a) + xlogy(n01, a) + xlogy(n10, 1 - b) + xlogy(n11, b)
        together = xlogy(n00 + n10, 1 - q) + xlogy(n01 + n11, q)
    return np.maximum(np.nan_to_num(2 * (apart - together)), 0)


def _weibull(places: np.ndarray, days: int) -> tuple[float, float]:
    """Ratio and shape by a search over the logarithm of the shape."""
    complete = np.diff(places)
    if not len(complete):
        return np.nan, np.nan
    ends = [place for place in (places[0], days - places[-1]) if place > 0]
    if places[0] == 1:
        ends = ends[1:]
    every = np.concatenate([complete, ends])
    if complete.min() == every.max():
        return np.nan, np.nan

    # In units of the longest powers stay within 1; neither figure depends on the unit.
    complete, every = complete / every.max(), every / every.max()

    def minus_log_likelihood(log_shape: float) -> float:
        b = np.exp(log_shape)
        rate = len(complete) / (every**b).sum()
        return -(len(complete) * (np.log(rate) + log_shape - 1) + (b - 1) * np.log(complete).sum())

    best = minimize_scalar(minus_log_likelihood, bounds=(-5, 9), options={"xatol": 1e-10})
    return max(2 * (minus_log_likelihood(0.0) - best.fun), 0.0), float(np.exp(best.x))


def _zone_from(bound: float, p: float) -> int:
    return next(x for x in range(1, DAYS + 1) if binom.cdf(x, DAYS, p) >= bound)


def _clustered(
    own: pd.DataFrame, seed: int, trials: int, unit: str = "cluster"
) -> tuple[float, float]:
    """Percentiles of the coverage of whole clusters, or dates, drawn with replacement, 95 %.

    Without a breach the exact interval of as many draws: percentiles would be a point.
    """
    by = own.groupby(unit)["breach"].agg(["size", "sum"]).to_numpy()
    if not by[:, 1].any():
        return beta.ppf(0.025, len(by), 1), 1.0
    drawn = np.stack(
        [uniforms(seed, "coverage-bootstrap", str(draw), trials) for draw in range(len(by))]
    )
    drawn_clusters = by[(drawn * len(by)).astype(np.int64)].sum(axis=0)
    covered = np.sort(1 - drawn_clusters[:, 1] / drawn_clusters[:, 0])
    rank = round(0.025 * (trials + 1))
    return covered[rank - 1], covered[trials - rank]


def _z2(sums: pd.DataFrame, tail: float, draws: np.ndarray) -> tuple[float, float]:
    """Acerbi and Szekely's statistic and the share of normal histories at or below it."""
    loss, var, es = (sums[name].to_numpy(dtype=float) for name in ("loss", "var", "es"))
    loss = -(-loss // 100)
    z2 = 1 - (loss / es)[loss > var].sum() / (DAYS * tail)
    standard_var = -norm.ppf(tail)
    standard_es = norm.pdf(standard_var) / tail
    stretch = (1 - var / es) / (standard_es - standard_var)
    lost = np.where(draws < tail, 1 + stretch[:, None] * (-norm.ppf(draws) - standard_es), 0.0).sum(
        axis=0
    )
    simulated = 1 - lost / (DAYS * tail)
    return z2, (1 + (simulated <= z2).sum()) / (1 + len(simulated))
