"""A year of backtest observations, drawn: what accounts held, lost and by which resolution.

Ten resolutions a day, thirty days ahead; an account's largest risk is one of those that are
open. A resolution may cost those who hold it more than their margin, so breaches come together.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow

from benchmarks.sizes import full_or_small
from reporting.model.backtest.causes import CAUSES, COVERED, breach_causes
from reporting.model.backtest.coverage import uncovered
from reporting.model.backtest.pooled import shortfall_ratio_e9
from reporting.model.margin.volatility import BUCKETS, bucket
from reporting.units import BPS, MICROS_PER_CENTICENT

DAYS, ACCOUNTS, GROUPS = full_or_small((250, 10_000, 50), (120, 300, 10))
TAIL_BPS = 250
"""Chance of a loss above the value at risk; not that of a loss above the margin."""
PER_DAY, AHEAD = 10, 30
"""Resolutions a day, and days that they are open before."""
FIRST_DAY = date(2025, 5, 4)
_JUMP, _JUMP_SIZE = 0.05, 0.6
"""Chance that a resolution of the date is a bad one, and its cost as a share of margin."""
_SPREAD = 0.33
"""Standard deviation of a day's loss as a share of margin."""


@dataclass(frozen=True)
class Book:
    """Observations, day by day and in them by account: int64[days x accounts] each.

    Money in centicents, losses in micros. cluster: number of the resolution; growing: margin of
    a constant portfolio, int64[accounts, days].
    """

    day: np.ndarray
    account: np.ndarray
    group: np.ndarray
    cluster: np.ndarray
    seconds: np.ndarray
    margin: np.ndarray
    value_at_risk: np.ndarray
    expected_shortfall: np.ndarray
    diffusion: np.ndarray
    jump: np.ndarray
    growing: np.ndarray

    @property
    def loss(self) -> np.ndarray:
        return self.diffusion + self.jump

    @property
    def margin_micros(self) -> np.ndarray:
        return self.margin * MICROS_PER_CENTICENT


def drawn_book() -> Book:
    """The year, the same every time."""
    random = np.random.default_rng(1)
    rows = DAYS * ACCOUNTS
    day = np.repeat(np.arange(DAYS), ACCOUNTS)
    account = np.tile(np.arange(ACCOUNTS), DAYS)
    days_left = random.integers(1, AHEAD + 1, rows)
    cluster = (day + days_left) * PER_DAY + random.integers(0, PER_DAY, rows)
    size = random.lognormal(13, 1.5, ACCOUNTS)
    margin = (size[account] * random.uniform(0.8, 1.25, rows)).astype(np.int64)
    shortfall = (margin * 0.9).astype(np.int64)
    bad = random.random((DAYS + AHEAD + 1) * PER_DAY) < _JUMP
    resolved = days_left == 1
    jump = np.where(resolved & bad[cluster], random.exponential(_JUMP_SIZE, rows), 0.0)
    # Rarely a day on which everything moves at once: breaches follow each other then.
    wild = np.where(np.arange(DAYS) % 50 >= 47, 1.4, 1.0)[day]
    diffusion = random.normal(0, _SPREAD, rows) * wild
    steps = np.exp(np.cumsum(random.normal(0, 0.03, (ACCOUNTS, DAYS)), axis=1))
    return Book(
        day,
        account,
        account % GROUPS,
        cluster,
        days_left * 86_400,
        margin,
        (margin * 0.8).astype(np.int64),
        shortfall,
        (diffusion * margin * MICROS_PER_CENTICENT).astype(np.int64),
        (jump * margin * MICROS_PER_CENTICENT).astype(np.int64),
        (1_000_000 * steps).astype(np.int64),
    )


def date_of(day: int) -> date:
    return FIRST_DAY + timedelta(days=day)


def observations(book: Book, day: int) -> pyarrow.Table:
    """Rows of ``stress.backtest_observations`` of one date."""
    rows = slice(day * ACCOUNTS, (day + 1) * ACCOUNTS)
    margin, loss = book.margin[rows], book.loss[rows]
    tails = [TAIL_BPS] * ACCOUNTS
    cause = breach_causes(book.diffusion[rows], book.jump[rows], book.margin_micros[rows])
    of_bucket = bucket(book.seconds[rows] // 86_400)
    columns = {
        "portfolio": ["accounts"] * ACCOUNTS,
        "book_id": [f"A{number:05}" for number in range(ACCOUNTS)],
        "book_date": pyarrow.array([date_of(day - 1)] * ACCOUNTS, pyarrow.date32()),
        "horizon_days": np.ones(ACCOUNTS, dtype=np.int64),
        "at_liquidation": np.ones(ACCOUNTS, dtype=bool),
        "margin_centicents": margin,
        "worst_case_centicents": 4 * margin,
        "value_at_risk_centicents": book.value_at_risk[rows],
        "expected_shortfall_centicents": book.expected_shortfall[rows],
        "alpha_bps": np.full(ACCOUNTS, BPS - TAIL_BPS),
        "one_day_margin_centicents": margin,
        "five_day_margin_centicents": 2 * margin,
        "loss_micros": loss,
        "diffusion_loss_micros": book.diffusion[rows],
        "jump_loss_micros": book.jump[rows],
        "uncovered_micros": uncovered(loss, book.margin_micros[rows]),
        "shortfall_ratio_e9": list(
            map(
                shortfall_ratio_e9,
                loss.tolist(),
                book.value_at_risk[rows].tolist(),
                book.expected_shortfall[rows].tolist(),
                tails,
            )
        ),
        "breach": cause != COVERED,
        "cause": np.array(CAUSES, dtype=object)[cause],
        "bucket": np.array(BUCKETS, dtype=object)[of_bucket],
        "cluster": [f"C{number:05}" for number in book.cluster[rows].tolist()],
    }
    return pyarrow.table(columns)
