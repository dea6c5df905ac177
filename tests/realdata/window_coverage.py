"""The tables of a backtest of the model on the real window, before and after a change of it.

Belongs here: from the rows of ``window_books`` to coverage with its two intervals, and to margin
charged against the measured 99 % need. Model-driven books, with a margin below their worst case,
stand apart: only they test the model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from realdata.window_books import KINDS, BookLoss
from reporting.model.backtest.clustered import MIN_DRAWS
from reporting.model.backtest.evidence import NO_VERDICT
from reporting.model.backtest.series import GroupTests, Observations, group_tests

LEVEL = Fraction(99, 100)
SEED = 20_250_411
TRIALS = 999
MICROS_PER_CENTICENT = 100


@dataclass(frozen=True)
class Need:
    """Loss as a share of margin at the 99 % quantile of the books, with 95 % intervals.

    by_cluster, by_date: low and high of the percentile interval that draws resolutions, or blocks
    of dates, with replacement; None with fewer than 30 of them.
    """

    share: float
    by_cluster: tuple[float, float] | None
    by_date: tuple[float, float] | None


def need(rows: Sequence[BookLoss]) -> Need:
    """The need of books with a margin above 0."""
    ratio = np.array(
        [max(0.0, row.loss_micros / (row.margin_centicents * MICROS_PER_CENTICENT)) for row in rows]
    )
    clusters = np.unique([row.cluster for row in rows], return_inverse=True)[1]
    places = np.unique([row.day for row in rows], return_inverse=True)[1]
    blocks = places // max(row.days for row in rows)
    return Need(_quantile(ratio), _interval(ratio, clusters), _interval(ratio, blocks))


def _quantile(ratio: np.ndarray) -> float:
    """By nearest rank."""
    rank = -(-len(ratio) * LEVEL.numerator // LEVEL.denominator)
    return float(np.sort(ratio)[rank - 1])


def _interval(ratio: np.ndarray, draw: np.ndarray) -> tuple[float, float] | None:
    parts = [ratio[draw == number] for number in np.unique(draw)]
    if len(parts) < MIN_DRAWS:
        return None
    random = np.random.Generator(np.random.PCG64(SEED))
    picks = random.integers(0, len(parts), (TRIALS, len(parts)))
    found = sorted(_quantile(np.concatenate([parts[n] for n in row])) for row in picks)
    outside = (TRIALS + 1) // 40
    return found[outside - 1], found[-outside]


def coverage(rows: Sequence[BookLoss], *, driven: bool) -> GroupTests:
    """The tests of a group, model-driven or at its worst case."""
    excess = [row.loss_micros - row.margin_centicents * MICROS_PER_CENTICENT for row in rows]
    return group_tests(
        Observations(
            date=np.array([np.datetime64(row.day) for row in rows]).astype(np.int64),
            uncovered=np.maximum(np.array(excess, dtype=np.int64), 0),
            cluster=np.array([row.cluster for row in rows]),
            horizon=max(row.days for row in rows),
            shortfall_ratio_e9=np.empty(0, dtype=np.int64),
            tests_model=driven,
        ),
        LEVEL,
        SEED,
    )


def tables(before: Sequence[BookLoss], after: Sequence[BookLoss]) -> str:
    """Both tables in Markdown: ECM-1 from ``before``, ECM-2 from ``after``."""
    models = (("ECM-1", before), ("ECM-2", after))
    head = "| books | model | "
    parts = [
        "### Coverage of model-driven books",
        "Books whose margin is below their worst case. Intervals: 95 %, one draw per resolution,"
        " and one per block of overlapping dates.",
        _table(
            f"{head}observations | dates | resolutions | breaches | coverage | by resolution"
            " | by date | verdict |",
            _lines(models, True, _coverage_cells),
        ),
        "### Margin charged against the measured need",
        "Need: loss as a share of margin at the 99 % quantile. Below 100 % margin covered more than"
        " it promises. Leverage: W / margin of all these books.",
        _table(
            f"{head}observations | leverage | margin, $ | need | by resolution | by date |",
            _lines(models, True, _need_cells),
        ),
        "### Books at their worst case",
        "No outcome can breach them: marks that contradict one another can.",
        _table(
            f"{head}observations | share of all | breaches | largest excess, $ |",
            _lines(models, False, _full_cells),
        ),
    ]
    return "\n\n".join(parts) + "\n"


Rows = Sequence[BookLoss]


def _lines(models: tuple, driven: bool, cells: Callable[[Rows, Rows], list[str]]) -> list[str]:
    lines = []
    for kind in KINDS:
        for model, rows in models:
            of_kind = [row for row in rows if row.kind == kind]
            chosen = [row for row in of_kind if is_driven(row) == driven]
            if chosen:
                lines.append(" | ".join(["", kind, model, *cells(chosen, of_kind)]).strip() + " |")
    return lines


def is_driven(row: BookLoss) -> bool:
    """Whether the model decides the margin of a book."""
    return 0 < row.margin_centicents < row.worst_case_centicents


def _coverage_cells(rows: Rows, _: Rows) -> list[str]:
    tests = coverage(rows, driven=True)
    days = len({row.day for row in rows})
    counts = [f"{len(rows):,}", str(days), str(tests.clusters), f"{tests.items.breaches:,}"]
    if tests.verdict == NO_VERDICT:
        return [*counts, "-", "-", "-", tests.basis]
    shares = [f"{tests.items.achieved_coverage:.2%}"]
    shares += [
        f"{low:.2%} to {high:.2%}"
        for low, high in ((tests.low, tests.high), (tests.dated_low, tests.dated_high))
    ]
    return [*counts, *shares, tests.verdict]


def _need_cells(rows: Rows, _: Rows) -> list[str]:
    charged, worst = (
        sum(getattr(row, f"{name}_centicents") for row in rows) for name in ("margin", "worst_case")
    )
    cells = [f"{len(rows):,}", f"{worst / charged:.2f}", f"{charged / 10_000:,.0f}"]
    if coverage(rows, driven=True).verdict == NO_VERDICT or len(rows) * (1 - LEVEL) < 1:
        return [*cells, "no verdict", "-", "-"]
    needed = need(rows)
    intervals = (
        f"{limits[0]:.0%} to {limits[1]:.0%}" if limits else f"fewer than {MIN_DRAWS} draws"
        for limits in (needed.by_cluster, needed.by_date)
    )
    return [*cells, f"{needed.share:.0%}", *intervals]


def _full_cells(rows: Rows, of_kind: Rows) -> list[str]:
    items = coverage(rows, driven=False).items
    excess = f"{items.peak_uncovered / 1_000_000:,.2f}" if items.breaches else "-"
    share = f"{len(rows) / len(of_kind):.0%}"
    return [f"{len(rows):,}", share, f"{items.breaches:,}", excess]


def _table(head: str, lines: list[str]) -> str:
    rule = "|" + " --- |" * (head.count("|") - 1)
    return "\n".join([head.strip(), rule, *lines])
