"""The inputs of a margin of a date: events as listed, and the books of one account.

Belongs here: the data of docs/model.md sections 1 and 2, the states of an event and its worst
case W. Marks and payoffs are whole centicents (1e-4 USD) per contract, quantities hundredths of
a contract, so that their products are whole micros (1e-6 USD).

Interpretation where the page is open:

- A contract of an event of separate binaries has the void state of its event.
- A worst case of several equal states is the first; for separate binaries the states of
  the contracts stand beside each other.
- A leg that never traded pays 0 in a void at the last price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from math import comb

DOLLAR = 10_000
"""Centicents of a dollar."""
MAX_LISTED_STATES = 4_096
BINARIES = "binaries"


class MissingInput(ValueError):
    """Something that the margin of an account needs was not given; the message names it."""


@dataclass(frozen=True)
class Contract:
    """One market of an event.

    ``mark``: of YES, the settlement value of a settled market, None if it never traded.
    ``daily_volume``: hundredths of a contract per day, 0 where there was none;
    ``open_interest``: all long positions, hundredths.
    """

    ticker: str
    mark: int | None
    settled: bool = False
    may_close_early: bool = False
    daily_volume: Fraction = Fraction(0)
    open_interest: int = 0

    @property
    def is_open(self) -> bool:
        """It has a price that can still move."""
        return self.mark is not None and not self.settled


@dataclass(frozen=True)
class SelectedLeg:
    """A leg of a combination: the market, and whether YES or NO of it was selected."""

    event: str
    ticker: str
    yes: bool


@dataclass(frozen=True)
class ListedEvent:
    """One event with its contracts in the order of its states.

    ``structure`` is one of docs/model.md section 1. ``table``: payoffs, contracts x states
    without the void one, for ladder_brackets and matrix only. ``void``: None, "half" or
    "last". ``probabilities``: one per state, empty where none are published.
    ``resolution_date``: UTC date of the earliest resolution, None where that of a leg is
    unknown. ``labels`` name the contracts, ``state_labels`` the columns of ``table``.
    """

    ticker: str
    structure: str
    contracts: tuple[Contract, ...]
    category: str
    series: str
    title: str
    tau_seconds: int
    resolution_date: str | None
    probabilities: tuple[float, ...] = ()
    k: int | None = None
    table: tuple[tuple[int, ...], ...] = ()
    state_labels: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    void: str | None = None
    legs: tuple[SelectedLeg, ...] = ()


@dataclass(frozen=True)
class States:
    """Names of the states, and ``payoffs[contract][state]`` in centicents."""

    names: tuple[str, ...]
    payoffs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class EventWorstCase:
    """W of one book in one event, in micros, and the state in which it comes."""

    micros: int
    state: str


@dataclass(frozen=True)
class AccountBooks:
    """One account: net YES positions by ticker of its two books, which never net.

    ``linked``: events and series that it can influence. ``collateral``: pairs of asset
    type and centicents.
    """

    id: str
    margined: Mapping[str, int]
    fully_collateralised: Mapping[str, int]
    linked: frozenset[str] = frozenset()
    collateral: tuple[tuple[str, int], ...] = ()


def priced_units(event: ListedEvent) -> tuple[ListedEvent, ...]:
    """The event itself; of separate binaries each contract as an event of its own.

    Such a contract keeps the parameters of its event: that all markets of it may close
    early, too.
    """
    if event.structure != BINARIES:
        return (event,)
    all_early = all(contract.may_close_early for contract in event.contracts)
    return tuple(_single(event, contract, all_early) for contract in event.contracts)


def _single(event: ListedEvent, contract: Contract, all_early: bool) -> ListedEvent:
    p = (contract.mark or 0) / DOLLAR
    return replace(
        event,
        ticker=contract.ticker,
        structure="binary",
        contracts=(replace(contract, may_close_early=all_early),),
        probabilities=(p, 1 - p, 0.0) if event.void else (p, 1 - p),
        labels=(),
    )


def is_listed(event: ListedEvent) -> bool:
    """Whether its states can be listed: at most 4,096 without the void one."""
    return state_count(event) - (event.void is not None) <= MAX_LISTED_STATES


def state_count(event: ListedEvent) -> int:
    """States of the event, the void one included, whether or not they can be listed."""
    n, structure = len(event.contracts), event.structure
    if event.table:
        count = len(event.table[0])
    elif structure in ("binary", "combination"):
        count = 2
    elif structure == "k_of_n":
        count = comb(n, event.k)
    elif structure == BINARIES:
        count = 2**n
    else:
        count = n if structure == "exclusive_exhaustive" else n + 1
    return count + (event.void is not None)


def states_of(event: ListedEvent) -> States:
    """All states in the published order, the void one last. Not for too many to list."""
    names = event.labels or tuple(contract.ticker for contract in event.contracts)
    structure = {"combination": "binary"}.get(event.structure, event.structure)
    if event.table:
        labels = event.state_labels or tuple(f"state {j}" for j in range(len(event.table[0])))
        payoffs = [list(row) for row in event.table]
    else:
        winners = (
            _winners(names)
            if structure == BINARIES
            else winners_by_state(structure, names, event.k)
        )
        labels = tuple(name for name, _ in winners)
        payoffs = [[DOLLAR * (i in won) for _, won in winners] for i in range(len(names))]
    if event.void:
        labels = (*labels, "void")
        payoffs = [[*row, y] for row, y in zip(payoffs, _void_payoffs(event), strict=True)]
    return States(tuple(labels), tuple(tuple(row) for row in payoffs))


def winners_by_state(
    structure: str, names: Sequence[str], k: int | None
) -> list[tuple[str, set[int]]]:
    """Name of each state, and the numbers of the contracts that pay in it; not for a table."""
    n = len(names)
    if structure == "binary":
        return [("yes", {0}), ("no", set())]
    if structure == "ladder":
        return [(f"first {j} pay", set(range(j))) for j in range(n + 1)]
    if structure == "k_of_n":
        chosen = combinations(range(n), k)
        return [("+".join(names[i] for i in winners), set(winners)) for winners in chosen]
    one_each = [(names[i], {i}) for i in range(n)]
    if structure == "exclusive":
        return [*one_each, ("none", set())]
    return one_each


def _winners(names: Sequence[str]) -> list[tuple[str, set[int]]]:
    """The joint states of separate binaries, and the contracts that pay in each."""
    states = []
    for wins in product((True, False), repeat=len(names)):
        won = [number for number, pays in enumerate(wins) if pays]
        states.append(("+".join(names[number] for number in won) or "none", set(won)))
    return states


def _void_payoffs(event: ListedEvent) -> list[int]:
    if event.void == "half":
        return [DOLLAR // 2] * len(event.contracts)
    return [contract.mark or 0 for contract in event.contracts]


def quantities_of(event: ListedEvent, book: Mapping[str, int]) -> list[int]:
    """What a book holds of each contract of the event, 0 included."""
    return [book.get(contract.ticker, 0) for contract in event.contracts]


def cost_micros(event: ListedEvent, quantities: Sequence[int]) -> int:
    """S: the sum of q p at raw marks. Raises MissingInput for a contract without a mark."""
    total = 0
    for contract, quantity in zip(event.contracts, quantities, strict=True):
        if quantity and contract.mark is None:
            raise MissingInput(f"{contract.ticker} is held and has no mark")
        total += quantity * (contract.mark or 0)
    return total


def worst_case_of(event: ListedEvent, quantities: Sequence[int]) -> EventWorstCase:
    """W = S less the smallest payout over all states; not floored at zero."""
    if event.structure == BINARIES:
        singles = [
            worst_case_of(unit, [quantity])
            for unit, quantity in zip(priced_units(event), quantities, strict=True)
            if quantity
        ]
        return EventWorstCase(
            sum(single.micros for single in singles), ", ".join(single.state for single in singles)
        )
    if not is_listed(event) and not event.table:
        smallest, state = _smallest_unlisted_payout(event, quantities)
    else:
        states = states_of(event)
        held = [(q, row) for q, row in zip(quantities, states.payoffs, strict=True) if q]
        payouts = [sum(q * row[j] for q, row in held) for j in range(len(states.names))]
        smallest = min(payouts)
        state = states.names[payouts.index(smallest)]
    if event.structure == "binary":
        state = f"{event.contracts[0].ticker} {state}"
    return EventWorstCase(cost_micros(event, quantities) - smallest, state)


def _smallest_unlisted_payout(event: ListedEvent, quantities: Sequence[int]) -> tuple[int, str]:
    """By the closed forms of section 2, for events with too many states to write down."""
    if event.structure == "k_of_n":
        smallest = sum(sorted(quantities)[: event.k])
    elif event.structure == "ladder":
        smallest = min(sum(quantities[:j]) for j in range(len(quantities) + 1))
    elif event.structure == "exclusive":
        smallest = min(0, *quantities)
    else:
        smallest = min(quantities)
    payout = DOLLAR * smallest
    if event.void:
        void = sum(q * y for q, y in zip(quantities, _void_payoffs(event), strict=True))
        payout = min(payout, void)
    return payout, "too many states to name it"
