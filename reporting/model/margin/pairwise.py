"""The worst case under pairwise netting, as venues return collateral: for comparison only.

Belongs here: what a venue charges that gives collateral back for pairs of contracts which
cannot both lose, and nothing beyond pairs. Never below the exact worst case, which looks at
all contracts of the event at once. Source: margin-model.md section 1.
"""

import numpy as np

from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms
from reporting.model.margin.worst_case import checked, gross_worst_case

EXCLUSIVE_RETURN = "MECNET"
"""The venue's word for pairs of NO in an event of which at most one market wins."""
DIRECTIONAL_RETURN = "DIRECNET"
"""Its word for YES above a strike with NO above a higher one."""
_EXCLUSIVE = (t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE)


def has_pairs(terms: EventTerms, collateral_return: str) -> bool:
    """Whether the venue returns collateral for pairs in the event, and what a pair is worth
    is certain: with a void state two contracts may both pay less than a dollar."""
    if terms.void is not None:
        return False
    if collateral_return == EXCLUSIVE_RETURN:
        return terms.structure in _EXCLUSIVE
    return collateral_return == DIRECTIONAL_RETURN and terms.structure == t.LADDER


def pairwise_worst_case(
    terms: EventTerms, marks: np.ndarray, quantities: np.ndarray, collateral_return: str
) -> np.ndarray:
    """Worst case of each book with one payout returned per pair: int64[a] micros.

    marks: int64[n], quantities: int64[a, n] net YES. Contract by contract, less a payout for
    every pair; without pairs that is the gross worst case.
    """
    gross = gross_worst_case(terms, marks, quantities)
    if not has_pairs(terms, collateral_return):
        return gross
    _, books = checked(terms, marks, quantities)
    pairs = _pairs_of_no(books) if terms.structure in _EXCLUSIVE else _pairs_in_order(books)
    return gross - terms.payout * pairs


def _pairs_of_no(books: np.ndarray) -> np.ndarray:
    """Pairs of NO on two different legs, of which one pays: as many as there can be."""
    no = np.maximum(-books, 0)
    total = no.sum(axis=1)
    return np.minimum(total // 2, total - no.max(axis=1, initial=0))


def _pairs_in_order(books: np.ndarray) -> np.ndarray:
    """Pairs of YES on a rung with NO on a higher one, of which one pays: each NO takes the
    YES that lower rungs have left."""
    pairs = np.zeros(len(books), dtype=np.int64)
    left = np.zeros(len(books), dtype=np.int64)
    for leg in range(books.shape[1]):
        taken = np.minimum(left, np.maximum(-books[:, leg], 0))
        pairs += taken
        left += np.maximum(books[:, leg], 0) - taken
    return pairs
