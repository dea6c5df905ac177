"""The exact worst-case loss of one book in one event: model section 1.

Interpretation where the specification is open:

- A worst case of several equal states is the first; for separate binaries the states of the
  contracts stand beside each other.
- A settlement at fair prices is named as the worst case only where it costs more than every state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.replica.listed import BINARIES, FAIR, ListedEvent, MissingInput, priced_units
from reporting.replica.schedule import DOLLAR, fair_price_band
from reporting.replica.states import is_listed, states_of, void_payoffs


@dataclass(frozen=True)
class EventWorstCase:
    """W of one book in one event, in micros and not floored, and the state in which it comes."""

    micros: int
    state: str

    @property
    def loss_micros(self) -> int:
        """What counts: a sure gain pays for nothing."""
        return max(0, self.micros)


def cost_micros(event: ListedEvent, quantities: Sequence[int]) -> int:
    """S: the sum of q p at raw marks. Raises MissingInput for a contract without a mark."""
    total = 0
    for contract, quantity in zip(event.contracts, quantities, strict=True):
        if quantity and contract.mark is None:
            raise MissingInput(f"{contract.ticker} is held and has no mark")
        total += quantity * (contract.mark or 0)
    return total


def state_losses(event: ListedEvent, quantities: Sequence[int]) -> list[int]:
    """Loss in each state, micros at raw marks."""
    cost = cost_micros(event, quantities)
    held = [(q, row) for q, row in zip(quantities, states_of(event).payoffs, strict=True) if q] or [
        (0, states_of(event).payoffs[0])
    ]
    return [cost - sum(q * row[state] for q, row in held) for state in range(len(held[0][1]))]


def worst_case_of(
    event: ListedEvent, quantities: Sequence[int], schedule: Mapping
) -> EventWorstCase:
    """W = S less the smallest payout over all states, at least the fair-price loss."""
    worst = _over_states(event, quantities, schedule)
    if FAIR not in event.voids or event.structure == BINARIES:
        return worst
    fair = _fair_price_loss(event, quantities, fair_price_band(schedule, event.category))
    return worst if fair <= worst.micros else EventWorstCase(fair, "settled at fair prices")


def _over_states(
    event: ListedEvent, quantities: Sequence[int], schedule: Mapping
) -> EventWorstCase:
    if event.structure == BINARIES:
        singles = [
            worst_case_of(unit, [quantity], schedule)
            for unit, quantity in zip(priced_units(event), quantities, strict=True)
            if quantity
        ]
        names = ", ".join(single.state for single in singles)
        return EventWorstCase(sum(single.micros for single in singles), names)
    if not is_listed(event) and not event.table:
        smallest = _smallest_unlisted_payout(event, quantities)
        return EventWorstCase(
            cost_micros(event, quantities) - smallest, "too many states to name it"
        )
    losses = state_losses(event, quantities)
    state = states_of(event).names[losses.index(max(losses))]
    if event.structure == "binary":
        state = f"{event.contracts[0].ticker} {state}"
    return EventWorstCase(max(losses), state)


def _fair_price_loss(event: ListedEvent, quantities: Sequence[int], band: int) -> int:
    """Every contract settles a band away from its mark, against the book, within 0 and 1."""
    loss = 0
    for contract, quantity in zip(event.contracts, quantities, strict=True):
        if quantity:
            room = contract.mark if quantity > 0 else DOLLAR - contract.mark
            loss += abs(quantity) * max(0, min(band, room))
    return loss


def _smallest_unlisted_payout(event: ListedEvent, quantities: Sequence[int]) -> int:
    """By the closed forms of section 1, for events with too many states to write down."""
    ascending = sorted(quantities)
    if event.structure == "k_of_n":
        smallest = sum(ascending[: event.k])
    elif event.structure == "at_least_k":
        further = [q for q in ascending[event.k :] if q < 0]
        smallest = sum(ascending[: event.k]) + sum(further)
    elif event.structure == "ladder":
        smallest = min(sum(quantities[:j]) for j in range(len(quantities) + 1))
    elif event.structure == "exclusive":
        smallest = min(0, *quantities)
    else:
        smallest = min(quantities)
    payout = DOLLAR * smallest
    for void in event.void_states:
        payoffs = void_payoffs(event, void)
        payout = min(payout, sum(q * y for q, y in zip(quantities, payoffs, strict=True)))
    return payout
