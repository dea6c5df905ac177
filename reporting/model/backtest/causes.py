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


def breach_causes(
    diffusion_loss: np.ndarray, jump_loss: np.ndarray, margin: np.ndarray
) -> np.ndarray:
    """COVERED, DIFFUSION or JUMP of each observation: int8, one per observation.

    A breach is a loss above the margin. It is by a jump if there were none without the loss
    from events that resolved, else by diffusion: every breach has exactly one cause. All
    int64[observations]: loss of the book from contracts that stayed open and from those that
    settled, a gain below 0.
    """
    diffusion, jump = np.asarray(diffusion_loss), np.asarray(jump_loss)
    for field, values in (("diffusion_loss", diffusion), ("jump_loss", jump)):
        if len(values) and max(int(values.max()), -int(values.min())) > INT64_MAX // 2:
            raise ModelError(field, "exceeds int64")
    breached = diffusion + jump > margin
    cause = np.where(diffusion > margin, DIFFUSION, JUMP)
    return np.where(breached, cause, COVERED).astype(np.int8)
