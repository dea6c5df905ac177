"""Netting by conversion of outcome sets, as a decentralised venue does it.

Belongs here: the collateral that stays locked when sets of NO are converted and full sets of
YES are redeemed. Tokens are paid in full, so that the peer of W is what they cost at the marks,
less the collateral that conversions set free. For comparison only. Method, sources and limits:
docs/peers.md.

A conversion takes one NO of each of k outcomes of which exactly one wins, and gives one YES of
every other outcome and k-1 of collateral. The venue adds the outcome "other" where the listed
ones are not exhaustive.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms
from reporting.model.peers.peer_books import PeerBooks

NOT_CONVERTED, EXCLUSIVE, EXHAUSTIVE = 0, 1, 2
"""Whether sets of an event can be converted: not; yes; yes, and a full set of YES pays."""


def conversion_kind(terms: EventTerms) -> int:
    """Which sets of an event can be converted. None where it may be void: then k NO can be worth
    less than the k-1 that a conversion sets free, and the venue has no such state."""
    if terms.void is not None:
        return NOT_CONVERTED
    kinds = {t.EXCLUSIVE: EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE: EXHAUSTIVE}
    return kinds.get(terms.structure, NOT_CONVERTED)


@dataclass(frozen=True)
class Conversion:
    """Collateral of each book: int64 arrays over books, micros.

    locked: what stays in tokens after everything that can be converted or redeemed is; never
    below W. full_sets: how much more it would be without redeeming full sets of YES before the
    resolution, which not every venue does. gross: locked without any netting.
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
    """The collateral that each book needs under conversion netting, all its events added up.

    first_contract: int64[events + 1], number of each event's first contract, and of all.
    kinds: int64[events] as from ``conversion_kind``. marks: int64[n] units of price. payoffs:
    least and greatest payoff of each contract, int64[n] each. payout: of a winner.
    """
    parts = np.zeros((3, len(books)), dtype=np.int64)
    event = np.repeat(np.arange(len(kinds)), np.diff(first_contract))
    _convert(
        books.start,
        books.contract,
        books.qty,
        event,
        np.diff(first_contract),
        kinds,
        marks,
        *payoffs,
        payout,
        *parts,
    )
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
            first, no, most_no, least_yes = i, 0, 0, qty[i]
            while i < end and event[contract[i]] == e:
                c, held = contract[i], qty[i]
                if kinds[e] == NOT_CONVERTED:
                    gross[book] += max(
                        held * (marks[c] - lowest[c]), held * (marks[c] - highest[c])
                    )
                else:
                    gross[book] += max(held * marks[c], held * (marks[c] - payout))
                    no += max(-held, 0)
                    most_no = max(most_no, -held)
                    least_yes = min(least_yes, held)
                i += 1
            if kinds[e] != NOT_CONVERTED:
                # Of k equal NO all but one become collateral; the largest stays over.
                converted[book] += (no - most_no) * payout
                if kinds[e] == EXHAUSTIVE and least_yes > 0 and i - first == legs[e]:
                    redeemed[book] += least_yes * payout
