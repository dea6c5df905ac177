"""The book that scenarios are applied to: positions, accounts, collateral, paid events.

Belongs here: the book as arrays, and its checks. An account here is one book; give the margined
and the fully collateralised positions of an account as two accounts. Money is int64 micros,
quantities 1e-2 contracts, prices 1e-4 USD.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.stress.events import StressMarket
from reporting.units import INT64_MAX


@dataclass(frozen=True)
class PositionsByContract:
    """Positions sorted by contract.

    Contract c is held in rows start[c]..start[c+1]-1: account int64[k], qty int64[k] net
    YES-equivalent. start: int64[contracts + 1].
    """

    start: np.ndarray
    account: np.ndarray
    qty: np.ndarray

    @classmethod
    def of(
        cls, account: np.ndarray, contract: np.ndarray, qty: np.ndarray, contracts: int
    ) -> "PositionsByContract":
        """From rows in any order. Raises ModelError for an unknown contract."""
        contract = np.asarray(contract, dtype=np.int64)
        if len(contract) and not (contract.min() >= 0 and contract.max() < contracts):
            raise ModelError("contract", f"must lie in 0..{contracts - 1}")
        order = np.lexsort((account, contract))
        start = np.zeros(contracts + 1, dtype=np.int64)
        np.cumsum(np.bincount(contract, minlength=contracts), out=start[1:])
        return cls(
            start,
            np.ascontiguousarray(np.asarray(account, dtype=np.int64)[order]),
            np.ascontiguousarray(np.asarray(qty, dtype=np.int64)[order]),
        )

    @cached_property
    def contract(self) -> np.ndarray:
        """The contract of each row: int64[k]."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @cached_property
    def total_qty(self) -> int:
        """Upper bound of the sum of |qty| over any set of rows."""
        # The thousandth that is added far exceeds the rounding error of the float sum.
        return int(np.abs(self.qty.astype(np.float64)).sum() * 1.001) + 1

    def refuse_overflow(self, largest_move: int) -> None:
        """Raise ModelError if a sum of qty x move could leave int64."""
        if self.total_qty * max(1, largest_move) > INT64_MAX:
            raise ModelError("qty", "positions are too large: a sum of losses exceeds int64")


@dataclass(frozen=True)
class Accounts:
    """The accounts that hold positions, one element each.

    group: number of the affiliate group; is_house: bool; margined: whether the account can lose
    more than it paid in; margin: required (not posted), micros; worst_case: W, micros.
    """

    group: np.ndarray
    is_house: np.ndarray
    margined: np.ndarray
    margin: np.ndarray
    worst_case: np.ndarray

    def __post_init__(self):
        sizes = {len(column) for column in vars(self).values()}
        if len(sizes) > 1:
            raise ModelError("accounts", f"columns differ in length: {sorted(sizes)}")
        for name in ("group", "margin"):
            if len(self.group) and getattr(self, name).min() < 0:
                raise ModelError(name, "must not be negative")


@dataclass(frozen=True)
class MarketLiquidity:
    """Inputs of the close-out cost, by contract.

    information float64: f of the liquidation period; daily_volume float64, 1e-2 contracts;
    half_spread float64, centicents; impact_bps: factor on the square-root law, one for all.
    """

    information: np.ndarray
    daily_volume: np.ndarray
    half_spread: np.ndarray
    impact_bps: int


@dataclass(frozen=True)
class PaidEvent:
    """An event that has been paid out.

    payoffs: int64[n, m] of its states; paid: int64[n], payout per contract; account: int64[b]
    and quantities: int64[b, n], the holders that were paid.
    """

    event_ticker: str
    category: str
    state_labels: tuple[str, ...]
    payoffs: np.ndarray
    paid: np.ndarray
    account: np.ndarray
    quantities: np.ndarray

    @property
    def total_paid_micros(self) -> int:
        """Total paid to holders; paid events rank by it."""
        return int(np.maximum(self.quantities @ self.paid, 0).sum())


@dataclass(frozen=True)
class PastMoves:
    """Move of the prices of a category on a past date, in standard normal units."""

    date: str
    category: str
    move: float


@dataclass(frozen=True)
class StressBook:
    """All inputs of scenarios, and the book they are applied to.

    groups: names of the affiliate groups, by number; own_fund: int64[groups], guaranty fund
    contributions, micros; collateral: market value by asset type, int64[accounts] micros;
    liquidity, paid, past_moves: needed only by the scenario kinds that use them.
    """

    market: StressMarket
    positions: PositionsByContract
    accounts: Accounts
    groups: Sequence[str]
    own_fund: np.ndarray
    collateral: Mapping[str, np.ndarray] = field(default_factory=dict)
    liquidity: MarketLiquidity | None = None
    paid: Sequence[PaidEvent] = ()
    past_moves: Sequence[PastMoves] = ()

    def __post_init__(self):
        if len(self.positions.start) != self.market.first_contract[-1] + 1:
            raise ModelError("positions", "do not match the contracts of the market")
        accounts = len(self.accounts.group)
        held = self.positions.account
        if len(held) and not (held.min() >= 0 and held.max() < accounts):
            raise ModelError("account", f"must lie in 0..{accounts - 1}")
        if len(self.own_fund) != len(self.groups):
            raise ModelError("own_fund", "needs one per group")
        if accounts and self.accounts.group.max() >= len(self.groups):
            raise ModelError("group", f"must lie in 0..{len(self.groups) - 1}")
        for asset, value in self.collateral.items():
            if len(value) != accounts or (accounts and value.min() < 0):
                raise ModelError(f"collateral.{asset}", "needs a value of 0 or more per account")
        if float(self.accounts.margin.sum(dtype=np.float64)) > INT64_MAX / 2:
            raise ModelError("margin", "the sum exceeds int64")

    @cached_property
    def group_positions(self) -> np.ndarray:
        """Net quantity of the margined books of each group: int64[groups, contracts]."""
        contracts = len(self.positions.start) - 1
        self.positions.refuse_overflow(1)
        net = np.zeros((len(self.groups), contracts), dtype=np.int64)
        rows = self.accounts.margined[self.positions.account]
        group = self.accounts.group[self.positions.account[rows]]
        np.add.at(net, (group, self.positions.contract[rows]), self.positions.qty[rows])
        return net
