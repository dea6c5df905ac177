"""Shortfalls of clearing-member groups under scenarios.

Belongs here: which margin and which contribution meet which loss. ``cover`` compares the
largest shortfalls with resources. Source: stress-default-backtest.md, "Stress tests".
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class GroupLosses:
    """Losses per group, int64[groups], in the unit of the input losses.

    stressed_loss: customer losses, without netting between customers, plus the net loss of the
    house, negative if it gains. margin_required: of all accounts; margin_lost: the part no
    longer covered by collateral. uncovered: loss beyond margin; own_fund: guaranty fund
    contribution; shortfall: uncovered loss beyond that contribution. margined_loss,
    margined_margin: loss of the margined books alone and the margin that still counts for them; a
    fully collateralised book holds its worst loss and says nothing about headroom.
    """

    stressed_loss: np.ndarray
    margin_required: np.ndarray
    margin_lost: np.ndarray
    uncovered: np.ndarray
    own_fund: np.ndarray
    shortfall: np.ndarray
    margined_loss: np.ndarray
    margined_margin: np.ndarray


@dataclass(frozen=True)
class GroupSums:
    """Sums by group, int64[groups] each.

    customer_loss: losses of customers, without gains; customer_short: the part of each
    customer's loss beyond its own margin; house_loss: net; house_margin: value of the house
    margin; margin_required, margin_lost: of all accounts. margined_customer_loss,
    margined_house_loss, margined_margin: losses as above, and margin less the part lost, of
    margined books alone.
    """

    customer_loss: np.ndarray
    customer_short: np.ndarray
    house_loss: np.ndarray
    house_margin: np.ndarray
    margin_required: np.ndarray
    margin_lost: np.ndarray
    margined_customer_loss: np.ndarray
    margined_house_loss: np.ndarray
    margined_margin: np.ndarray


def group_shortfalls(
    losses: np.ndarray,
    initial_margin: np.ndarray,
    account_group: np.ndarray,
    is_house: np.ndarray,
    own_fund: np.ndarray,
    margin_lost: np.ndarray | None = None,
    margined: np.ndarray | None = None,
) -> GroupLosses:
    """Shortfall of each clearing-member group under one scenario.

    losses, initial_margin, margin_lost (0 if None): int64[accounts]; own_fund: int64[groups];
    all in one unit. account_group: int64[accounts]; is_house, margined (all if None):
    bool[accounts]. Arrays of Python integers (dtype object) work without a bound.
    """
    groups, house = len(own_fund), np.asarray(is_house, dtype=bool)
    levered = np.ones(len(house), dtype=bool) if margined is None else np.asarray(margined)
    lost = np.zeros_like(initial_margin) if margin_lost is None else margin_lost
    margin = initial_margin - lost

    def by_group(values: np.ndarray) -> np.ndarray:
        total = np.zeros(groups, dtype=values.dtype if values.dtype == object else np.int64)
        np.add.at(total, account_group, values)
        return total

    sums = GroupSums(
        customer_loss=by_group(np.where(house, 0, np.maximum(losses, 0))),
        customer_short=by_group(np.where(house, 0, np.maximum(losses - margin, 0))),
        house_loss=by_group(np.where(house, losses, 0)),
        house_margin=by_group(np.where(house, margin, 0)),
        margin_required=by_group(initial_margin),
        margin_lost=by_group(lost),
        margined_customer_loss=by_group(np.where(levered & ~house, np.maximum(losses, 0), 0)),
        margined_house_loss=by_group(np.where(levered & house, losses, 0)),
        margined_margin=by_group(np.where(levered, margin, 0)),
    )
    return shortfalls_of(sums, np.asarray(own_fund))


def shortfalls_of(sums: GroupSums, own_fund: np.ndarray) -> GroupLosses:
    """Shortfalls by the rule for group losses.

    Customers do not net with each other. The house accounts of a group net. A house gain may
    cover customers; customers never cover the house.
    """
    gain = np.maximum(-sums.house_loss, 0)
    uncovered = np.maximum(sums.house_loss - sums.house_margin, 0)
    uncovered = uncovered + np.maximum(sums.customer_short - gain, 0)
    return GroupLosses(
        stressed_loss=sums.customer_loss + sums.house_loss,
        margin_required=sums.margin_required,
        margin_lost=sums.margin_lost,
        uncovered=uncovered,
        own_fund=own_fund,
        shortfall=np.maximum(uncovered - own_fund, 0),
        margined_loss=sums.margined_customer_loss + np.maximum(sums.margined_house_loss, 0),
        margined_margin=sums.margined_margin,
    )
