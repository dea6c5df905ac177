"""Breaches by a jump (an event resolved) and by diffusion (prices moved), apart.

The two have different cures: jumps are a matter of the jump requirement and of the weight
of full collateral near resolution, diffusion of volatilities.
"""

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import INT64_MAX

COVERED, DIFFUSION, JUMP = 0, 1, 2
CAUSES = ("covered", "diffusion", "jump")
"""Names of the three, by number."""


def split_losses(
    account_index: np.ndarray, position_loss: np.ndarray, resolved: np.ndarray, accounts: int
) -> tuple[np.ndarray, np.ndarray]:
    """Loss of each account from events that stayed open, and from events that resolved.

    account_index int64[positions] in 0..accounts-1; position_loss int64[positions], over the
    liquidation period; resolved bool[positions]: the event of the position resolved in it.
    Two int64[accounts], whose sum is the loss of the account.
    """
    loss = np.asarray(position_loss, dtype=np.int64)
    most = int(np.bincount(account_index).max()) if len(account_index) else 0
    if len(loss) and max(int(loss.max()), -int(loss.min())) * most > INT64_MAX:
        raise ModelError("position_loss", "exceeds int64")
    diffusion, jump = np.zeros(accounts, dtype=np.int64), np.zeros(accounts, dtype=np.int64)
    np.add.at(diffusion, account_index[~resolved], loss[~resolved])
    np.add.at(jump, account_index[resolved], loss[resolved])
    return diffusion, jump


def breach_causes(
    diffusion_loss: np.ndarray, jump_loss: np.ndarray, margin: np.ndarray
) -> np.ndarray:
    """COVERED, DIFFUSION or JUMP of each observation: int8, one per observation.

    A breach is a loss above the margin. It is by a jump if there were none without the loss
    from events that resolved, else by diffusion: every breach has exactly one cause. All
    int64[observations]; losses of ``split_losses``, a gain below 0.
    """
    diffusion, jump = np.asarray(diffusion_loss), np.asarray(jump_loss)
    for field, values in (("diffusion_loss", diffusion), ("jump_loss", jump)):
        if len(values) and max(int(values.max()), -int(values.min())) > INT64_MAX // 2:
            raise ModelError(field, "exceeds int64")
    breached = diffusion + jump > margin
    cause = np.where(diffusion > margin, DIFFUSION, JUMP)
    return np.where(breached, cause, COVERED).astype(np.int8)
