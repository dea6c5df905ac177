"""Stage recompute: what the model adds to the SELECTs of ``sql/recompute/``.

Contracts with their outcome structure, state probabilities, margin per event and
account, and the comparison with what the venue charged.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.stage import StageResult, run_stage
from reporting.model.events.terms import BINARIES, has_listed_states, payoffs
from reporting.model.margin.draws import DrawPlan
from reporting.model.margin.initial_margin import call_centicents, maintenance_centicents
from reporting.model.margin.worst_case import unlisted_state_label
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.positions import FULLY_COLLATERALISED, MARGINED
from reporting.model.portfolio.scenario_set import Draws, MarketScenarios, ScenarioSet
from reporting.model.portfolio.valuation import Valuation, value
from reporting.model.portfolio.worst_cases import WorstCases
from reporting.stages.recompute.breaks import cycle_breaks, margin_breaks
from reporting.stages.recompute.collateral import collateral_after_haircut
from reporting.stages.recompute.combination_credits import credit_table
from reporting.stages.recompute.contracts import Contracts
from reporting.stages.recompute.cycles import CycleMargin, margin_rows, value_cycles
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.recompute.event_parameters import parameter_rows
from reporting.stages.recompute.exposures import exposure_rows
from reporting.stages.recompute.metrics import threshold_rows, trend_rows
from reporting.stages.recompute.pairwise import pairwise_rows
from reporting.stages.recompute.peers import peer_rows
from reporting.stages.recompute.replica_check import replica_checks
from reporting.stages.recompute.scenario_file import Published, publish
from reporting.stages.recompute.surveillance import alert_rows
from reporting.stages.recompute.what_if import liquidation_period_rows, sensitivity_rows
from reporting.units import multiply_divide_up


def recompute(day: Day, scenarios_folder: Path, replica_draws: int) -> StageResult:
    """Recompute one date from its validated tables and the positions of the day before.

    The scenario set is published in a folder of the date inside ``scenarios_folder``.
    ``replica_draws`` bounds what the second implementation draws.
    """
    model = _Model(scenarios_folder, replica_draws)
    result = run_stage(
        day,
        "recompute",
        {
            "recompute.contracts": model.contracts,
            "recompute.state_probabilities": model.probabilities,
            "recompute.event_parameters": model.parameters,
            "recompute.scenario_sets": model.scenarios,
            "recompute.event_margin": model.margin,
            "recompute.combination_credits": model.margin,
            "recompute.account_margin": model.margin,
            "recompute.exposures": model.exposures,
            "recompute.pairwise_netting": model.pairwise,
            "recompute.peer_margin": model.peers,
            "recompute.liquidation_periods": model.what_if,
            "recompute.sensitivity": model.what_if,
            "recompute.replica_checks": model.replica,
            "recompute.margin_breaks": model.breaks,
            "recompute.cycle_margin": model.cycles,
            "recompute.cycle_alerts": model.cycles,
            "recompute.cycle_breaks": model.cycle_breaks,
            "recompute.thresholds": threshold_rows,
            "recompute.metric_trends": trend_rows,
        },
    )
    if model.valued:
        day.keep("recompute.account_margin", model.valued)
        day.keep("recompute.scenario_sets", model.scenarios_in_force)
    return result


class _Model:
    """The producers of one date; what one reads, the next need not read again."""

    def __init__(self, scenarios_folder: Path, replica_draws: int) -> None:
        self._scenarios_folder, self._replica_draws = scenarios_folder, replica_draws
        self._draws = Draws()
        self._contracts: Contracts | None = None
        self._book: DayBook | None = None
        self._valuation: Valuation | None = None
        self._margins: Margins | None = None
        self._collateral: np.ndarray | None = None
        self._cycles: list[CycleMargin] = []

    @property
    def valued(self) -> DayBook | None:
        """The book that margins were made from, None where there are none."""
        return self._book if self._margins else None

    @property
    def scenarios_in_force(self) -> MarketScenarios | None:
        """The events of the day and their prices under the schedule in force."""
        return self._valuation.scenarios if self._valuation else None

    def contracts(self, day: Day) -> Mapping[str, pyarrow.Table]:
        self._contracts = Contracts(day)
        return {"recompute.contracts": self._contracts.rows()}

    def probabilities(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = self._day_book(day)
        return {"recompute.state_probabilities": probability_rows(book)}

    def parameters(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = self._day_book(day)
        self._valuation = value(
            book.positions, book.market, len(book.account_ids), book.schedule, self._draws
        )
        rows = parameter_rows(book.market, self._valuation.scenarios.events)
        return {"recompute.event_parameters": rows}

    def scenarios(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = self._day_book(day)
        prices, plan = self._valuation.scenarios.prices, self._draws.of(book.schedule).plan
        folder = self._scenarios_folder / day.business_date.isoformat()
        published = publish(prices, book.schedule, folder)
        rows = _scenario_set_rows(book, prices, published, plan)
        return {"recompute.scenario_sets": rows}

    def margin(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = self._day_book(day)
        portfolio, self._margins = self._valuation.portfolio, self._valuation.margins
        holdings = day.read("recompute/reads/collateral").fetchall()
        self._collateral = collateral_after_haircut(book, holdings)
        return {
            "recompute.event_margin": _event_margin_rows(
                book, portfolio.worst_cases, self._margins
            ),
            "recompute.combination_credits": credit_table(
                portfolio.credits.credits,
                self._margins.ramped_credits,
                book.market,
                book.account_ids,
            ),
            "recompute.account_margin": _account_margin_rows(book, self._margins, self._collateral),
        }

    def exposures(self, day: Day) -> Mapping[str, pyarrow.Table]:
        rows = exposure_rows(day, self._day_book(day), self._valuation)
        return {"recompute.exposures": rows}

    def pairwise(self, day: Day) -> Mapping[str, pyarrow.Table]:
        return {"recompute.pairwise_netting": pairwise_rows(self._day_book(day))}

    def peers(self, day: Day) -> Mapping[str, pyarrow.Table]:
        return {"recompute.peer_margin": peer_rows(self._day_book(day), self._margins)}

    def what_if(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = self._day_book(day)
        return {
            "recompute.liquidation_periods": liquidation_period_rows(book, self._valuation),
            "recompute.sensitivity": sensitivity_rows(day, book, self._valuation),
        }

    def replica(self, day: Day) -> Mapping[str, pyarrow.Table]:
        rows = replica_checks(day, self._contracts.terms, self._replica_draws)
        return {"recompute.replica_checks": rows}

    def breaks(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = self._day_book(day)
        rows = margin_breaks(day, book, self._margins, self._collateral, self._draws)
        return {"recompute.margin_breaks": rows}

    def cycles(self, day: Day) -> Mapping[str, pyarrow.Table]:
        self._cycles = value_cycles(day, self._contracts.terms, self._draws)
        return {
            "recompute.cycle_margin": margin_rows(self._cycles),
            "recompute.cycle_alerts": alert_rows(day, self._cycles),
        }

    def cycle_breaks(self, day: Day) -> Mapping[str, pyarrow.Table]:
        return {"recompute.cycle_breaks": cycle_breaks(day, self._cycles, self._draws)}

    def _day_book(self, day: Day) -> DayBook:
        if self._book is None:
            self._book = read_day_book(day, self._contracts.terms)
        return self._book


def probability_rows(book: DayBook) -> pyarrow.Table:
    """Probabilities of the events with a leg that is priced and not yet settled."""
    columns: dict[str, list] = {
        name: []
        for name in (
            "event_ticker",
            "state_index",
            "state_label",
            "probability",
            "largest_gap_centicents",
        )
    }
    market = book.market
    for number, (event, terms) in enumerate(zip(market.events, market.terms, strict=True)):
        if terms.structure == BINARIES or not has_listed_states(terms):
            continue
        if not (market.priced[number] & ~market.settled[number]).any():
            continue
        probability, gap = market.fitted(number)
        _, labels = payoffs(terms, market.marks[number])
        columns["event_ticker"] += [event] * len(labels)
        columns["state_index"] += range(len(labels))
        columns["state_label"] += labels
        columns["probability"] += probability.tolist()
        columns["largest_gap_centicents"] += [gap] * len(labels)
    types = (pyarrow.string(), pyarrow.int64(), pyarrow.string(), *[pyarrow.float64()] * 2)
    schema = pyarrow.schema(list(zip(columns, types, strict=True)))
    return pyarrow.table(columns, schema=schema)


def _event_margin_rows(book: DayBook, rows: WorstCases, found: Margins) -> pyarrow.Table:
    market = book.market
    names = np.array(book.account_ids, dtype=object)
    labels = [
        payoffs(terms, marks)[1] if has_listed_states(terms) else None
        for terms, marks in zip(market.terms, market.marks, strict=True)
    ]
    numerator, denominator = found.ramp_numerator.copy(), found.ramp_denominator
    # The ramp belongs to margined books; a fully collateralised one is always in full.
    numerator[~rows.margined] = denominator[~rows.margined]
    events = rows.event.tolist()
    return pyarrow.table(
        {
            "account_id": names[rows.account] if len(names) else [],
            "event_ticker": [market.events[event] for event in events],
            "collateralisation": np.where(rows.margined, MARGINED, FULLY_COLLATERALISED),
            "structure": [market.terms[event].structure for event in events],
            "worst_case_micros": rows.worst_case,
            "worst_state_index": rows.worst_state,
            "worst_state_label": [
                labels[event][state]
                if labels[event] is not None
                else unlisted_state_label(market.terms[event], state)
                for event, state in zip(events, rows.worst_state.tolist(), strict=True)
            ],
            "premium_requirement_micros": rows.premium,
            "ramp_numerator": numerator,
            "ramp_denominator": denominator,
            "ramped_micros": multiply_divide_up(rows.worst_case, numerator, denominator),
        }
    )


def _scenario_set_rows(
    book: DayBook, prices: ScenarioSet, published: Published, plan: DrawPlan
) -> pyarrow.Table:
    return pyarrow.table(
        {
            "schedule_version": [book.schedule.version],
            "file_name": [published.file_name],
            "sha256": [published.sha256],
            "bytes": [published.bytes],
            "seed": [plan.seed],
            "scenarios": [plan.scenarios],
            "stress_scenarios": [plan.stress_scenarios],
            "events": [len(set(prices.event_tickers))],
            "contracts": [len(prices.tickers)],
        }
    )


def _account_margin_rows(book: DayBook, found: Margins, collateral: np.ndarray) -> pyarrow.Table:
    """One row per account with an open position."""
    chosen = np.unique(book.positions.account)
    initial = found.initial[chosen]
    value = collateral[chosen]
    picked = chosen.tolist()
    return pyarrow.table(
        {
            "account_id": [book.account_ids[a] for a in picked],
            "member_id": [book.member_ids[a] for a in picked],
            "origin": [book.origins[a] for a in picked],
            **found.columns(chosen),
            "maintenance_margin_centicents": maintenance_centicents(initial, book.schedule),
            "collateral_value_centicents": value,
            "call_centicents": call_centicents(initial, value, book.schedule),
            "schedule_version": [book.schedule.version] * len(picked),
        }
    )
