"""The inputs of a margin of a date: events as listed, and the books of one account.

Belongs here: records. What an event can pay is in `states`, what it can lose in `worst_case`.
Marks and payoffs are whole centicents (1e-4 USD) per contract, quantities hundredths of a
contract, so that their products are whole micros (1e-6 USD).

Interpretation where the specification is open:

- A contract of an event of separate binaries has the void states of its event, its title, and
  what any or all of its markets may do early. Its cluster is that of the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from reporting.replica.schedule import DOLLAR

BINARIES = "binaries"
COMBINATION = "combination"
FAIR = "fair"
"""Each contract may settle at a fair price: the void rule that adds no state."""
ORDERED = ("binary", "ladder", "ladder_brackets")


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
    without void ones, for ladder_brackets and matrix. ``voids``: the unusual settlements that the
    rules allow, of "nothing", "half", "last" and "fair", in this order. ``probabilities``: one per
    state, empty where none are published.
    ``tiles_one_variable``: the strikes of an exclusive event cover one variable.
    ``resolution_date``: UTC date of the earliest resolution, None where that of a leg is
    unknown. ``labels`` name the contracts, ``state_labels`` the columns of ``table``.
    ``listed_with``: for a contract of separate binaries, the event that lists it.
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
    voids: tuple[str, ...] = ()
    legs: tuple[SelectedLeg, ...] = ()
    tiles_one_variable: bool = False
    listed_with: "ListedEvent | None" = None

    @property
    def ordered(self) -> bool:
        """Whether its states run from low to high along one variable."""
        return self.structure in ORDERED or (
            self.structure == "exclusive_exhaustive" and self.tiles_one_variable
        )

    @property
    def void_states(self) -> tuple[str, ...]:
        """The void rules that add a state each, after all others."""
        return tuple(void for void in self.voids if void != FAIR)

    @property
    def listing(self) -> "ListedEvent":
        """The event itself; of a contract of separate binaries, the event that lists it."""
        return self.listed_with or self

    @property
    def any_closes_early(self) -> bool:
        """Whether a market of the event may close early."""
        return any(contract.may_close_early for contract in self.listing.contracts)

    @property
    def all_close_early(self) -> bool:
        """Whether every market of the event may close early."""
        return all(contract.may_close_early for contract in self.listing.contracts)


@dataclass(frozen=True)
class AccountBooks:
    """One account: net YES positions by ticker of its two books, which never net.

    ``linked``: events and series that it can influence. ``collateral``: pairs of asset type and
    centicents. ``owner_quantities``: by ticker, the sum of the sizes of all margined positions
    of the account's beneficial owner, this account's included; where a ticker is absent, the
    owner has no other account in it.
    """

    id: str
    margined: Mapping[str, int]
    fully_collateralised: Mapping[str, int]
    linked: frozenset[str] = frozenset()
    collateral: tuple[tuple[str, int], ...] = ()
    owner_quantities: Mapping[str, int] | None = None

    def owner_quantity(self, ticker: str) -> int:
        """What the beneficial owner holds of a contract, at least what this account does."""
        return max((self.owner_quantities or {}).get(ticker, 0), abs(self.margined.get(ticker, 0)))


def priced_units(event: ListedEvent) -> tuple[ListedEvent, ...]:
    """The event itself; of separate binaries each contract as an event of its own."""
    if event.structure != BINARIES:
        return (event,)
    return tuple(_single(event, contract) for contract in event.contracts)


def _single(event: ListedEvent, contract: Contract) -> ListedEvent:
    p = (contract.mark or 0) / DOLLAR
    return replace(
        event,
        ticker=contract.ticker,
        structure="binary",
        contracts=(contract,),
        probabilities=(1 - p, p, *(0.0 for _ in event.void_states)),
        labels=(),
        listed_with=event,
    )


def unit_of(event: ListedEvent, ticker: str) -> tuple[ListedEvent, int] | None:
    """The unit that prices a contract and the contract's number in it; None if it is no such."""
    for unit in priced_units(event):
        for number, contract in enumerate(unit.contracts):
            if contract.ticker == ticker:
                return unit, number
    return None


def quantities_of(event: ListedEvent, book: Mapping[str, int]) -> list[int]:
    """What a book holds of each contract of the event, 0 included."""
    return [book.get(contract.ticker, 0) for contract in event.contracts]
