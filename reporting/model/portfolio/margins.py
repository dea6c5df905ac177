"""Margins of the accounts of a portfolio, as they are booked."""

from dataclasses import dataclass

import numpy as np

from reporting.model.margin.initial_margin import AccountMargin
from reporting.units import centicents_from_micros_up


@dataclass(frozen=True)
class Margins:
    """Booked margin per account, int64[accounts] centicents, both books together.

    margined: the parts of the margined book, micros; full_worst_case: W of the fully collateralised
    book, micros. clusters: names by their number in ``margined.jump_cluster``. Ramp numerator and
    denominator: int64, one per row of the worst cases. ramped_credits: int64 micros, the part of
    each combination credit that lowers the ramped worst cases. gaps: int64 micros, one per row of
    the worst cases.
    """

    margined: AccountMargin
    full_worst_case: np.ndarray
    worst_case: np.ndarray
    core: np.ndarray
    initial: np.ndarray
    clusters: list[str]
    ramp_numerator: np.ndarray
    ramp_denominator: np.ndarray
    ramped_credits: np.ndarray
    gaps: np.ndarray

    def columns(self, chosen: np.ndarray) -> dict[str, np.ndarray | list[str]]:
        """The margin of some accounts, int64[n], as columns of a table."""
        margined = self.margined
        return {
            "margined_worst_case_micros": margined.worst_case[chosen],
            "fully_collateralised_worst_case_micros": self.full_worst_case[chosen],
            "worst_case_centicents": self.worst_case[chosen],
            **{
                f"{name}_centicents": centicents_from_micros_up(getattr(margined, name)[chosen])
                for name in (
                    "expected_shortfall",
                    "shortfall_at_rho",
                    "shortfall_at_zero",
                    "value_at_risk",
                    "jump_to_resolution",
                )
            },
            "core_centicents": self.core[chosen],
            "add_ons_centicents": centicents_from_micros_up(margined.add_ons[chosen]),
            "initial_margin_centicents": self.initial[chosen],
            "margined_initial_centicents": centicents_from_micros_up(margined.initial[chosen]),
            "jump_cluster": [
                self.clusters[cluster] if cluster >= 0 else ""
                for cluster in margined.jump_cluster[chosen].tolist()
            ],
        }


def market_risk_centicents(margined: AccountMargin) -> np.ndarray:
    """Market-risk margin of margined books, compared with losses in backtests: int64[accounts].

    Core, capped at the worst case, without add-ons.
    """
    return np.minimum(
        centicents_from_micros_up(margined.core), centicents_from_micros_up(margined.worst_case)
    )
