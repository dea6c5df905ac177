"""Leverage of some cells of the specification's table, section 9, from draws of the replica.

All long, rho 0.3, ten lumps, no leg may close early, no add-ons. The table has 100,000 draws, here
are four seeds of 5,000. The standard deviation between seeds, measured over eight of them: 1.2 % at
0.50, 30 days and five days of liquidation, 3.6 % at 0.80 and 60 days.
"""

from fractions import Fraction

import pytest

from reporting.replica import AccountBooks, DrawnPrices, Market, Pool, replicate_account

from .markets import DAY, SCHEDULE, contract, event

SEEDS = (1, 2, 3, 4)
CELLS = [
    # Events, price in cents, v, days to go, liquidation period, leverage.
    (1, 50, 1.0, 14, 5, 1.02),
    (1, 50, 1.0, 30, 5, 1.14),
    (1, 50, 1.0, 180, 5, 1.75),
    (1, 80, 1.0, 60, 5, 2.12),
    (1, 50, 0.5, 90, 5, 1.83),
    (5, 50, 1.0, 30, 5, 1.84),
    (1, 50, 1.0, 30, 1, 1.68),
    (5, 50, 1.0, 30, 1, 4.03),
]


def margined(seed, events, cents, v, tau_days, days):
    schedule = SCHEDULE | {
        "seed": seed,
        "legal_class": {"default": "swap" if days == 5 else "future"},
        "alpha_bps": 9900,
        "scenarios": 5000,
        "ramp_tau0_seconds": 0,
        "ramp_tau1_seconds": 1,
        "kappa_bps": {"default": 10_000},
        "half_spread_centicents": 0,
    }
    p = cents / 100
    listed = [
        event(
            contract(f"E{number}-1", 100 * cents),
            ticker=f"E{number}",
            series=f"S{number}",
            tau_seconds=tau_days * DAY,
            probabilities=(1 - p, p),
        )
        for number in range(events)
    ]
    pool = Pool(v**2, v**2, v**2, 60)
    market = Market(
        {each.ticker: each for each in listed},
        schedule,
        {("Sports", bucket): pool for bucket in range(5)},
    )
    book = {f"E{number}-1": 100 for number in range(events)}
    return replicate_account(AccountBooks("A", book, {}), market, DrawnPrices(schedule)).margined


def mean_shares(names, *cell):
    """Amounts as shares of the worst case, mean over four seeds."""
    books = [margined(seed, *cell) for seed in SEEDS]
    return [
        float(sum(Fraction(amount(book), book.worst_case) for book in books) / len(books))
        for amount in names
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("events", "cents", "v", "tau_days", "days", "leverage"), CELLS)
def test_a_cell_of_the_table(events, cents, v, tau_days, days, leverage):
    (share,) = mean_shares([lambda book: book.initial], events, cents, v, tau_days, days)
    assert 1 / share == pytest.approx(leverage, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("days", "var", "shortfall"), [(5, 0.80, 0.87), (1, 0.49, 0.59)])
def test_shares_of_the_price(days, var, shortfall):
    """p = 0.50, 30 days out, v = 1: value at risk and expected shortfall."""
    amounts = [lambda book: book.value_at_risk, lambda book: book.expected_shortfall]
    assert mean_shares(amounts, 1, 50, 1.0, 30, days) == pytest.approx([var, shortfall], abs=0.015)
