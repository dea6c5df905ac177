"""A margin schedule for tests, with every parameter; tests change what they are about."""

from datetime import date

from reporting.model.margin.schedule import Schedule

PARAMETERS = {
    "model": "ECM-2",
    "legal_class": {"default": "future"},
    "liquidation_days": {"future": 1, "option": 1, "swap": 5},
    "swap_one_day_categories": [],
    "ramp_tau0_seconds": 86_400,
    "ramp_tau1_seconds": 604_800,
    "core_floor_bps": 1000,
    "alpha_bps": 9900,
    "scenarios": 200,
    "seed": 7,
    "rho_bps": {"default": 3000},
    "jump_rate_bps_per_day": {"default": 50},
    "lumps": {"default": 10},
    "kappa_bps": {"default": 10_000},
    "gap_quantile_bps": 9990,
    "v_min_bps": {"default": 5000},
    "least_observations": 60,
    "fair_price_band_centicents": {"default": 1000},
    "mark_policy": {"default": {"kind": "last_trade"}},
    "clusters": {},
    "half_spread_centicents": 100,
    "impact_bps": 10_000,
    "concentration_share_bps": 1000,
    "maintenance_bps": 8000,
    "haircuts_bps": {"cash": 0, "crypto": 5000},
    "call_threshold_centicents": 0,
}


def schedule(**changes) -> Schedule:
    """The schedule with some parameters changed."""
    return Schedule.from_parameters("v", date(2026, 1, 1), "a", "r", PARAMETERS | changes)
