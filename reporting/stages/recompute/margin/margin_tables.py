"""Rows of the end-of-day margin: state probabilities, margin by event and by account.

Belongs here: from the arrays of a valuation to rows of the lake. The arithmetic is in
``model/portfolio`` and ``model/margin``.
"""

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.events.terms import BINARIES, has_listed_states, payoffs
from reporting.model.margin.initial_margin import call_centicents, maintenance_centicents
from reporting.model.margin.worst_case import state_label
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.positions import FULLY_COLLATERALISED, MARGINED
from reporting.model.portfolio.worst_cases import WorstCases
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
from reporting.units import multiply_divide_up


@table(
    "recompute.state_probabilities",
    grain="one row per outcome state of an event with a mark",
    meaning=(
        "probability of each outcome state implied by the marks; the gap is the largest"
        " difference between a mark and the price that follows from the probabilities"
    ),
    reads=BOOK_TABLES,
    columns="event_ticker state_index state_label probability largest_gap_centicents",
)
def probability_rows(book: DayBook) -> pyarrow.Table:
    """Probabilities of the events with a leg that is priced and not yet settled."""
    schema = schema_of("recompute.state_probabilities")
    columns: dict[str, list] = {name: [] for name in schema.names}
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
    return pyarrow.table(columns, schema=schema)


@table(
    "recompute.event_margin",
    grain="one row per account, event and collateralisation with an open position",
    meaning=(
        "exact worst-case loss over the outcome states of the event, the premium-paid"
        " requirement, the ramp to full collateral, and the gap, the worst that the liquidation"
        " period can bring, in micros (1e-6 USD)"
    ),
    reads=f"{BOOK_TABLES} recompute.scenario_sets validate.accounts validate.margin_schedule",
    columns="""
        account_id event_ticker collateralisation structure worst_case_micros worst_state_index
        worst_state_label premium_requirement_micros ramp_numerator ramp_denominator ramped_micros
        gap_micros
    """,
)
def event_margin_rows(book: DayBook, worst_cases: WorstCases, margins: Margins) -> pyarrow.Table:
    """One row per account, event and collateralisation, as in ``worst_cases``."""
    market = book.market
    names = np.array(book.account_ids, dtype=object)
    labels = [
        payoffs(terms, marks)[1] if has_listed_states(terms) else None
        for terms, marks in zip(market.terms, market.marks, strict=True)
    ]
    numerator, denominator = margins.ramp_numerator.copy(), margins.ramp_denominator
    # The ramp belongs to margined books; a fully collateralised one is always in full.
    numerator[~worst_cases.margined] = denominator[~worst_cases.margined]
    events = worst_cases.event.tolist()
    return pyarrow.table(
        {
            "account_id": names[worst_cases.account] if len(names) else [],
            "event_ticker": [market.events[event] for event in events],
            "collateralisation": np.where(worst_cases.margined, MARGINED, FULLY_COLLATERALISED),
            "structure": [market.terms[event].structure for event in events],
            "worst_case_micros": worst_cases.worst_case,
            "worst_state_index": worst_cases.worst_state,
            "worst_state_label": [
                state_label(market.terms[event], labels[event] or (), state)
                for event, state in zip(events, worst_cases.worst_state.tolist(), strict=True)
            ],
            "premium_requirement_micros": worst_cases.premium,
            "ramp_numerator": numerator,
            "ramp_denominator": denominator,
            "ramped_micros": multiply_divide_up(
                np.maximum(worst_cases.worst_case, 0), numerator, denominator
            ),
            "gap_micros": margins.gaps,
        }
    )


@table(
    "recompute.account_margin",
    grain="one row per account with an open position",
    meaning=(
        "worst case, core, initial and maintenance margin recomputed from the trades, booked up"
        " to the centicent, with collateral after haircut and the amount to call"
    ),
    reads="""
        recompute.event_margin recompute.combination_credits validate.accounts validate.collateral
        validate.margin_schedule
    """,
    columns="""
        account_id member_id origin margined_worst_case_micros
        fully_collateralised_worst_case_micros worst_case_centicents expected_shortfall_centicents
        shortfall_at_rho_centicents shortfall_at_zero_centicents value_at_risk_centicents
        jump_to_resolution_centicents core_centicents add_ons_centicents initial_margin_centicents
        margined_initial_centicents maintenance_margin_centicents collateral_value_centicents
        call_centicents jump_cluster schedule_version
    """,
    made_with="recompute.event_margin",
)
def account_margin_rows(book: DayBook, margins: Margins, collateral: np.ndarray) -> pyarrow.Table:
    chosen = np.unique(book.positions.account)
    initial = margins.initial[chosen]
    value = collateral[chosen]
    accounts = chosen.tolist()
    return pyarrow.table(
        {
            "account_id": [book.account_ids[a] for a in accounts],
            "member_id": [book.member_ids[a] for a in accounts],
            "origin": [book.origins[a] for a in accounts],
            **margins.columns(chosen),
            "maintenance_margin_centicents": maintenance_centicents(initial, book.schedule),
            "collateral_value_centicents": value,
            "call_centicents": call_centicents(initial, value, book.schedule),
            "schedule_version": [book.schedule.version] * len(accounts),
        }
    )
