"""The case of a drill: the defaulting group, the scenario, and the books.

Belongs here: reading, and the choice of the scenario. Each account a has two books: margined (2a)
and fully collateralised (2a + 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from reporting.engine.day import Day
from reporting.errors import UserError
from reporting.lake import Lake
from reporting.model.default.silos import HOUSE_SILO
from reporting.model.stress.events import Scenario
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses, losses_by_category
from reporting.model.stress.records import LIQUIDITY, ScenarioRecord, analysis
from reporting.model.stress.stress_book import StressBook
from reporting.rulebook.drill_rules import DrillRules, drill_rules_in_force
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.stress.drill import Defaulter
from reporting.stages.stress.resources import Resources, read_resources
from reporting.stages.stress.stress_book import read_groups, read_stress_book
from reporting.studies.default_drill.collateral import in_scenario, read_collateral
from reporting.studies.default_drill.scenario import own_close_out, prices
from reporting.studies.status import dates_run
from reporting.units import BPS

_NAMED = 10


@dataclass(frozen=True)
class Member:
    """A clearing member as the feed lists it."""

    member_id: str
    name: str
    group: str
    status: str


@dataclass(frozen=True)
class Who:
    """The member that is declared in default, and all members."""

    declared: Member
    members: Sequence[Member]


@dataclass(frozen=True)
class Books:
    """What a drill reads of a date. collateral: market value by asset type, micros by book.
    liquidity: the scenario library's record of when facilities pay, None without one."""

    day: Day
    book: DayBook
    held: StressBook
    collateral: Mapping[str, np.ndarray]
    resources: Resources
    rules: DrillRules
    liquidity: ScenarioRecord | None


@dataclass(frozen=True)
class Case:
    """The default of a group in a scenario. By book int64 micros: loss, gains negative, without
    what the scenario says of closing out the group; close_out_estimate, that part; margin, what
    is left of the required margin; collateral, its market value by asset type. By contract of
    ``held.market`` int64 centicents and bool: price in the scenario; is_open, not settled.
    stress_loss: of the group by the stress stage, centicents."""

    day: Day
    declared: Member
    members: Sequence[Member]
    scenario: Scenario
    rules: DrillRules
    resources: Resources
    book: DayBook
    held: StressBook
    collateral: Mapping[str, np.ndarray]
    liquidity: ScenarioRecord | None
    group_number: int
    loss: np.ndarray
    close_out_estimate: np.ndarray
    margin: np.ndarray
    price: np.ndarray
    is_open: np.ndarray
    stress_loss: int

    @property
    def group(self) -> str:
        return self.declared.group

    @property
    def drill_id(self) -> str:
        """Also the name of the auction."""
        return f"DRILL-{self.group}-{self.scenario.scenario_id}"

    @property
    def defaulted(self) -> list[Member]:
        return [member for member in self.members if member.group == self.group]

    @property
    def survivors(self) -> list[Member]:
        return [member for member in self.members if member.group != self.group]

    @cached_property
    def in_group(self) -> np.ndarray:
        return self.held.accounts.group == self.group_number

    @property
    def is_house(self) -> np.ndarray:
        return self.held.accounts.is_house

    @cached_property
    def is_customer(self) -> np.ndarray:
        return self.in_group & ~self.is_house

    @cached_property
    def defaulter(self) -> Defaulter:
        """As the daily drill takes it, with the losses of everybody."""
        return Defaulter(
            self.group,
            self.scenario,
            self.loss + self.close_out_estimate,
            self.margin,
            self.in_group,
            self.is_house,
            [],
            losses_by_category(self.held, self.scenario, self.group_number),
        )

    @cached_property
    def collateral_worth(self) -> dict[str, np.ndarray]:
        """Collateral by asset type after the scenario's fall and the haircut, micros by book."""
        haircuts = self.book.schedule.haircuts_bps
        return in_scenario(self.collateral, self.scenario.collateral_falls_bps, haircuts)

    def silo_of(self, book: int) -> str:
        """The silo of a customer's book."""
        account = self.book.account_ids[book // 2]
        if book % 2:
            return f"{account} (fully collateralised)"
        return f"{account} (margined)" if account == HOUSE_SILO else account

    @cached_property
    def tickers(self) -> list[str]:
        """By contract."""
        return [leg for event in self.held.market.events for leg in event.terms.legs]

    @cached_property
    def event_of(self) -> np.ndarray:
        """Number of the event by contract."""
        first = self.held.market.first_contract
        return np.repeat(np.arange(len(first) - 1), np.diff(first))

    @property
    def spread(self) -> np.ndarray:
        """Full spread by contract in the scenario, int64 centicents."""
        half = 2 * self.held.liquidity.half_spread.astype(np.int64)
        return half * self._of_close_out("spread_multiple_bps") // BPS

    @property
    def daily_volume(self) -> np.ndarray:
        """Volume of a day by contract in the scenario, float64 (1e-2 contracts)."""
        return self.held.liquidity.daily_volume * (self._of_close_out("depth_left_bps") / BPS)

    def _of_close_out(self, name: str) -> np.ndarray:
        close_out = self.scenario.close_out
        value = BPS if close_out is None else getattr(close_out, name)
        return np.broadcast_to(np.asarray(value, dtype=np.int64), len(self.price))

    @property
    def eta(self) -> float:
        return self.held.liquidity.impact_bps / BPS


def read_case(lake: Lake, member_id: str, business_date: date, scenario_id: str | None) -> Case:
    """Read the case of a drill. Raises UserError for a date that was not run, and for a member or
    scenario that the date does not have."""
    days = dates_run(lake)
    if business_date not in days:
        raise UserError(f"--date {business_date} was not run; {_some(days, 'dates that were run')}")
    day = Day(lake, business_date, lake.columns())
    members = [Member(*row) for row in day.read("studies/default_drill/members").fetchall()]
    declared = next((member for member in members if member.member_id == member_id), None)
    if declared is None:
        known = _some([member.member_id for member in members], "members")
        raise UserError(f"--member {member_id} is not a member on {business_date}; {known}")
    worst = day.read(
        "studies/default_drill/group_losses", affiliate_group=declared.group
    ).fetchall()
    stress_loss = {row[0]: row[1] for row in worst}
    resources = read_resources(day)
    if not resources.layers:
        raise UserError(f"{business_date} has no reported resources, so there is no waterfall")
    _refuse(day, scenario_id, worst, declared)
    book = read_day_book(day)
    held = read_stress_book(day, book, read_groups(day, book))
    known = scenarios_in_force(business_date)
    library = {entry.scenario_id: entry for entry in scenario_library(known, held)}
    wanted = [scenario_id] if scenario_id else list(stress_loss)
    if gone := [name for name in wanted if name not in library]:
        raise UserError(
            f"scenario {gone[0]} of {business_date} is no longer in data_checks/scenarios.yaml;"
            " run the stage stress of the date again"
        )
    scenario = _to_drill([library[name] for name in wanted], held, declared.group)
    return case_of(
        Who(declared, members),
        scenario,
        Books(
            day,
            book,
            held,
            read_collateral(day, book, held),
            resources,
            drill_rules_in_force(business_date),
            analysis(known, LIQUIDITY),
        ),
        stress_loss.get(scenario.scenario_id, 0),
    )


def case_of(who: Who, scenario: Scenario, books: Books, stress_loss: int) -> Case:
    """The case of a default in a scenario, from books that were read."""
    held = books.held
    losses = account_losses(scenario, held)
    number = list(held.groups).index(who.declared.group)
    estimate = own_close_out(scenario.close_out, held, number)
    price, is_open = prices(scenario, held)
    return Case(
        day=books.day,
        declared=who.declared,
        members=who.members,
        scenario=scenario,
        rules=books.rules,
        resources=books.resources,
        book=books.book,
        held=held,
        collateral=books.collateral,
        liquidity=books.liquidity,
        group_number=number,
        loss=losses.loss - estimate,
        close_out_estimate=estimate,
        margin=held.accounts.margin - losses.margin_lost,
        price=price,
        is_open=is_open,
        stress_loss=stress_loss,
    )


def _refuse(day: Day, wanted: str | None, worst: list[tuple], declared: Member) -> None:
    """Raise UserError for a date, a scenario or a group that leaves nothing to drill."""
    known = [row[0] for row in day.read("studies/default_drill/scenarios").fetchall()]
    if not known:
        raise UserError(
            f"the stage stress was not run for {day.business_date}, so it has no scenarios;"
            f" see `reporting run --date {day.business_date}`"
        )
    if wanted is not None and wanted not in known:
        raise UserError(
            f"--scenario {wanted} is not one of the {len(known)} of {day.business_date}, listed in"
            " stress.scenarios; `reporting drill --help` shows how to list them"
        )
    if not worst:
        raise UserError(
            f"--member {declared.member_id}: its group {declared.group} holds no position on"
            f" {day.business_date}; nothing to drill"
        )


def _to_drill(worst_first: Sequence[Scenario], held: StressBook, group: str) -> Scenario:
    """The first scenario that leaves half of the group's contracts to close out, else the first.

    Where every event settles there is a loss and nothing to hedge, to auction or to allocate.
    """
    positions, accounts = held.positions, held.accounts
    mine = accounts.margined & (accounts.group == list(held.groups).index(group))
    net = np.zeros((2, len(positions.start) - 1), dtype=np.int64)
    rows = np.flatnonzero(mine[positions.account])
    side = accounts.is_house[positions.account[rows]].astype(np.int64)
    np.add.at(net, (side, positions.contract[rows]), positions.qty[rows])
    contracts = np.abs(net).sum(axis=0)
    for scenario in worst_first:
        _, is_open = prices(scenario, held)
        if 2 * contracts[is_open].sum() >= contracts.sum():
            return scenario
    return worst_first[0]


def _some(names: Sequence[object], kind: str) -> str:
    """The kind and its first few names."""
    shown = ", ".join(str(name) for name in names[:_NAMED])
    rest = f", ... ({len(names)} in all)" if len(names) > _NAMED else ""
    return f"{kind}: {shown or 'none'}{rest}"
