"""The margin schedule: the parameters that a risk committee may change, versioned and dated.

Belongs here: the parameters of a version, their checks, and which version is in force. Shares
and ratios are whole basis points, times are whole seconds or days, money is whole centicents,
so that everybody who reads a version computes with the same numbers. Source: margin-model.md,
Inputs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction

from reporting.model.errors import ModelError
from reporting.units import BPS, CENTICENTS_PER_DOLLAR

LEGAL_CLASSES = ("future", "option", "swap")
DEFAULT = "default"
"""Key of the value for categories that a parameter does not name."""
SECONDS_PER_DAY = 86_400
# Keeps numerator x denominator of a ramp weight inside int64.
_MAX_RAMP_SECONDS = 10**9
_MAX_LIQUIDATION_DAYS = 365
_MAX_SCENARIOS = 1_000_000
_MAX_STRESS_FACTOR_BPS = 100 * BPS
_OPTIONAL = {"tied_collateral"}
"""Parameters introduced later; older versions do not have them."""


@dataclass(frozen=True)
class Schedule:
    """One version of the margin schedule.

    legal_class, rho_bps, jump_rate_bps_per_day, kappa_bps: by category, with "default";
    liquidation_days: by legal class; swap_one_day_categories: categories with swaps liquidated
    in one day (17 CFR 39.13(g)(2)(ii)); ramp bounds: seconds after the liquidation period;
    haircuts_bps: by asset type; tied_collateral: asset type to the categories and series with
    events that drive its value; clusters: series to the name of the group that resolves
    together; stress_factors_bps: group factors of stress dates, in basis points of a standard
    deviation. docs/model.md lists all parameters.
    """

    version: str
    effective_date: date
    approver: str
    reason: str
    legal_class: Mapping[str, str]
    liquidation_days: Mapping[str, int]
    swap_one_day_categories: tuple[str, ...]
    ramp_tau0_seconds: int
    ramp_tau1_seconds: int
    core_floor_bps: int
    alpha_bps: int
    scenarios: int
    seed: int
    stress_share_bps: int
    stress_factors_bps: tuple[int, ...]
    rho_bps: Mapping[str, int]
    jump_rate_bps_per_day: Mapping[str, int]
    stress_jump_multiple_bps: int
    kappa_bps: Mapping[str, int]
    clusters: Mapping[str, str]
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
        read = _Reader(version, parameters)
        read.all_known({field.name for field in fields(cls)[4:]})
        ramp_tau0 = read.whole("ramp_tau0_seconds", 0, _MAX_RAMP_SECONDS)
        ramp_tau1 = read.whole("ramp_tau1_seconds", 0, _MAX_RAMP_SECONDS)
        if ramp_tau1 <= ramp_tau0:
            raise read.fault("ramp_tau1_seconds", "must be above ramp_tau0_seconds")
        alpha = read.share("alpha_bps")
        if not 0 < alpha < BPS:
            raise read.fault("alpha_bps", f"must lie between 0 and {BPS}, both excluded")
        stress_share = read.share("stress_share_bps")
        stress_factors = read.stress_factors("stress_factors_bps")
        if stress_share and not stress_factors:
            raise read.fault("stress_factors_bps", "must not be empty when scenarios use them")
        return cls(
            version=version,
            effective_date=effective_date,
            approver=approver,
            reason=reason,
            legal_class=read.by_category("legal_class", read.as_legal_class),
            liquidation_days=read.days_by_class("liquidation_days"),
            swap_one_day_categories=read.texts("swap_one_day_categories"),
            ramp_tau0_seconds=ramp_tau0,
            ramp_tau1_seconds=ramp_tau1,
            core_floor_bps=read.share("core_floor_bps"),
            alpha_bps=alpha,
            scenarios=read.whole("scenarios", 1, _MAX_SCENARIOS),
            seed=read.whole("seed", 0, 10**15),
            stress_share_bps=stress_share,
            stress_factors_bps=stress_factors,
            rho_bps=read.by_category("rho_bps", read.as_share),
            jump_rate_bps_per_day=read.by_category("jump_rate_bps_per_day", read.as_share),
            stress_jump_multiple_bps=read.whole("stress_jump_multiple_bps", BPS, 1_000 * BPS),
            kappa_bps=read.by_category("kappa_bps", read.as_share),
            clusters=read.names("clusters"),
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


class _Reader:
    """Reads and checks the parameters of one version."""

    def __init__(self, version: str, parameters: object) -> None:
        self._version = version
        if not isinstance(parameters, dict):
            raise self.fault("parameters", "must be an object")
        self._parameters = parameters

    def fault(self, name: str, words: str) -> ModelError:
        return ModelError(name, f"schedule {self._version}: {words}")

    def all_known(self, known: set[str]) -> None:
        for name in sorted(known - set(self._parameters) - _OPTIONAL):
            raise self.fault(name, "is missing")
        for name in sorted(set(self._parameters) - known):
            raise self.fault(name, "is not a known parameter")

    def whole(self, name: str, low: int, high: int) -> int:
        return self._whole(name, self._parameters[name], low, high)

    def share(self, name: str) -> int:
        return self.whole(name, 0, BPS)

    def haircuts(self, name: str) -> dict[str, int]:
        entries = self._object(name)
        if not entries:
            raise self.fault(name, "must name each asset type")
        return {asset: self.as_share(f"{name}.{asset}", bps) for asset, bps in entries.items()}

    def days_by_class(self, name: str) -> dict[str, int]:
        entries = self._object(name)
        if set(entries) != set(LEGAL_CLASSES):
            raise self.fault(name, f"must name {', '.join(LEGAL_CLASSES)} and nothing else")
        return {
            legal_class: self._whole(f"{name}.{legal_class}", days, 1, _MAX_LIQUIDATION_DAYS)
            for legal_class, days in entries.items()
        }

    def names(self, name: str) -> dict[str, str]:
        entries = self._object(name)
        return {
            series: self._text(f"{name}.{series}", cluster) for series, cluster in entries.items()
        }

    def names_by_key(self, name: str) -> dict[str, tuple[str, ...]]:
        """Lists of names by key; empty if the optional parameter is absent."""
        if name not in self._parameters:
            return {}
        entries = self._object(name)
        return {key: self._texts(f"{name}.{key}", values) for key, values in entries.items()}

    def texts(self, name: str) -> tuple[str, ...]:
        return self._texts(name, self._parameters[name])

    def _texts(self, name: str, values: object) -> tuple[str, ...]:
        listed = self._listed(name, values)
        return tuple(self._text(f"{name}[{i}]", value) for i, value in enumerate(listed))

    def stress_factors(self, name: str) -> tuple[int, ...]:
        bound = _MAX_STRESS_FACTOR_BPS
        return tuple(
            self._whole(f"{name}[{i}]", value, -bound, bound)
            for i, value in enumerate(self._listed(name, self._parameters[name]))
        )

    def by_category(self, name: str, read) -> dict:
        entries = self._object(name)
        if DEFAULT not in entries:
            raise self.fault(name, f'must have a value for "{DEFAULT}"')
        return {category: read(f"{name}.{category}", value) for category, value in entries.items()}

    def _object(self, name: str) -> dict:
        if not isinstance(self._parameters[name], dict):
            raise self.fault(name, "must be an object")
        return dict(sorted(self._parameters[name].items()))

    def _listed(self, name: str, values: object) -> list:
        if not isinstance(values, list):
            raise self.fault(name, "must be a list")
        return values

    def as_legal_class(self, name: str, value: object) -> str:
        if value not in LEGAL_CLASSES:
            raise self.fault(name, f"must be one of {', '.join(LEGAL_CLASSES)}")
        return value

    def as_share(self, name: str, value: object) -> int:
        return self._whole(name, value, 0, BPS)

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.fault(name, "must be non-empty text")
        return value

    def _whole(self, name: str, value: object, low: int, high: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(name, "must be a whole number")
        if not low <= value <= high:
            raise self.fault(name, f"must lie between {low} and {high}")
        return value
