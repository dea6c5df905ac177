"""Random markets and books for properties of the whole margin model.

Marks are those of random state probabilities, so that model prices equal marks.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from hypothesis import strategies as st
from model.schedules import schedule

from reporting.model.events.terms import EventTerms, payoffs
from reporting.model.margin.parameters import PoolVolatility
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.stages.recompute.day_book import DayBook

DAY = 86_400
TAUS = tuple(int(days * DAY) for days in (0, 1, 2.5, 4, 6, 8, 12, 40, 400))
STRUCTURES = (
    "binary",
    "exclusive_exhaustive",
    "exclusive",
    "ladder",
    "ladder_brackets",
    "k_of_n",
    "binaries",
)
SCHEDULE = schedule(
    legal_class={"default": "swap", "Economics": "option"},
    scenarios=100,
    jump_rate_bps_per_day={"default": 300},
    clusters={"S2": "S1"},
)
_DRAWS = Draws()


def market_of(terms, marks, **changes) -> Market:
    """A market of events that resolve at once, of which nothing more is known; all priced."""
    sizes = [len(found.legs) for found in terms]
    facts = {
        "events": [found.event_ticker for found in terms],
        "terms": terms,
        "marks": [np.array(row, dtype=np.int64) for row in marks],
        "priced": [np.ones(size, dtype=bool) for size in sizes],
        "settled": [np.zeros(size, dtype=bool) for size in sizes],
        "tau_seconds": np.zeros(len(terms), dtype=np.int64),
        "wrong_way": frozenset(),
        "categories": [""] * len(terms),
        "series": [""] * len(terms),
        "resolution_dates": ["unknown"] * len(terms),
        "may_close_early": [False] * len(terms),
        "happens_by": [False] * len(terms),
        "collateral_returns": [""] * len(terms),
        "daily_volume": np.zeros(sum(sizes)),
        "open_interest": np.zeros(sum(sizes), dtype=np.int64),
        "pools": {},
    }
    return Market(**facts | changes)


@dataclass(frozen=True)
class Case:
    """A market, and the positions of ``accounts`` accounts in it."""

    market: Market
    positions: Positions
    accounts: int


def margin_of(case: Case, of: Schedule = SCHEDULE, draws: Draws = _DRAWS) -> Margins:
    """Margins of all accounts of a case."""
    return value(case.positions, case.market, case.accounts, of, draws).margins


def with_positions(case: Case, positions: Positions, accounts: int) -> Case:
    return replace(case, positions=positions, accounts=accounts)


@st.composite
def _event(draw, number: int, structures, voids) -> tuple[EventTerms, np.ndarray]:
    structure = draw(st.sampled_from(structures))
    n = 1 if structure == "binary" else draw(st.integers(2, 4))
    table = ()
    if structure == "ladder_brackets":
        states = draw(st.integers(2, 5))
        pays = st.sampled_from((0, 10_000))
        table = tuple(tuple(draw(pays) for _ in range(states)) for _ in range(n))
    terms = EventTerms(
        f"E{number}",
        structure,
        "",
        tuple(f"E{number}-{leg}" for leg in range(n)),
        voids=draw(st.sampled_from(voids)),
        k=draw(st.integers(1, n)) if structure in ("k_of_n", "at_least_k") else None,
        payoffs=table,
    )
    if structure == "binaries":
        return terms, np.array([draw(st.integers(100, 9900)) for _ in range(n)])
    matrix, _ = payoffs(replace(terms, voids=()), np.zeros(n, dtype=np.int64))
    cuts = sorted(draw(st.integers(0, 10_000)) for _ in range(matrix.shape[1] - 1))
    weights = np.diff([0, *cuts, 10_000])
    return terms, matrix @ weights // 10_000


@st.composite
def cases(draw, structures=STRUCTURES, voids=((), ("half",), ("last",)), fewest_accounts=1):
    """A random market of up to four events, with up to three accounts."""
    events = [draw(_event(n, structures, voids)) for n in range(draw(st.integers(1, 4)))]
    legs = [len(terms.legs) for terms, _ in events]
    accounts = draw(st.integers(fewest_accounts, 3))
    size = draw(st.sampled_from((300, 10**6, 10**9)))
    rows = [
        (account, event, leg, draw(st.booleans()), draw(st.integers(-size, size)))
        for account in range(accounts)
        for event, count in enumerate(legs)
        for leg in range(count)
        if draw(st.booleans())
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    positions = Positions(
        *(np.array(column, dtype=np.int64) for column in columns[:3]),
        np.array(columns[3], dtype=bool),
        np.array(columns[4], dtype=np.int64),
    )
    wrong_way = draw(st.sets(st.tuples(st.just(0), st.integers(0, len(events) - 1)), max_size=1))
    market = market_of(
        [terms for terms, _ in events],
        [marks for _, marks in events],
        tau_seconds=np.array([draw(st.sampled_from(TAUS)) for _ in events], dtype=np.int64),
        wrong_way=frozenset(wrong_way),
        categories=[draw(st.sampled_from(("Sports", "Economics"))) for _ in events],
        series=[draw(st.sampled_from(("S1", "S2", "S3"))) for _ in events],
        resolution_dates=[draw(st.sampled_from(("2026-06-01", "2026-06-02"))) for _ in events],
        may_close_early=[draw(st.booleans()) for _ in events],
        happens_by=[draw(st.booleans()) for _ in events],
        daily_volume=np.array([draw(st.sampled_from((100.0, 1e6))) for _ in range(sum(legs))]),
        open_interest=np.full(sum(legs), 3 * size, dtype=np.int64),
        pools={("Sports", 1): PoolVolatility(0.6, 1.9, 0.7, 100)},
    )
    return Case(market, positions, accounts)


def book_without_positions(
    market: Market, schedule: Schedule, business_date: date, leg_of: dict[str, tuple[int, int]]
) -> DayBook:
    """The book of a date on which no account holds anything."""
    nothing = np.zeros(0, dtype=np.int64)
    return DayBook(
        account_ids=[],
        account_index={},
        member_ids=[],
        origins=[],
        margin_permission=[],
        owners=nothing,
        market=market,
        leg_of=leg_of,
        positions=Positions(nothing, nothing, nothing, nothing.astype(bool), nothing),
        schedules=[schedule],
        business_date=business_date,
    )
