"""Shortfalls of clearing-member groups under scenarios.

Belongs here: which margin and which contribution meet which loss. The largest of them
against resources are in ``cover``. Source: stress-default-backtest.md, "Stress tests".
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class GroupLosses:
    """Per group, int64[groups], in the unit of the losses given.

    stressed_loss: losses of customers, none netted against another's gain, plus the net
    loss of the house, negative when it gains. margin_required: of all accounts; margin_lost:
    what of it is not covered by collateral any more. shortfall: what margin and the group's
    own fund contribution do not cover.
    """

    stressed_loss: np.ndarray
    margin_required: np.ndarray
    margin_lost: np.ndarray
    own_fund: np.ndarray
    shortfall: np.ndarray


def group_shortfalls(
    losses: np.ndarray,
    initial_margin: np.ndarray,
    account_group: np.ndarray,
    is_house: np.ndarray,
    own_fund: np.ndarray,
    margin_lost: np.ndarray | None = None,
) -> GroupLosses:
    """Shortfall of each clearing-member group under one scenario.

    losses, initial_margin, margin_lost (none, if None) int64[accounts] and own_fund
    int64[groups] in one unit; account_group int64[accounts]; is_house bool[accounts].
    Customers are not netted against each other: the sum of each one's loss beyond its margin.
    House accounts of a group net. House gains may cover customers, customers never cover the
    house. Arrays of Python integers (dtype object) go through without a bound.
    """
    groups, own_fund = len(own_fund), np.asarray(own_fund)
    house = np.asarray(is_house, dtype=bool)
    lost = np.zeros_like(initial_margin) if margin_lost is None else margin_lost
    margin = initial_margin - lost
    beyond = np.maximum(losses - margin, 0)
    customer_short = _by_group(account_group, np.where(house, 0, beyond), groups)
    house_loss = _by_group(account_group, np.where(house, losses, 0), groups)
    house_margin = _by_group(account_group, np.where(house, margin, 0), groups)
    customer_loss = _by_group(account_group, np.where(house, 0, np.maximum(losses, 0)), groups)
    house_gain = np.maximum(-house_loss, 0)
    uncovered = np.maximum(house_loss - house_margin, 0)
    uncovered = uncovered + np.maximum(customer_short - house_gain, 0)
    return GroupLosses(
        stressed_loss=customer_loss + house_loss,
        margin_required=_by_group(account_group, initial_margin, groups),
        margin_lost=_by_group(account_group, lost, groups),
        own_fund=own_fund,
        shortfall=np.maximum(uncovered - own_fund, 0),
    )


def _by_group(group: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    total = np.zeros(groups, dtype=values.dtype if values.dtype == object else np.int64)
    np.add.at(total, group, values)
    return total
