"""The margin of one account on one date, from its positions: model section 5.

Belongs here: the step from positions, events, schedule and prices to the amounts. Money is
whole micros (1e-6 USD), booked amounts whole centicents (1e-4 USD); float64 only for prices,
scenario losses, fit and gap.

Interpretation where the specification is open:

- The scenario part of an expected shortfall, with the fit term in it, is the mean of the float64
  losses, rounded once; value at risk likewise.
- The two sets are compared by their shortfall in whole micros; equal ones count as that at rho.
- The floor is rounded up to a micro.
- If clusters have the same requirement, the first by name counts.
- Core and initial margin of an account are those of its margined book plus W of the fully
  collateralised book; each of the two is rounded up to the centicent, then added.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.replica.combinations import Credit, credits_of
from reporting.replica.event_margin import HeldEvent, held_event, held_events, micros_up
from reporting.replica.listed import AccountBooks, quantities_of
from reporting.replica.parameters import Market
from reporting.replica.scenario_prices import PriceSource
from reporting.replica.schedule import BPS
from reporting.replica.worst_case import EventWorstCase, worst_case_of

MICROS_PER_CENTICENT = 100


@dataclass(frozen=True)
class Tail:
    """The tail of one scenario set: losses of all scenarios, the m worst, and what follows.

    ``losses`` are the scenario part in micros, fit term included, what is held in full not;
    ``expected_shortfall`` and ``value_at_risk`` have all.
    """

    losses: list[float]
    scenarios: list[int]
    expected_shortfall: int
    value_at_risk: int


@dataclass(frozen=True)
class Margined:
    """The margined book: every leg of its initial margin, in micros."""

    events: list[HeldEvent]
    credits: list[Credit]
    worst_case: int
    held_in_full: int
    fit: float
    at_rho: Tail
    at_zero: Tail
    gap_by_cluster: dict[str, int]
    gap_cluster: str
    jump_to_resolution: int
    floor: int
    core: int
    add_ons: int
    initial: int

    @property
    def tail(self) -> Tail:
        """The set with the larger expected shortfall; the one at rho if equal."""
        larger = self.at_zero.expected_shortfall > self.at_rho.expected_shortfall
        return self.at_zero if larger else self.at_rho

    @property
    def expected_shortfall(self) -> int:
        """Of the set that counts."""
        return self.tail.expected_shortfall

    @property
    def value_at_risk(self) -> int:
        """Of the set that counts."""
        return self.tail.value_at_risk


@dataclass(frozen=True)
class FullyCollateralised:
    """The fully collateralised book: max(W, 0) of each event, less credits; micros."""

    worst_cases: dict[str, EventWorstCase]
    credits: list[Credit]
    worst_case: int


@dataclass(frozen=True)
class AccountAmounts:
    """The booked amounts of the account, centicents, with the books behind them."""

    account: AccountBooks
    margined: Margined
    fully_collateralised: FullyCollateralised
    worst_case: int
    expected_shortfall: int
    value_at_risk: int
    jump_to_resolution: int
    core: int
    add_ons: int
    initial_margin: int
    maintenance_margin: int
    collateral_values: tuple[tuple[str, int, int], ...]
    tied_assets: frozenset[str]
    collateral: int
    call: int


def replicate_account(account: AccountBooks, market: Market, prices: PriceSource) -> AccountAmounts:
    """All amounts of an account.

    ``market``: the events that it holds and the legs of its combinations, under a schedule.
    Raises MissingInput that names what lacks.
    """
    schedule = market.schedule
    margined = _margined(account, market, prices)
    full = _fully_collateralised(account, market)
    full_booked = centicents_up(full.worst_case)
    initial = centicents_up(margined.initial) + full_booked
    tied = _tied_assets(account, market)
    values = tuple(
        (asset, amount, 0 if asset in tied else _after_haircut(asset, amount, schedule))
        for asset, amount in account.collateral
    )
    collateral = sum(value for _, _, value in values)
    shortfall = max(0, initial - collateral)
    return AccountAmounts(
        account=account,
        margined=margined,
        fully_collateralised=full,
        worst_case=centicents_up(margined.worst_case) + full_booked,
        expected_shortfall=centicents_up(margined.expected_shortfall),
        value_at_risk=centicents_up(margined.value_at_risk),
        jump_to_resolution=centicents_up(margined.jump_to_resolution),
        core=centicents_up(margined.core) + full_booked,
        add_ons=centicents_up(margined.add_ons),
        initial_margin=initial,
        maintenance_margin=-(-initial * schedule["maintenance_bps"] // BPS),
        collateral_values=values,
        tied_assets=frozenset(tied),
        collateral=collateral,
        call=shortfall if shortfall > schedule["call_threshold_centicents"] else 0,
    )


def centicents_up(micros: int) -> int:
    """Booked: rounded up to a centicent."""
    return -(-micros // MICROS_PER_CENTICENT)


def _after_haircut(asset: str, centicents: int, schedule: Mapping) -> int:
    """Asset types absent from the schedule are valued at zero."""
    return centicents * (BPS - schedule["haircuts_bps"].get(asset, BPS)) // BPS


def _tied_assets(account: AccountBooks, market: Market) -> set[str]:
    """Asset types tied to an event that the account holds; they are valued at zero."""
    names = set()
    for book in (account.margined, account.fully_collateralised):
        for event in held_events(book, market.events):
            names |= {event.category, event.series}
    tied = market.schedule.get("tied_collateral", {})
    return {asset for asset, of in tied.items() if names & set(of)}


def _fully_collateralised(account: AccountBooks, market: Market) -> FullyCollateralised:
    book = account.fully_collateralised
    worst_cases = {
        event.ticker: worst_case_of(event, quantities_of(event, book), market.schedule)
        for event in held_events(book, market.events)
    }
    credits = credits_of(book, market.events, worst_cases)
    return FullyCollateralised(worst_cases, credits, _account_worst_case(worst_cases, credits))


def _account_worst_case(worst_cases: Mapping[str, EventWorstCase], credits: list[Credit]) -> int:
    """W: sum of max(W_e, 0) less credits; a sure gain pays for no loss."""
    singles = sum(worst.loss_micros for worst in worst_cases.values())
    return singles - sum(credit.micros for credit in credits)


def _margined(account: AccountBooks, market: Market, prices: PriceSource) -> Margined:
    book, schedule = account.margined, market.schedule
    held = [
        held_event(event, account, market, prices) for event in held_events(book, market.events)
    ]
    by_event = {event.event.ticker: event for event in held}
    worst_cases = {name: event.worst_case for name, event in by_event.items()}
    credits = credits_of(book, market.events, worst_cases)
    ramped_credit = sum(
        math.floor(min(by_event[name].ramp for name in credit.held_events) * credit.micros)
        for credit in credits
    )
    worst = _account_worst_case(worst_cases, credits)
    in_full = sum(event.ramped_micros for event in held) - ramped_credit
    contracts = [contract for event in held for contract in event.contracts]
    fits = [event.fit_micros for event in held]
    rows_at_rho = [c.losses_at_rho for c in contracts if c.losses_at_rho is not None]
    rows_at_zero = [c.losses_at_zero for c in contracts if c.losses_at_zero is not None]
    at_rho = _tail(rows_at_rho, fits, in_full, schedule)
    at_zero = _tail(rows_at_zero, fits, in_full, schedule)
    gaps = gap_by_cluster(by_event, credits)
    cluster = min(gaps, key=lambda name: (-gaps[name], name), default="")
    jump = gaps.get(cluster, 0)
    floor = math.ceil(Fraction(schedule["core_floor_bps"], BPS) * worst)
    core = max(at_rho.expected_shortfall, at_zero.expected_shortfall, jump, floor)
    add_ons = micros_up(math.fsum(added.micros for event in held for added in event.add_ons))
    return Margined(
        events=held,
        credits=credits,
        worst_case=worst,
        held_in_full=in_full,
        fit=math.fsum(fits),
        at_rho=at_rho,
        at_zero=at_zero,
        gap_by_cluster=gaps,
        gap_cluster=cluster if jump else "",
        jump_to_resolution=jump,
        floor=floor,
        core=core,
        add_ons=add_ons,
        initial=min(worst, core + add_ons),
    )


def gap_by_cluster(held: Mapping[str, HeldEvent], credits: list[Credit]) -> dict[str, int]:
    """The sum of gaps by cluster; a combination group counts at most its joint worst case."""
    group_of = {name: credit for credit in credits for name in credit.held_events}
    alone: dict[str, int] = {}
    grouped: dict[tuple[str, tuple[str, ...]], int] = {}
    for name, event in held.items():
        cluster, gap = event.parameters.cluster, event.gap.micros
        alone.setdefault(cluster, 0)
        if name in group_of:
            key = (cluster, group_of[name].combinations)
            grouped[key] = grouped.get(key, 0) + gap
        else:
            alone[cluster] += gap
    joint = {credit.combinations: credit.joint_micros for credit in credits}
    for (cluster, group), gap in grouped.items():
        alone[cluster] += min(gap, joint[group])
    return alone


def _tail(rows: list[list[float]], fits: list[float], in_full: int, schedule: Mapping) -> Tail:
    losses = [math.fsum([*(row[s] for row in rows), *fits]) for s in range(schedule["scenarios"])]
    worst = worst_scenarios(losses, tail_count(schedule))
    return Tail(
        losses=losses,
        scenarios=worst,
        expected_shortfall=micros_up(math.fsum(losses[s] for s in worst) / len(worst)) + in_full,
        value_at_risk=micros_up(losses[worst[-1]]) + in_full,
    )


def tail_count(schedule: Mapping) -> int:
    """Tail scenarios m = ceil((1 - alpha) S), exact."""
    return math.ceil(Fraction(BPS - schedule["alpha_bps"], BPS) * schedule["scenarios"])


def worst_scenarios(losses: Sequence[float], how_many: int) -> list[int]:
    """The numbers, from 0, of the scenarios with the largest losses, the worst first."""
    ranked = sorted((-loss, scenario) for scenario, loss in enumerate(losses))
    return [scenario for _, scenario in ranked[:how_many]]
