"""Shortfalls of clearing-member groups under one scenario, and Cover-1/2.

Belongs here: which margin and which contribution meet which loss, and the largest
shortfalls. Source: stress-default-backtest.md, "Stress tests"; 17 CFR 39.11(a)(1), 39.33.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class GroupLosses:
    """Per group, int64[groups], in the unit of the losses given.

    stressed_loss: losses of customers, none netted against another's gain, plus the net
    loss of the house, negative when it gains. margin_required: of all accounts.
    shortfall: what margin and the group's own fund contribution do not cover.
    """

    stressed_loss: np.ndarray
    margin_required: np.ndarray
    own_fund: np.ndarray
    shortfall: np.ndarray


def group_shortfalls(
    losses: np.ndarray,
    initial_margin: np.ndarray,
    account_group: np.ndarray,
    is_house: np.ndarray,
    own_fund: np.ndarray,
) -> GroupLosses:
    """Shortfall of each clearing-member group under one scenario.

    losses, initial_margin int64[accounts] and own_fund int64[groups] in one unit;
    account_group int64[accounts]; is_house bool[accounts]. Customers are not netted
    against each other: the sum of each one's loss beyond its margin. House accounts of a
    group net. House gains may cover customers, customers never cover the house.
    """
    groups = len(own_fund)
    house = np.asarray(is_house, dtype=bool)
    beyond = np.maximum(losses - initial_margin, 0)
    customer_short = _by_group(account_group, np.where(house, 0, beyond), groups)
    house_loss = _by_group(account_group, np.where(house, losses, 0), groups)
    house_margin = _by_group(account_group, np.where(house, initial_margin, 0), groups)
    customer_loss = _by_group(account_group, np.where(house, 0, np.maximum(losses, 0)), groups)
    house_gain = np.maximum(-house_loss, 0)
    uncovered = np.maximum(house_loss - house_margin, 0)
    uncovered = uncovered + np.maximum(customer_short - house_gain, 0)
    return GroupLosses(
        stressed_loss=customer_loss + house_loss,
        margin_required=_by_group(account_group, initial_margin, groups),
        own_fund=np.asarray(own_fund, dtype=np.int64),
        shortfall=np.maximum(uncovered - own_fund, 0),
    )


def _by_group(group: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, values)
    return total


@dataclass(frozen=True)
class Cover:
    """Cover-1 and Cover-2 per scenario, int64[s].

    cover_1_group: group of the largest shortfall; cover_2_groups int64[s, 2]: the two
    largest in order. -1 where no group has a shortfall; equal ones in group order.
    """

    cover_1: np.ndarray
    cover_1_group: np.ndarray
    cover_2: np.ndarray
    cover_2_groups: np.ndarray


def cover(shortfalls: np.ndarray) -> Cover:
    """Cover-1 = largest shortfall, Cover-2 = the two largest; shortfalls int64[s, groups]."""
    shortfalls = np.asarray(shortfalls, dtype=np.int64)
    order = np.argsort(-shortfalls, axis=1, kind="stable")[:, :2]
    largest = np.take_along_axis(shortfalls, order, axis=1)
    if shortfalls.shape[1] < 2:
        missing = 2 - shortfalls.shape[1]
        order = np.pad(order, ((0, 0), (0, missing)), constant_values=-1)
        largest = np.pad(largest, ((0, 0), (0, missing)))
    named = np.where(largest > 0, order, -1)
    return Cover(largest[:, 0], named[:, 0], largest.sum(axis=1), named)
