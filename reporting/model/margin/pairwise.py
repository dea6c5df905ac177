"""The worst case under pairwise netting, as some venues return collateral: comparison only.

Belongs here: the charge of a venue that returns collateral only for pairs of contracts that
cannot both lose. It is never below the exact worst case, which considers all contracts of the
event together. Source: margin-model.md section 1.
"""

import numpy as np

from reporting.model.events import terms as t
from reporting.model.events.checked_inputs import checked
from reporting.model.events.terms import EventTerms
from reporting.model.margin.worst_case import gross_worst_case

EXCLUSIVE_RETURN = "MECNET"
"""The venue's code for pairs of NO in an event in which at most one market wins."""
DIRECTIONAL_RETURN = "DIRECNET"
"""The venue's code for YES above a strike paired with NO above a higher strike."""
_EXCLUSIVE = (t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE)


def has_pairs(terms: EventTerms, collateral_return: str) -> bool:
    """Whether the venue returns collateral for pairs in the event and a pair has a certain value.

    Where the event can be void, two contracts together may pay less than a dollar.
    """
    if terms.voids:
        return False
    if collateral_return == EXCLUSIVE_RETURN:
        return terms.structure in _EXCLUSIVE
    return collateral_return == DIRECTIONAL_RETURN and terms.structure == t.LADDER


def pairwise_worst_case(
    terms: EventTerms, marks: np.ndarray, quantities: np.ndarray, collateral_return: str
) -> np.ndarray:
    """Worst case of each book with one payout returned per pair: int64[a] micros.

    marks: int64[n]; quantities: int64[a, n] net YES. The gross worst case less one payout per
    pair.
    """
    gross = gross_worst_case(terms, marks, quantities)
    if not has_pairs(terms, collateral_return):
        return gross
    _, books = checked(terms, marks, quantities)
    pairs = _pairs_of_no(books) if terms.structure in _EXCLUSIVE else _pairs_in_order(books)
    return gross - terms.payout * pairs


def _pairs_of_no(books: np.ndarray) -> np.ndarray:
    """The maximum number of pairs of NO on two different legs; one of each pair pays."""
    no = np.maximum(-books, 0)
    total = no.sum(axis=1)
    return np.minimum(total // 2, total - no.max(axis=1, initial=0))


def _pairs_in_order(books: np.ndarray) -> np.ndarray:
    """Pairs of YES on a rung with NO on a higher rung; one of each pair pays.

    Each NO is paired with the unused YES of lower rungs.
    """
    pairs = np.zeros(len(books), dtype=np.int64)
    unpaired_yes = np.zeros(len(books), dtype=np.int64)
    for leg in range(books.shape[1]):
        paired = np.minimum(unpaired_yes, np.maximum(-books[:, leg], 0))
        pairs += paired
        unpaired_yes += np.maximum(books[:, leg], 0) - paired
    return pairs
