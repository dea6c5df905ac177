"""Events, books and a schedule for tests of a date's margin; tests change what they are about."""

from fractions import Fraction

from reporting.replica import (
    AccountAmounts,
    AccountBooks,
    Contract,
    ContractPrices,
    ListedEvent,
    Market,
    PublishedPrices,
    SelectedLeg,
    replicate_account,
)

DAY = 86_400
SCHEDULE = {
    "model": "ECM-2",
    "legal_class": {"default": "future", "Economics": "swap"},
    "liquidation_days": {"future": 1, "option": 1, "swap": 5},
    "swap_one_day_categories": [],
    "ramp_tau0_seconds": DAY,
    "ramp_tau1_seconds": 7 * DAY,
    "core_floor_bps": 1000,
    "alpha_bps": 5000,
    "gap_quantile_bps": 9990,
    "scenarios": 4,
    "seed": 7,
    "rho_bps": {"default": 3000},
    "jump_rate_bps_per_day": {"default": 50},
    "lumps": {"default": 10},
    "kappa_bps": {"default": 2500},
    "v_min_bps": {"default": 5000},
    "least_observations": 60,
    "fair_price_band_centicents": {"default": 1000},
    "clusters": {},
    "half_spread_centicents": 100,
    "impact_bps": 0,
    "concentration_share_bps": 10_000,
    "maintenance_bps": 8000,
    "haircuts_bps": {"cash": 0, "crypto": 5000},
    "call_threshold_centicents": 0,
}


def contract(ticker: str = "E-1", mark: int | None = 6000, **changes) -> Contract:
    """A market with a mark in centicents, and so much volume that half the spread counts."""
    values = {"daily_volume": Fraction(10**9), "open_interest": 10**9}
    return Contract(ticker, mark, **{**values, **changes})


def event(*contracts: Contract, **changes) -> ListedEvent:
    """A binary of one market at 0.60, thirty days from its end."""
    values = {
        "ticker": "E",
        "structure": "binary",
        "contracts": contracts or (contract(),),
        "category": "Sports",
        "series": "S",
        "title": "Who wins?",
        "tau_seconds": 30 * DAY,
        "resolution_date": "2026-01-28",
        "probabilities": (0.4, 0.6),
    }
    return ListedEvent(**{**values, **changes})


def combination(*legs: tuple[str, str, bool], mark: int = 2500, **changes) -> ListedEvent:
    """A combination C of (event, ticker, YES selected)."""
    values = {
        "ticker": "C",
        "structure": "combination",
        "legs": tuple(SelectedLeg(*leg) for leg in legs),
        "probabilities": (1 - mark / 10_000, mark / 10_000),
    }
    return event(contract("C-1", mark), **{**values, **changes})


def published(**prices: list[float]) -> PublishedPrices:
    """A scenario file whose sets are equal; the first price of each contract is its model price."""
    return PublishedPrices(
        {
            name.replace("_", "-"): ContractPrices(values[0], values[1:], values[1:])
            for name, values in prices.items()
        }
    )


def replicated(
    events: list[ListedEvent],
    margined: dict[str, int],
    full: dict[str, int] | None = None,
    prices=None,
    linked=(),
    collateral=(),
    owner=None,
    pools=None,
    **schedule,
) -> AccountAmounts:
    """The amounts of an account "A" under the schedule with some parameters changed."""
    account = AccountBooks("A", margined, full or {}, frozenset(linked), tuple(collateral), owner)
    market = Market({each.ticker: each for each in events}, SCHEDULE | schedule, pools or {})
    return replicate_account(account, market, prices or published())
