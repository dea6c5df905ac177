"""Backtests over any period of the loaded history, by any group, also under a changed schedule.

Belongs here: the observations of the stage stress, and the margin of the same books under
changed parameters of the schedule. Losses are the observed ones, of the static book over its
liquidation period. The tests are in ``model/backtest/series``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow
import pyarrow.compute

from reporting.engine.day import Day
from reporting.errors import UserError
from reporting.lake import Lake
from reporting.lake.selects import load_select
from reporting.model.backtest.coverage import margin_needed_bps, uncovered
from reporting.model.backtest.evidence import NO_VERDICT
from reporting.model.backtest.series import GroupTests, Observations, group_tests
from reporting.model.errors import ModelError
from reporting.model.margin.schedule import schedule_in_force
from reporting.model.portfolio.margins import market_risk_centicents
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.rulebook.thresholds import thresholds_in_force
from reporting.stages.recompute.day_book import read_day_book, read_schedules
from reporting.stages.stress.backtest.books import ACCOUNTS
from reporting.units import BPS, MICROS_PER_CENTICENT

Progress = Callable[[str], None]


@dataclass(frozen=True)
class BacktestRequest:
    """Observations that end from ``first`` to ``last``, grouped ``by``.

    next_close: accounts only, over one date, whatever their liquidation period; changes:
    parameters that replace those of the margin schedule in force on each date, as the feed
    writes them; if empty, the margin is that which was held.
    """

    first: date
    last: date
    by: str
    next_close: bool
    changes: Mapping[str, object]


@dataclass(frozen=True)
class Group:
    """A group and its tests.

    tests_model: its books are model-driven, with a margin held below their worst case; other groups
    hold books at their worst case. margin_centicents: the margin held, summed over the
    observations; needed_bps: share of it that the required share of losses needed, None without a
    verdict; what_if: the same under the
    changed schedule, None if nothing was changed.
    """

    name: str
    tests_model: bool
    dates: int
    margin_centicents: int
    held: GroupTests
    needed_bps: int | None
    what_if_margin_centicents: int | None = None
    what_if: GroupTests | None = None


def backtest_review(lake: Lake, request: BacktestRequest, progress: Progress) -> list[Group]:
    """The groups in the order of their names.

    Raises UserError if there is nothing to test, and for parameters that no schedule has.
    """
    rows = lake.connection.execute(
        load_select("studies/backtest/observations"),
        {"first": request.first, "last": request.last, "next_close": request.next_close},
    ).to_arrow_table()
    if request.changes or request.by == "account":
        rows = rows.filter(pyarrow.compute.equal(rows["portfolio"], ACCOUNTS))
    if not len(rows):
        raise UserError(
            f"not enough: no observation of a backtest ends on {request.first} to {request.last};"
            " `reporting status` lists the dates, and a first one ends a liquidation period after"
            " the first of them, the next day with --next-close"
        )
    thresholds = thresholds_in_force(request.last)
    coverage = Fraction(thresholds.coverage_bps, BPS)
    changed_margin = _what_if(lake, rows, request.changes, progress) if request.changes else None
    schedules = read_schedules(Day(lake, request.last, lake.columns()))
    seed = schedule_in_force(schedules, request.last).seed
    held = rows["margin_centicents"].to_numpy()
    dates = rows["business_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    groups = []
    driven = held < rows["worst_case_centicents"].to_numpy()
    for name, tests_model, chosen in _groups(rows, request.by, driven):
        loss = rows["loss_micros"].to_numpy()[chosen]
        observed = replace(
            _observations(rows.take(chosen), dates[chosen], loss, held[chosen]),
            tests_model=tests_model,
        )
        tests = group_tests(observed, coverage, seed)
        needed = margin_needed_bps(loss, held[chosen] * MICROS_PER_CENTICENT, coverage)
        group = Group(
            name,
            tests_model,
            len(np.unique(dates[chosen])),
            int(held[chosen].sum()),
            tests,
            None if tests.verdict == NO_VERDICT else needed,
        )
        if changed_margin is not None:
            changed = replace(
                observed,
                uncovered=_uncovered(loss, changed_margin[chosen]),
                # The expected shortfall is known only under the schedule that was in force.
                shortfall_ratio_e9=_NO_RATIOS,
            )
            group = replace(
                group,
                what_if_margin_centicents=int(changed_margin[chosen].sum()),
                what_if=group_tests(changed, coverage, seed),
            )
        groups.append(group)
    return groups


def _groups(rows: pyarrow.Table, by: str, driven: np.ndarray) -> list[tuple[str, bool, np.ndarray]]:
    """Name, whether it tests the model, and the rows of each group; model-driven books apart."""
    columns = {
        "portfolio": ("portfolio",),
        "account": ("book_id",),
        "bucket": ("portfolio", "bucket"),
        "cluster": ("portfolio", "cluster"),
        "date": ("portfolio", "business_date"),
    }[by]
    parts = [rows[name].cast(pyarrow.string()).to_pylist() for name in columns]
    names = np.array([" ".join(cells) for cells in zip(*parts, strict=True)], dtype=object)
    unique, group = np.unique(names, return_inverse=True)
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(len(unique) + 1))
    groups = []
    for number, name in enumerate(unique):
        chosen = order[bounds[number] : bounds[number + 1]]
        parts = ((True, chosen[driven[chosen]]), (False, chosen[~driven[chosen]]))
        groups += [(str(name), is_driven, part) for is_driven, part in parts if len(part)]
    return groups


def _observations(
    rows: pyarrow.Table, dates: np.ndarray, loss: np.ndarray, margin: np.ndarray
) -> Observations:
    return Observations(
        date=dates,
        uncovered=_uncovered(loss, margin),
        cluster=np.array(rows["cluster"].to_pylist(), dtype=object).astype(str),
        horizon=int(rows["horizon_days"].to_numpy().max()),
        shortfall_ratio_e9=rows["shortfall_ratio_e9"].drop_null().to_numpy(),
        has_other_horizon=not all(rows["at_liquidation"].to_pylist()),
    )


def _uncovered(loss_micros: np.ndarray, margin_centicents: np.ndarray) -> np.ndarray:
    return uncovered(loss_micros, margin_centicents * MICROS_PER_CENTICENT)


_NO_RATIOS = np.empty(0, dtype=np.int64)


def _what_if(
    lake: Lake, rows: pyarrow.Table, changes: Mapping[str, object], progress: Progress
) -> np.ndarray:
    """Margin of each observation's book under the changed schedule, int64 centicents."""
    books = rows["book_date"].to_pylist()
    book_dates = sorted(set(books))
    margin: dict[tuple[date, str], int] = {}
    columns, draws = lake.columns(), Draws()
    for number, book_date in enumerate(book_dates, start=1):
        progress(f"[{number}/{len(book_dates)}] {book_date}")
        by_account = _margins(Day(lake, book_date, columns), changes, draws)
        margin |= {(book_date, account): amount for account, amount in by_account.items()}
    pairs = zip(books, rows["book_id"].to_pylist(), strict=True)
    return np.array([margin[pair] for pair in pairs], dtype=np.int64)


def _margins(day: Day, changes: Mapping[str, object], draws: Draws) -> dict[str, int]:
    """Market-risk margin by account, centicents: core, at most the worst case."""
    try:
        book = read_day_book(day)
        schedule = schedule_in_force(read_schedules(day, changes), day.business_date)
    except ModelError as error:
        raise UserError(f"the changed schedule: {error}") from None
    accounts = len(book.account_ids)
    margins = value(book.positions, book.market, accounts, schedule, draws).margins
    market_risk = market_risk_centicents(margins.margined)
    return dict(zip(book.account_ids, market_risk.tolist(), strict=True))
