"""Books over all contracts of a market, as input of the peer methods.

Belongs here: the order of positions that the peer loops rely on, and the bound that keeps
sums inside int64.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import INT64_MAX


@dataclass(frozen=True)
class PeerBooks:
    """Positions of many books, sorted by book and contract, each contract once per book.

    Book b holds the positions start[b] to start[b+1]-1. contract: int64, contract number; the
    contracts of an event are consecutive. qty: int64, net YES (1e-2 contracts), never 0.
    """

    start: np.ndarray
    contract: np.ndarray
    qty: np.ndarray

    def __len__(self) -> int:
        return len(self.start) - 1

    @classmethod
    def of(
        cls,
        book: np.ndarray,
        contract: np.ndarray,
        qty: np.ndarray,
        books: int,
        contracts: int,
        payout: int,
    ) -> "PeerBooks":
        """From positions in any order; positions in the same book and contract add up.

        book, contract, qty: int64, one element per position; books, contracts: their numbers;
        payout: maximum payoff or price of a contract, in units of price. Raises ModelError
        naming ``quantities`` if a sum of quantity x price could leave int64.
        """
        book, contract, qty = (np.asarray(a, dtype=np.int64) for a in (book, contract, qty))
        # A loss is a difference of two sums over the positions, hence the factor 2.
        size = max(int(qty.max()), -int(qty.min())) if len(qty) else 0
        bound = 2 * payout * size * len(qty)
        if bound > INT64_MAX and 2 * payout * sum(map(abs, qty.tolist())) > INT64_MAX:
            raise ModelError("quantities", "the positions are too large: a sum exceeds int64")
        key = book * contracts + contract
        if not (key[1:] > key[:-1]).all():
            order = np.argsort(key, kind="stable")
            key, qty = key[order], qty[order]
            first = np.flatnonzero(np.diff(key, prepend=-1))
            key, qty = key[first], np.add.reduceat(qty, first)
        held = qty != 0
        if not held.all():
            key, qty = key[held], qty[held]
        book, contract = np.divmod(key, contracts) if len(key) else (key, key)
        start = np.searchsorted(book, np.arange(books + 1))
        return cls(start, contract, qty)
