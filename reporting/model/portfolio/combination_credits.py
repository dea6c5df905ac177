"""Combinations netted with the events of their legs.

Belongs here: which events of a book are linked by its combinations, and their worst case over
their joint states, in integers. The combinations that can be netted are in
``events/combination_terms``. Source: margin-model.md section 1; docs/model.md section 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm, prod

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.events.combination_terms import too_many_states, why_not_netted
from reporting.model.events.terms import COMBINATION, VOID_LAST, EventTerms, payoffs, state_count
from reporting.model.margin.worst_case import NO_LISTED_STATE, event_losses, worst_case
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.units import INT64_MAX

_ELEMENTS_AT_ONCE = 2**21


@dataclass(frozen=True)
class Group:
    """Events linked by combinations. Numbers of events, each ascending.

    states: number of joint states, the product over ``leg_events``, the first slowest.
    reason: why the events are not netted, "" if they are.
    """

    combinations: tuple[int, ...]
    leg_events: tuple[int, ...]
    states: int
    reason: str


@dataclass(frozen=True)
class CombinationCredits:
    """One element per book and group in which it holds a combination and a leg event.

    account int64, margined bool, group int64 (index into ``groups``). Money is int64 micros:
    ``joint_worst_case``: the largest joint loss, rounded up to a whole micro where a void makes a
    combination pay a fraction of one, plus the sure gains of the leg events alone, which pay for no
    other loss; from 0 to ``single_worst_cases``, the sum of the worst cases above 0 of the events
    held. The credit is the second less the first. worst_state: the first joint state that gives
    W_J, -1 if the group is not netted. held: the events of the group in which the book has a
    position, ascending.
    """

    account: np.ndarray
    margined: np.ndarray
    group: np.ndarray
    joint_worst_case: np.ndarray
    single_worst_cases: np.ndarray
    worst_state: np.ndarray
    held: tuple[tuple[int, ...], ...]
    groups: tuple[Group, ...]

    @property
    def credit(self) -> np.ndarray:
        """int64 micros by which the netting lowers W."""
        return self.single_worst_cases - self.joint_worst_case


def combination_credits(positions: Positions, market: Market) -> CombinationCredits:
    """The reduction of the worst cases of books whose combinations net with their legs.

    The result is in order of account, book and group. Raises ModelError if an amount does not
    fit 64 bits.
    """
    terms, legs_of = market.terms, _netted_combinations(market.terms)
    number = positions.account * 2 + positions.margined
    is_open = positions.qty != 0
    books = np.unique(number[is_open & np.isin(positions.event, list(legs_of))])
    rows = np.flatnonzero(is_open & np.isin(number, books))
    rows = rows[np.argsort(number[rows], kind="stable")]
    number, event = number[rows], positions.event[rows]
    leg, qty = positions.leg[rows], positions.qty[rows]
    starts, ends = np.searchsorted(number, books), np.searchsorted(number, books, side="right")

    members: dict[tuple[int, ...], list[int]] = {}
    book_of, held = [], []
    for book, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        holds = set(event[start:end].tolist())
        for chosen in _linked(sorted(holds & legs_of.keys()), legs_of):
            leg_events = set().union(*(legs_of[combination] for combination in chosen))
            if holds & leg_events:
                members.setdefault(chosen, []).append(len(held))
                book_of.append(book)
                held.append(tuple(sorted(holds & leg_events.union(chosen))))

    groups = tuple(_group(chosen, legs_of, market) for chosen in members)
    joint, single, group_of = np.zeros((3, len(held)), dtype=np.int64)
    state = np.full(len(held), NO_LISTED_STATE, dtype=np.int64)
    for number_of_group, (group, chosen) in enumerate(zip(groups, members.values(), strict=True)):
        own = np.array([book_of[row] for row in chosen])
        at = np.concatenate([np.arange(starts[book], ends[book]) for book in own])
        which = np.repeat(np.arange(len(own)), ends[own] - starts[own])
        quantities = {}
        for member in (*group.leg_events, *group.combinations):
            quantities[member] = np.zeros((len(own), len(terms[member].legs)), dtype=np.int64)
            in_event = event[at] == member
            place = which[in_event], leg[at[in_event]]
            np.add.at(quantities[member], place, qty[at[in_event]])
        group_of[chosen] = number_of_group
        single[chosen], joint[chosen], state[chosen] = _worst_cases(group, market, quantities)
    accounts, with_margin = np.divmod(books[np.array(book_of, dtype=np.int64)], 2)
    return CombinationCredits(
        account=accounts,
        margined=with_margin == 1,
        group=group_of,
        joint_worst_case=joint,
        single_worst_cases=single,
        worst_state=state,
        held=tuple(held),
        groups=groups,
    )


def joint_state_label(group: Group, market: Market, state: int) -> str:
    """A joint state in words: each leg event with its state; "" for a group that is not netted."""
    if state == NO_LISTED_STATE:
        return ""
    words = []
    for event in reversed(group.leg_events):
        _, labels = payoffs(market.terms[event], market.marks[event])
        state, own = divmod(state, len(labels))
        words.append(f"{market.terms[event].event_ticker}: {labels[own]}")
    return "; ".join(reversed(words))


def _netted_combinations(terms: Sequence[EventTerms]) -> dict[int, frozenset[int]]:
    """The events of the legs, by number, of each combination that can be netted."""
    known = {event.event_ticker: event for event in terms}
    numbers = {ticker: number for number, ticker in enumerate(known)}
    return {
        number: frozenset(numbers[leg.event_ticker] for leg in event.combination_legs)
        for number, event in enumerate(terms)
        if event.structure == COMBINATION and not why_not_netted(event, known)
    }


def _linked(
    combinations: Sequence[int], legs_of: Mapping[int, frozenset[int]]
) -> list[tuple[int, ...]]:
    """The combinations in groups that share leg events, each group ascending, by their first."""
    groups: list[tuple[list[int], set[int]]] = []
    for combination in combinations:
        legs = legs_of[combination]
        apart = [group for group in groups if not group[1] & legs]
        touched = [group for group in groups if group[1] & legs]
        merged = sorted([combination, *(other for group in touched for other in group[0])])
        groups = [*apart, (merged, legs.union(*(group[1] for group in touched)))]
    return sorted(tuple(chosen) for chosen, _ in groups)


def _group(chosen: tuple[int, ...], legs_of: Mapping[int, frozenset[int]], market: Market) -> Group:
    terms = market.terms
    leg_events = sorted(set().union(*(legs_of[combination] for combination in chosen)))
    states = prod(state_count(terms[event]) for event in leg_events)
    reason = too_many_states(states)
    by_ticker = {terms[event].event_ticker: event for event in leg_events}
    for combination in chosen:
        for leg in terms[combination].combination_legs:
            event = by_ticker[leg.event_ticker]
            place = terms[event].legs.index(leg.market_ticker)
            mark, is_priced = market.marks[event][place], market.priced[event][place]
            is_price = is_priced and 0 <= mark <= terms[event].payout
            if VOID_LAST in terms[event].voids and not is_price:
                reason = reason or f"leg {leg.market_ticker} has no last price to be void at"
    return Group(chosen, tuple(leg_events), states, reason)


def _worst_cases(
    group: Group, market: Market, quantities: Mapping[int, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum of single worst cases above 0, joint worst case and its state for each book.

    quantities: by event.
    """
    terms, marks = market.terms, market.marks
    alone = {
        event: worst_case(terms[event], marks[event], held).loss_micros.astype(object)
        for event, held in quantities.items()
    }
    single = sum(np.maximum(losses, 0) for losses in alone.values())
    if group.reason:
        return _int64(single), _int64(single), np.full(len(single), NO_LISTED_STATE)
    joint_state = np.arange(group.states)
    own_state, after = {}, group.states
    for event in group.leg_events:
        count = state_count(terms[event])
        after //= count
        own_state[event] = joint_state // after % count
    pays = {number: _payoff(market, number, own_state) for number in group.combinations}
    scale = lcm(*(denominator for _, denominator in pays.values()))
    by_event = {
        event: event_losses(terms[event], marks[event], quantities[event])
        for event in group.leg_events
    }
    # Loss of one contract of a combination, in parts of ``scale``.
    unit = {
        number: int(marks[number][0]) * scale - pay.astype(object) * (scale // denominator)
        for number, (pay, denominator) in pays.items()
    }
    largest = scale * sum(_largest(losses) for losses in by_event.values()) + sum(
        _largest(quantities[number]) * _largest(unit[number]) for number in group.combinations
    )
    dtype = np.int64 if largest <= INT64_MAX else object
    by_event = {event: scale * losses.astype(dtype) for event, losses in by_event.items()}
    joint, state = np.zeros((2, len(single)), dtype=object)
    size = max(1, _ELEMENTS_AT_ONCE // group.states)
    for start in range(0, len(single), size):
        part = slice(start, start + size)
        losses = np.zeros((len(single[part]), group.states), dtype=dtype)
        for event, own in by_event.items():
            losses += own[part][:, own_state[event]]
        for number in group.combinations:
            losses += quantities[number][part].astype(dtype) * unit[number].astype(dtype)
        state[part] = losses.argmax(axis=1)
        joint[part] = -(-losses.max(axis=1) // scale)
    sure_gains = sum(np.maximum(-alone[event], 0) for event in group.leg_events)
    joint = np.clip(joint + sure_gains, 0, single)
    return _int64(single), _int64(joint), state.astype(np.int64)


def _payoff(
    market: Market, combination: int, own_state: Mapping[int, np.ndarray]
) -> tuple[np.ndarray, int]:
    """Payoff of a combination in each joint state, as integers over one denominator."""
    terms, marks = market.terms, market.marks
    by_ticker = {terms[event].event_ticker: event for event in own_state}
    factors, denominator = [], 1
    for leg in terms[combination].combination_legs:
        event = by_ticker[leg.event_ticker]
        table, _ = payoffs(terms[event], marks[event])
        row = table[terms[event].legs.index(leg.market_ticker)]
        if leg.side == "no":
            row = terms[event].payout - row
        common = int(np.gcd.reduce(row, initial=terms[event].payout))
        factors.append((row // common)[own_state[event]])
        denominator *= terms[event].payout // common
    payout = terms[combination].payout
    dtype = np.int64 if payout * denominator <= INT64_MAX else object
    pay = np.full(len(factors[0]), payout, dtype=dtype)
    for factor in factors:
        pay = pay * factor.astype(dtype)
    common = int(np.gcd.reduce(pay, initial=denominator))
    return pay // common, denominator // common


def _largest(values: np.ndarray) -> int:
    """The largest absolute value, as a Python integer; 0 of none."""
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def _int64(values: np.ndarray) -> np.ndarray:
    if _largest(values) > INT64_MAX:
        raise ModelError("quantities", "the worst case of a group of combinations exceeds int64")
    return values.astype(np.int64)
