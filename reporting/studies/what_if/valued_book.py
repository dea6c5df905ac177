"""The margin of a hypothetical book, its parts, and what each position costs.

Belongs here: from contracts by ticker to the amounts that ``reporting what-if`` prints. The margin
itself is the one recipe of ``model/portfolio``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

import numpy as np

from reporting.engine.day import Day
from reporting.errors import UserError
from reporting.lake import Lake
from reporting.model.errors import ModelError
from reporting.model.margin.methods import METHODS
from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.methods import by_method
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import Valuation, value
from reporting.stages.recompute.comparison.method_margins import stated_method
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.studies.status import dates_run
from reporting.units import centicents_from_micros_up

MAX_POSITIONS = 500
"""More would be valued once without each, which takes long."""


@dataclass(frozen=True)
class EventPart:
    """What one event adds: micros; days to its resolution; volatility ratio v and information f."""

    event_ticker: str
    structure: str
    days: float
    worst_case_micros: int
    gap_micros: int
    ramp: float
    volatility_ratio: float
    information: float


@dataclass(frozen=True)
class PositionPart:
    """A position and the margin that it adds: that of the book less that of the book without it."""

    ticker: str
    qty: int
    mark_centicents: int
    marginal_centicents: int


@dataclass(frozen=True)
class WhatIf:
    """Margin of the book, centicents; initial margin by method; what decides it, in words."""

    business_date: date
    schedule: Schedule
    amounts: Mapping[str, int]
    jump_cluster: str
    decided_by: str
    by_method: Mapping[str, int]
    events: Sequence[EventPart]
    positions: Sequence[PositionPart]


def what_if(
    lake: Lake, business_date: date, book: Mapping[str, int], account_id: str | None = None
) -> WhatIf:
    """Value a book of margined positions on a date, at its marks and under the schedule in force.

    book: net YES contracts by ticker, hundredths. account_id: the book is added to the margined
    positions of this account; the sizes of its owner's other accounts count in the add-ons.
    Raises UserError.
    """
    days = dates_run(lake)
    if business_date not in days:
        shown = ", ".join(str(day) for day in days[:10]) or "none"
        raise UserError(f"{business_date} was not run; dates that were: {shown}")
    try:
        day_book = read_day_book(Day(lake, business_date, lake.columns()))
        schedule = day_book.schedule
        held, others = _held(day_book, account_id)
        total = _added(day_book, held, book)
        valuation = _valued(day_book, total, others)
        margins = valuation.margins
    except ModelError as error:
        raise UserError(f"{business_date}: {error}") from None
    methods = {
        name: _initial(by_method(valuation, stated_method(schedule, name)))
        for name in METHODS
        if stated_method(schedule, name) is not None
    }
    return WhatIf(
        business_date=business_date,
        schedule=schedule,
        amounts=_amounts(margins),
        jump_cluster=_cluster(margins),
        decided_by=_decided_by(margins),
        by_method=methods,
        events=_events(valuation),
        positions=[
            PositionPart(
                ticker=_ticker(day_book, contract),
                qty=qty,
                mark_centicents=int(day_book.market.marks[contract[0]][contract[1]]),
                marginal_centicents=int(margins.initial[0] - margins.initial[1 + number]),
            )
            for number, (contract, qty) in enumerate(total.items())
        ],
    )


Contract = tuple[int, int]
"""Event and leg in the market."""


def _held(book: DayBook, account_id: str | None) -> tuple[dict[Contract, int], dict[Contract, int]]:
    """Margined positions of the account, and the sizes of its owner's other accounts."""
    held: dict[Contract, int] = {}
    others: dict[Contract, int] = {}
    if account_id is None:
        return held, others
    if account_id not in book.account_index:
        near = get_close_matches(account_id, book.account_ids, 3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise UserError(f"{account_id} is no account on {book.business_date}{hint}")
    account = book.account_index[account_id]
    positions = book.positions
    of_owner = positions.margined & (book.owners[positions.account] == book.owners[account])
    for row in np.flatnonzero(of_owner).tolist():
        contract = int(positions.event[row]), int(positions.leg[row])
        qty = int(positions.qty[row])
        if positions.account[row] == account:
            held[contract] = held.get(contract, 0) + qty
        else:
            others[contract] = others.get(contract, 0) + abs(qty)
    return held, others


def _added(
    book: DayBook, held: Mapping[Contract, int], added: Mapping[str, int]
) -> dict[Contract, int]:
    """The positions together; those that net to nothing are left out."""
    total = dict(held)
    for ticker, qty in added.items():
        if ticker not in book.leg_of:
            near = get_close_matches(ticker, book.leg_of, 3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UserError(f"{ticker} is no contract on {book.business_date}{hint}")
        event, leg = book.leg_of[ticker]
        if not book.market.priced[event][leg]:
            raise UserError(f"{ticker} has no mark on {book.business_date}: it never traded")
        total[event, leg] = total.get((event, leg), 0) + qty
    total = {contract: qty for contract, qty in total.items() if qty}
    if len(total) > MAX_POSITIONS:
        raise UserError(f"the book has {len(total)} positions, at most {MAX_POSITIONS} are valued")
    return total


def _valued(
    book: DayBook, total: Mapping[Contract, int], others: Mapping[Contract, int]
) -> Valuation:
    """The book as account 0, and without its position i as account i + 1.

    Each of these is an owner, with a further account that holds the sizes of the others.
    """
    variants = 1 + len(total)
    rows = []
    for variant in range(variants):
        for number, ((event, leg), qty) in enumerate(total.items(), start=1):
            if number != variant:
                rows.append((variant, event, leg, qty))
        rows += [(variants + variant, event, leg, qty) for (event, leg), qty in others.items()]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    positions = Positions(*columns[:3], np.ones(len(rows), dtype=bool), columns[3])
    return value(
        positions,
        book.market,
        2 * variants,
        book.schedule,
        Draws(),
        held_only=True,
        owners=np.tile(np.arange(variants), 2),
    )


def _initial(margins: Margins) -> int:
    return int(margins.initial[0])


def _amounts(margins: Margins) -> dict[str, int]:
    margined = margins.margined
    names = (
        "worst_case",
        "expected_shortfall",
        "shortfall_at_rho",
        "shortfall_at_zero",
        "value_at_risk",
        "jump_to_resolution",
        "core",
        "add_ons",
        "initial",
    )
    return {name: int(centicents_from_micros_up(getattr(margined, name)[:1])[0]) for name in names}


def _cluster(margins: Margins) -> str:
    cluster = int(margins.margined.jump_cluster[0])
    return margins.clusters[cluster] if cluster >= 0 else ""


def _decided_by(margins: Margins) -> str:
    """What the initial margin follows from, in words."""
    margined = margins.margined
    if margined.initial[0] == margined.worst_case[0]:
        return "the worst case"
    if margined.core[0] == margined.expected_shortfall[0]:
        larger = margined.shortfall_at_zero[0] > margined.shortfall_at_rho[0]
        return f"expected shortfall {'without' if larger else 'with'} correlation"
    if margined.core[0] == margined.jump_to_resolution[0]:
        return f"the gap of cluster {_cluster(margins)}"
    return "the floor, a share of the worst case"


def _events(valuation: Valuation) -> list[EventPart]:
    """The events of account 0, the largest worst case first."""
    portfolio, market = valuation.portfolio, valuation.scenarios.market
    rows, margins = portfolio.worst_cases, valuation.margins
    first = {}
    for part in valuation.scenarios.events:
        first.setdefault(part.event, part)
    parts = []
    for row in np.flatnonzero(rows.account == 0).tolist():
        event = int(rows.event[row])
        parameters = first[event].parameters
        ramp = margins.ramp_numerator[row] / margins.ramp_denominator[row]
        parts.append(
            EventPart(
                event_ticker=market.events[event],
                structure=market.terms[event].structure,
                days=int(market.tau_seconds[event]) / SECONDS_PER_DAY,
                worst_case_micros=int(rows.worst_case[row]),
                gap_micros=int(margins.gaps[row]),
                ramp=float(ramp),
                volatility_ratio=parameters.volatility_ratio,
                information=parameters.information,
            )
        )
    return sorted(parts, key=_by_worst_case)


def _by_worst_case(part: EventPart) -> tuple[int, str]:
    return -part.worst_case_micros, part.event_ticker


def _ticker(book: DayBook, contract: Contract) -> str:
    event, leg = contract
    return book.market.terms[event].legs[leg]
