"""Outcome states of an event: their order, payoffs and signals; model section 1 and 4.

Belongs here: every state written down, at most 4,096 of them.

Order: binary and combination no, yes; exclusive in the order of contracts, then none; ladder j
= the first j contracts pay; k of n lexicographic; a table as it is given; void states last.

Interpretation where the specification is open:

- At least k of n: first the states of k winners, then of k + 1, and so on, each lexicographic.
- A leg that never traded pays 0 in a void at the last price.
- "Happened" leaves out void states, whose probability is 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb

from reporting.replica.listed import BINARIES, ListedEvent
from reporting.replica.schedule import DOLLAR

MAX_LISTED_STATES = 4_096
VOID_NAMES = {"nothing": "none pays", "half": "void at half", "last": "void at the last price"}


@dataclass(frozen=True)
class States:
    """Names of the states, and ``payoffs[contract][state]`` in centicents."""

    names: tuple[str, ...]
    payoffs: tuple[tuple[int, ...], ...]


def is_listed(event: ListedEvent) -> bool:
    """Whether its states can be listed: at most 4,096 without void ones."""
    return state_count(event) - len(event.void_states) <= MAX_LISTED_STATES


def state_count(event: ListedEvent) -> int:
    """States of the event, void ones included, whether or not they can be listed."""
    n, structure = len(event.contracts), event.structure
    if event.table:
        count = len(event.table[0])
    elif structure in ("binary", "combination"):
        count = 2
    elif structure == "k_of_n":
        count = comb(n, event.k)
    elif structure == "at_least_k":
        count = sum(comb(n, winners) for winners in range(event.k, n + 1))
    elif structure == BINARIES:
        count = 2**n
    else:
        count = n if structure == "exclusive_exhaustive" else n + 1
    return count + len(event.void_states)


def states_of(event: ListedEvent) -> States:
    """All states in the published order, void ones last. Not for too many to list."""
    names = event.labels or tuple(contract.ticker for contract in event.contracts)
    structure = {"combination": "binary"}.get(event.structure, event.structure)
    if event.table:
        labels = event.state_labels or tuple(f"state {j}" for j in range(len(event.table[0])))
        payoffs = [list(row) for row in event.table]
    else:
        winners = winners_by_state(structure, names, event.k)
        labels = tuple(name for name, _ in winners)
        payoffs = [[DOLLAR * (i in won) for _, won in winners] for i in range(len(names))]
    for void in event.void_states:
        labels = (*labels, VOID_NAMES[void])
        payoffs = [[*row, y] for row, y in zip(payoffs, void_payoffs(event, void), strict=True)]
    return States(tuple(labels), tuple(tuple(row) for row in payoffs))


def winners_by_state(
    structure: str, names: Sequence[str], k: int | None
) -> list[tuple[str, set[int]]]:
    """Name of each state, and the numbers of the contracts that pay in it; not for a table."""
    n = len(names)
    if structure == "binary":
        return [("no", set()), ("yes", {0})]
    if structure == "ladder":
        return [(f"first {j} pay", set(range(j))) for j in range(n + 1)]
    if structure in ("k_of_n", "at_least_k"):
        sizes = [k] if structure == "k_of_n" else range(k, n + 1)
        chosen = [set(winners) for size in sizes for winners in combinations(range(n), size)]
        return [("+".join(names[i] for i in sorted(winners)), winners) for winners in chosen]
    if structure == BINARIES:
        return _joint_states(names)
    one_each = [(names[i], {i}) for i in range(n)]
    return [*one_each, ("none", set())] if structure == "exclusive" else one_each


def _joint_states(names: Sequence[str]) -> list[tuple[str, set[int]]]:
    """The joint states of separate binaries, and the contracts that pay in each."""
    states = []
    for wins in product((True, False), repeat=len(names)):
        won = [number for number, pays in enumerate(wins) if pays]
        states.append(("+".join(names[number] for number in won) or "none", set(won)))
    return states


def void_payoffs(event: ListedEvent, void: str) -> list[int]:
    """What each contract pays in a void state."""
    if void == "last":
        return [contract.mark or 0 for contract in event.contracts]
    return [DOLLAR // 2 if void == "half" else 0] * len(event.contracts)


def signals_of(event: ListedEvent) -> dict[str, list[int]]:
    """Signals of an unordered event by name: where a(state) is 1, state by state."""
    states = states_of(event)
    count = len(states.names) - len(event.void_states)
    void = [0] * len(event.void_states)
    tickers = [contract.ticker for contract in event.contracts]
    if event.structure == "k_of_n":
        rows = ([int(y > 0) for y in row[:count]] for row in states.payoffs)
        return {ticker: [*row, *void] for ticker, row in zip(tickers, rows, strict=True)}
    if event.structure in ("exclusive", "exclusive_exhaustive"):
        names = [*tickers, "none"][:count]
    else:
        names = [f"state {number}" for number in range(count)]
    return {
        name: [*(int(state == number) for state in range(count)), *void]
        for number, name in enumerate(names)
    }


def happened_states(event: ListedEvent) -> tuple[int, ...]:
    """The states of a "by T" event in which it happened: yes, or any winner."""
    if event.structure == "binary":
        return (1,)
    return tuple(range(len(event.contracts)))
