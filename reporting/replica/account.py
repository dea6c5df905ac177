"""The margin of one account on one date, from its positions: docs/model.md sections 2 and 5.

Belongs here: the step from positions, events, schedule and prices to the amounts. Money is
whole micros (1e-6 USD), booked amounts whole centicents (1e-4 USD); float64 only for prices and
scenario losses, as on that page.

Interpretation where the page is open:

- The scenario part of an expected shortfall is the mean of the float64 losses, rounded
  once; value at risk likewise.
- The floor is rounded up to a micro; a jump requirement is not below 0.
- If clusters have the same requirement, the first by name counts.
- Core and initial margin of an account are those of its margined book plus W of the fully
  collateralised book; each of the two is rounded up to the centicent, then added.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.replica.add_ons import AddOn
from reporting.replica.combinations import Credit, credits_of
from reporting.replica.event_margin import HeldEvent, event_add_ons, held_event, held_events
from reporting.replica.listed import (
    AccountBooks,
    EventWorstCase,
    ListedEvent,
    quantities_of,
    worst_case_of,
)
from reporting.replica.parameters import BPS, Pools
from reporting.replica.scenario_prices import PriceSource

MICROS_PER_CENTICENT = 100


@dataclass(frozen=True)
class Margined:
    """The margined book: every leg of its initial margin, in micros."""

    events: list[HeldEvent]
    credits: list[Credit]
    worst_case: int
    held_in_full: int
    losses: list[float]
    tail: list[int]
    expected_shortfall: int
    value_at_risk: int
    jump_by_cluster: dict[str, int]
    jump_cluster: str
    jump_to_resolution: int
    floor: int
    core: int
    positions_add_ons: list[AddOn]
    add_ons: int
    initial: int


@dataclass(frozen=True)
class FullyCollateralised:
    """The fully collateralised book: W of each event, less credits, at least zero; micros."""

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


def replicate_account(
    account: AccountBooks,
    events: Mapping[str, ListedEvent],
    schedule: Mapping,
    pools: Pools,
    prices: PriceSource,
) -> AccountAmounts:
    """All amounts of an account.

    ``events``: by ticker, those that it holds and the legs of its combinations;
    ``schedule``: the parameters of the feed. Raises MissingInput that names what lacks.
    """
    margined = _margined(account, events, schedule, pools, prices)
    full = _fully_collateralised(account, events)
    full_booked = centicents_up(full.worst_case)
    initial = centicents_up(margined.initial) + full_booked
    tied = _tied_assets(account, events, schedule)
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


def micros_up(amount: float) -> int:
    """A float64 amount in whole micros: to a thousandth of a micro, then up."""
    return math.ceil(Fraction(round(amount * 1000), 1000))


def _after_haircut(asset: str, centicents: int, schedule: Mapping) -> int:
    """Asset types absent from the schedule are valued at zero."""
    return centicents * (BPS - schedule["haircuts_bps"].get(asset, BPS)) // BPS


def _tied_assets(
    account: AccountBooks, events: Mapping[str, ListedEvent], schedule: Mapping
) -> set[str]:
    """Asset types tied to an event that the account holds; they are valued at zero."""
    names = set()
    for book in (account.margined, account.fully_collateralised):
        for event in held_events(book, events):
            names |= {event.category, event.series}
    tied = schedule.get("tied_collateral", {})
    return {asset for asset, of in tied.items() if names & set(of)}


def _fully_collateralised(
    account: AccountBooks, events: Mapping[str, ListedEvent]
) -> FullyCollateralised:
    book = account.fully_collateralised
    worst_cases = {
        event.ticker: worst_case_of(event, quantities_of(event, book))
        for event in held_events(book, events)
    }
    micros = {name: worst.micros for name, worst in worst_cases.items()}
    credits = credits_of(book, events, micros)
    total = sum(micros.values()) - sum(credit.micros for credit in credits)
    return FullyCollateralised(worst_cases, credits, max(0, total))


def _margined(
    account: AccountBooks,
    events: Mapping[str, ListedEvent],
    schedule: Mapping,
    pools: Pools,
    prices: PriceSource,
) -> Margined:
    book = account.margined
    held = [
        held_event(event, account, schedule, pools, prices) for event in held_events(book, events)
    ]
    by_event = {event.event.ticker: event for event in held}
    micros = {name: event.worst_case.micros for name, event in by_event.items()}
    credits = credits_of(book, events, micros)
    ramped_credit = sum(
        math.floor(min(by_event[name].ramp for name in credit.held_events) * credit.micros)
        for credit in credits
    )
    worst = max(0, sum(micros.values()) - sum(credit.micros for credit in credits))
    in_full = sum(event.ramped_micros for event in held) - ramped_credit
    rows = [c.losses for event in held for c in event.contracts if c.losses is not None]
    losses = [math.fsum(row[s] for row in rows) for s in range(schedule["scenarios"])]
    tail = worst_scenarios(losses, tail_count(schedule))
    shortfall = micros_up(math.fsum(losses[s] for s in tail) / len(tail)) + in_full
    by_cluster: dict[str, int] = {}
    for event in held:
        cluster = event.parameters.cluster
        by_cluster[cluster] = by_cluster.get(cluster, 0) + event.jump_micros
    cluster = min(by_cluster, key=lambda name: (-by_cluster[name], name), default="")
    jump = max(0, by_cluster.get(cluster, 0))
    floor = math.ceil(Fraction(schedule["core_floor_bps"], BPS) * worst)
    core = max(shortfall, jump, floor)
    added = [add_on for event in held for add_on in event_add_ons(event, schedule, pools)]
    add_ons = micros_up(math.fsum(add_on.micros for add_on in added))
    return Margined(
        events=held,
        credits=credits,
        worst_case=worst,
        held_in_full=in_full,
        losses=losses,
        tail=tail,
        expected_shortfall=shortfall,
        value_at_risk=micros_up(losses[tail[-1]]) + in_full,
        jump_by_cluster=by_cluster,
        jump_cluster=cluster if jump else "",
        jump_to_resolution=jump,
        floor=floor,
        core=core,
        positions_add_ons=added,
        add_ons=add_ons,
        initial=min(worst, core + add_ons),
    )


def tail_count(schedule: Mapping) -> int:
    """Tail scenarios m = ceil((1 - alpha) S), exact."""
    return math.ceil(Fraction(BPS - schedule["alpha_bps"], BPS) * schedule["scenarios"])


def worst_scenarios(losses: Sequence[float], how_many: int) -> list[int]:
    """The numbers, from 0, of the scenarios with the largest losses, the worst first."""
    ranked = sorted((-loss, scenario) for scenario, loss in enumerate(losses))
    return [scenario for _, scenario in ranked[:how_many]]
