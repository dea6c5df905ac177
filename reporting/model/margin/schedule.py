"""The margin schedule: the parameters that a risk committee may change, versioned and dated.

Belongs here: the parameters of a version and which version is in force; ``schedule_reader`` reads
and checks them. Shares and ratios are whole basis points, times are whole seconds or days, money is
whole centicents, so that everybody who reads a version computes with the same numbers. Source:
margin-model.md, Inputs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction

from reporting.model.errors import ModelError
from reporting.model.margin.mark_policy import MarkPolicy, mark_policy
from reporting.model.margin.methods import Method, method
from reporting.model.margin.schedule_reader import ScheduleReader
from reporting.units import BPS, CENTICENTS_PER_DOLLAR

MODEL = "ECM-2"
"""The model that a schedule must name."""
DEFAULT = "default"
"""Key of the value for categories that a parameter does not name."""
SECONDS_PER_DAY = 86_400
# Keeps numerator x denominator of a ramp weight inside int64.
_MAX_RAMP_SECONDS = 10**9
_MAX_SCENARIOS = 1_000_000
_MAX_LUMPS = 100
_MAX_OBSERVATIONS = 10**9
_OPTIONAL = {
    "consultation",
    "factor_loadings",
    "factor_signs",
    "linked_events",
    "method",
    "tied_collateral",
}


class OtherModel(ModelError):
    """The schedule names no model, or another one."""


@dataclass(frozen=True)
class Schedule:
    """One version of the margin schedule.

    legal_class, rho_bps, jump_rate_bps_per_day, lumps, kappa_bps, v_min_bps,
    fair_price_band_centicents, mark_policy: by category, with "default"; liquidation_days: by legal
    class; swap_one_day_categories: categories with swaps liquidated in one day (17 CFR
    39.13(g)(2)(ii)); ramp bounds: seconds after the liquidation period; haircuts_bps: by asset
    type; tied_collateral: asset type to the categories and series with events that drive its value;
    clusters: series to the name of the group that resolves together; linked_events: event to the
    name of a group whose events exclude one another; factor_signs: series to the sign of the group
    factor; factor_loadings: event to signal to loading, of length 1 per event; method: the one that
    the venue says it charges by; consultation: of the risk management committee, empty if none is
    recorded. docs/model.md lists all parameters.
    """

    version: str
    effective_date: date
    approver: str
    reason: str
    model: str
    method: Method
    consultation: Mapping[str, str]
    legal_class: Mapping[str, str]
    liquidation_days: Mapping[str, int]
    swap_one_day_categories: tuple[str, ...]
    ramp_tau0_seconds: int
    ramp_tau1_seconds: int
    core_floor_bps: int
    alpha_bps: int
    gap_quantile_bps: int
    scenarios: int
    seed: int
    rho_bps: Mapping[str, int]
    jump_rate_bps_per_day: Mapping[str, int]
    lumps: Mapping[str, int]
    kappa_bps: Mapping[str, int]
    v_min_bps: Mapping[str, int]
    least_observations: int
    fair_price_band_centicents: Mapping[str, int]
    mark_policy: Mapping[str, MarkPolicy]
    clusters: Mapping[str, str]
    linked_events: Mapping[str, str]
    factor_signs: Mapping[str, int]
    factor_loadings: Mapping[str, Mapping[str, float]]
    half_spread_centicents: int
    impact_bps: int
    concentration_share_bps: int
    maintenance_bps: int
    haircuts_bps: Mapping[str, int]
    tied_collateral: Mapping[str, tuple[str, ...]]
    call_threshold_centicents: int

    @classmethod
    def from_parameters(
        cls, version: str, effective_date: date, approver: str, reason: str, parameters: object
    ) -> "Schedule":
        """The schedule of one feed row. Raises ModelError that names the invalid parameter."""
        read = ScheduleReader(version, parameters)
        _refuse_other_model(version, read)
        read.all_known({field.name for field in fields(cls)[4:]}, _OPTIONAL)
        ramp_tau0 = read.whole("ramp_tau0_seconds", 0, _MAX_RAMP_SECONDS)
        ramp_tau1 = read.whole("ramp_tau1_seconds", 0, _MAX_RAMP_SECONDS)
        if ramp_tau1 <= ramp_tau0:
            raise read.fault("ramp_tau1_seconds", "must be above ramp_tau0_seconds")
        return cls(
            version=version,
            effective_date=effective_date,
            approver=approver,
            reason=reason,
            model=MODEL,
            method=method(read),
            consultation=read.consultation(),
            legal_class=read.by_category("legal_class", read.as_legal_class),
            liquidation_days=read.days_by_class("liquidation_days"),
            swap_one_day_categories=read.texts("swap_one_day_categories"),
            ramp_tau0_seconds=ramp_tau0,
            ramp_tau1_seconds=ramp_tau1,
            core_floor_bps=read.share("core_floor_bps"),
            alpha_bps=read.whole("alpha_bps", 1, BPS - 1),
            gap_quantile_bps=read.whole("gap_quantile_bps", BPS // 2, BPS - 1),
            scenarios=read.whole("scenarios", 1, _MAX_SCENARIOS),
            seed=read.whole("seed", 0, 10**15),
            rho_bps=read.by_category("rho_bps", read.as_share),
            jump_rate_bps_per_day=read.by_category("jump_rate_bps_per_day", read.as_share),
            lumps=read.by_category("lumps", read.within(1, _MAX_LUMPS)),
            kappa_bps=read.by_category("kappa_bps", read.as_share),
            v_min_bps=read.by_category("v_min_bps", read.within(0, 10 * BPS)),
            least_observations=read.whole("least_observations", 0, _MAX_OBSERVATIONS),
            fair_price_band_centicents=read.by_category(
                "fair_price_band_centicents", read.within(0, CENTICENTS_PER_DOLLAR)
            ),
            mark_policy=read.by_category("mark_policy", mark_policy(read)),
            clusters=read.names("clusters"),
            linked_events=read.names("linked_events"),
            factor_signs=read.signs("factor_signs"),
            factor_loadings=read.loadings("factor_loadings"),
            half_spread_centicents=read.whole("half_spread_centicents", 0, CENTICENTS_PER_DOLLAR),
            impact_bps=read.whole("impact_bps", 0, 1_000 * BPS),
            concentration_share_bps=read.whole("concentration_share_bps", 1, BPS),
            maintenance_bps=read.share("maintenance_bps"),
            haircuts_bps=read.haircuts("haircuts_bps"),
            tied_collateral=read.names_by_key("tied_collateral"),
            call_threshold_centicents=read.whole("call_threshold_centicents", 0, 10**15),
        )

    @property
    def alpha(self) -> Fraction:
        """Confidence level of expected shortfall, exact."""
        return Fraction(self.alpha_bps, BPS)

    def liquidation_days_of(self, category: str) -> int:
        """Liquidation period: days to close out a defaulter's contracts of the category."""
        legal_class = of_category(self.legal_class, category)
        if legal_class == "swap" and category in self.swap_one_day_categories:
            return 1
        return self.liquidation_days[legal_class]


def of_category(values: Mapping, category: str):
    """The value of a category, else the default."""
    return values.get(category, values[DEFAULT])


def schedule_in_force(schedules, business_date: date) -> Schedule:
    """The version in force: the greatest (effective_date, version) on or before the date."""
    effective = [schedule for schedule in schedules if schedule.effective_date <= business_date]
    if not effective:
        raise ModelError("margin_schedule", f"no version is in force on {business_date}")
    return max(effective, key=lambda schedule: (schedule.effective_date, schedule.version))


def _refuse_other_model(version: str, read: ScheduleReader) -> None:
    named = read.given("model")
    if named is None:
        said = "names no margin model"
    elif named != MODEL:
        said = f"names the margin model {named!r}"
    else:
        return
    raise OtherModel("model", f"schedule {version}: {said}; only {MODEL} is computed")
