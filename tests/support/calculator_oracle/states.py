"""Outcome states and payoffs of an event, and its exact worst case, by enumeration.

Belongs here: ECM-2 section 1 without its closed forms. Every state is written down, every
state's loss is worked out, the largest is taken. Amounts are Fractions: nothing rounds.

Order of states: binary no, yes; exclusive in the order of contracts, then none; ladder j = the
first j contracts pay, j = 0..n; k of n in lexicographic order; at least k of n by number of
winners, then lexicographic; void last.

Readings where the specification leaves something open:

- A worst case of several equal states is the first of them.
- ``worst_case_loss`` may be negative when it is computed from prices (a short full set
  sold for more than it can pay is a sure gain): the specification leaves it unfloored.
- ``total`` is the sum of the events' worst-case losses, none below zero: a sure gain in one
  event pays for no loss in another.
- A void state has no field in the documents of the calculators: there, an event with a
  void state is a ``matrix`` whose last column is the void payoff.
- A matrix's states are called "state 1", "state 2", ...; a ladder's "first 0 pay", ...
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from reporting.replica.states import winners_by_state

STRUCTURES = (
    "binary",
    "exclusive",
    "exclusive_exhaustive",
    "ladder",
    "k_of_n",
    "at_least_k",
    "matrix",
)
WITH_K = ("k_of_n", "at_least_k")
MAX_STATES = 65_536
"""More than this is not enumerated: the plain way would take too long to be of use."""


class StructureError(ValueError):
    """The structure, its contracts and its payoffs do not fit together."""


@dataclass(frozen=True)
class Outcomes:
    """States of one event: their names, and ``payoffs[contract][state]`` per contract."""

    states: tuple[str, ...]
    payoffs: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class WorstCase:
    """Exact worst case of a position in one event, in the money of its prices.

    ``losses[state]`` is -sum of q (Y - p), ``payouts[state]`` the sum of q Y.
    """

    states: tuple[str, ...]
    losses: tuple[Fraction, ...]
    payouts: tuple[Fraction, ...]

    @property
    def loss(self) -> Fraction:
        """W: the largest loss against the prices. Not floored at zero."""
        return max(self.losses)

    @property
    def state(self) -> str:
        """The first state in which the largest loss occurs."""
        return self.states[self.losses.index(self.loss)]

    @property
    def premium_requirement(self) -> Fraction:
        """F: what must be held when premiums were paid, max(0, -smallest payout)."""
        return max(Fraction(0), -min(self.payouts))


def outcomes(
    structure: str,
    contracts: Sequence[str],
    k: int | None = None,
    payoffs: Sequence[Sequence[Fraction]] | None = None,
    void: Sequence[Fraction] | None = None,
) -> Outcomes:
    """All states of an event over its contracts' names, in the published order.

    ``k`` belongs to k_of_n and at_least_k, ``payoffs`` (contracts x states) to matrix; ``void``
    gives each contract's payoff in one more, last state. Raises StructureError when they do not
    fit the structure.
    """
    _check_parts(structure, contracts, k, payoffs)
    if structure == "matrix":
        names = [f"state {number + 1}" for number in range(len(payoffs[0]))]
        rows = [[Fraction(value) for value in row] for row in payoffs]
    else:
        named_winners = winners_by_state(structure, contracts, k)
        names = [name for name, _ in named_winners]
        rows = [
            [Fraction(int(contract in winners)) for _, winners in named_winners]
            for contract in range(len(contracts))
        ]
    if void is not None:
        if len(void) != len(contracts):
            raise StructureError(f"void has {len(void)} payoffs for {len(contracts)} contracts")
        names.append("void")
        rows = [[*row, Fraction(value)] for row, value in zip(rows, void, strict=True)]
    return Outcomes(tuple(names), tuple(tuple(row) for row in rows))


def _check_parts(structure, contracts, k, payoffs) -> None:
    if structure not in STRUCTURES:
        raise StructureError(f"{structure!r} is no structure; one of {', '.join(STRUCTURES)}")
    if not contracts:
        raise StructureError("an event needs at least one contract")
    if structure == "binary" and len(contracts) != 1:
        raise StructureError(f"a binary event has one contract, not {len(contracts)}")
    if (k is not None) != (structure in WITH_K):
        raise StructureError("k belongs to the structures k_of_n and at_least_k, and to them alone")
    if (payoffs is not None) != (structure == "matrix"):
        raise StructureError("payoffs belong to the structure matrix, and to it alone")
    if k is not None and not 1 <= k <= len(contracts):
        raise StructureError(f"k = {k} is not within 1 and {len(contracts)} contracts")
    if k is not None:
        most = k if structure == "k_of_n" else len(contracts)
        if sum(comb(len(contracts), winners) for winners in range(k, most + 1)) > MAX_STATES:
            raise StructureError(f"{k} of {len(contracts)} has more than {MAX_STATES} states")
    if payoffs is not None:
        widths = {len(row) for row in payoffs}
        if len(payoffs) != len(contracts) or len(widths) != 1 or widths == {0}:
            raise StructureError(
                "payoffs need one row per contract, each with one number per state"
            )


def contracts_of(structure: str, states: int, k: int | None = None) -> int:
    """How many contracts an event with that many states has (void not counted).

    Not for matrix, whose payoffs say it, nor for at_least_k. Raises StructureError when no
    number fits.
    """
    if structure == "k_of_n":
        return _contracts_of_k_of_n(states, k)
    contracts = {
        "binary": 1 if states == 2 else 0,
        "exclusive": states - 1,
        "exclusive_exhaustive": states,
        "ladder": states - 1,
    }.get(structure, 0)
    if contracts < 1:
        raise StructureError(f"a {structure} event cannot have {states} states")
    return contracts


def _contracts_of_k_of_n(states: int, k: int | None) -> int:
    if k is None or not 1 <= k <= MAX_STATES:
        raise StructureError(f"a k_of_n event needs k within 1 and {MAX_STATES}")
    contracts = k
    while comb(contracts, k) < states:
        contracts += 1
    if comb(contracts, k) != states:
        raise StructureError(f"no number n of contracts gives {states} states of {k} of n")
    return contracts


def worst_case(
    event: Outcomes, quantities: Sequence[Fraction], prices: Sequence[Fraction]
) -> WorstCase:
    """Loss and payout in every state of net YES quantities held at prices per contract."""
    positions = list(zip(quantities, prices, event.payoffs, strict=True))
    losses, payouts = [], []
    for state in range(len(event.states)):
        payouts.append(sum((q * row[state] for q, _, row in positions), Fraction(0)))
        losses.append(sum((q * (p - row[state]) for q, p, row in positions), Fraction(0)))
    return WorstCase(event.states, tuple(losses), tuple(payouts))
