"""Netting by conversion of outcome sets, as on a decentralised venue.

Belongs here: the collateral that stays locked after sets of NO are converted and full sets of
YES are redeemed. Tokens are paid in full, so the counterpart of W is their cost at the marks
less the collateral that conversions release. For comparison only. Method, sources and limits:
docs/peers.md.

A conversion takes one NO of each of k outcomes, exactly one of which wins, and returns one YES
of every other outcome and k-1 units of collateral. If the listed outcomes are not exhaustive,
the venue adds the outcome "other".
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms
from reporting.model.peers.peer_books import PeerBooks

NOT_CONVERTED, EXCLUSIVE, EXHAUSTIVE = 0, 1, 2
"""No conversion; sets of NO convert; sets of NO convert and a full set of YES redeems."""


def conversion_kind(terms: EventTerms) -> int:
    """Which sets of an event can be converted.

    None if the event may be void: k NO can then be worth less than the k-1 that a conversion
    releases, and the venue has no such state.
    """
    if terms.voids:
        return NOT_CONVERTED
    kinds = {t.EXCLUSIVE: EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE: EXHAUSTIVE}
    return kinds.get(terms.structure, NOT_CONVERTED)


@dataclass(frozen=True)
class Conversion:
    """Collateral of each book: int64 arrays over books, micros.

    locked: collateral left in tokens after all conversions and redemptions, at least W.
    full_sets: released by redeeming full sets of YES before the resolution, which not every
    venue allows. gross: locked collateral without netting.
    """

    locked: np.ndarray
    full_sets: np.ndarray
    gross: np.ndarray


def conversion_netting(
    books: PeerBooks,
    first_contract: np.ndarray,
    kinds: np.ndarray,
    marks: np.ndarray,
    payoffs: tuple[np.ndarray, np.ndarray],
    payout: int,
) -> Conversion:
    """The collateral of each book under conversion netting, summed over events.

    first_contract: int64[events + 1], number of each event's first contract, then the number of
    contracts. kinds: int64[events] from ``conversion_kind``. marks: int64[n] units of price.
    payoffs: minimum and maximum payoff of each contract, int64[n] each. payout: of a winner.
    """
    parts = np.zeros((3, len(books)), dtype=np.int64)
    event = np.repeat(np.arange(len(kinds)), np.diff(first_contract))
    positions = books.start, books.contract, books.qty
    _convert(*positions, event, np.diff(first_contract), kinds, marks, *payoffs, payout, *parts)
    gross, converted, redeemed = parts
    return Conversion(gross - converted - redeemed, redeemed, gross)


@njit(nogil=True, cache=True)
def _convert(
    start,
    contract,
    qty,
    event,
    legs,
    kinds,
    marks,
    lowest,
    highest,
    payout,
    gross,
    converted,
    redeemed,
):
    for book in range(len(start) - 1):
        i, end = start[book], start[book + 1]
        while i < end:
            e = event[contract[i]]
            first, no, max_no, min_yes = i, 0, 0, qty[i]
            while i < end and event[contract[i]] == e:
                c, held = contract[i], qty[i]
                if kinds[e] == NOT_CONVERTED:
                    gross[book] += max(
                        held * (marks[c] - lowest[c]), held * (marks[c] - highest[c])
                    )
                else:
                    gross[book] += max(held * marks[c], held * (marks[c] - payout))
                    no += max(-held, 0)
                    max_no = max(max_no, -held)
                    min_yes = min(min_yes, held)
                i += 1
            if kinds[e] != NOT_CONVERTED:
                # Of k equal NO, k-1 become collateral; the largest position remains.
                converted[book] += (no - max_no) * payout
                if kinds[e] == EXHAUSTIVE and min_yes > 0 and i - first == legs[e]:
                    redeemed[book] += min_yes * payout
