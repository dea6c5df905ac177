"""Cause of a breach: a jump (an event resolved) or diffusion (prices moved).

The two have different remedies: the jump requirement and the ramp near resolution for jumps,
volatilities for diffusion.
"""

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import INT64_MAX

COVERED, DIFFUSION, JUMP = 0, 1, 2
CAUSES = ("covered", "diffusion", "jump")
"""Names of the three causes, by number."""


def breach_causes(
    diffusion_loss: np.ndarray, jump_loss: np.ndarray, margin: np.ndarray
) -> np.ndarray:
    """COVERED, DIFFUSION or JUMP for each observation: int8[observations].

    diffusion_loss, jump_loss, margin: int64[observations]; losses of the book on contracts that
    stayed open and on contracts that settled, gains negative. A breach is a loss above margin.
    Its cause is JUMP if it vanishes when settled contracts are excluded, else DIFFUSION; every
    breach has exactly one cause.
    """
    diffusion, jump = np.asarray(diffusion_loss), np.asarray(jump_loss)
    for field, values in (("diffusion_loss", diffusion), ("jump_loss", jump)):
        if len(values) and max(int(values.max()), -int(values.min())) > INT64_MAX // 2:
            raise ModelError(field, "exceeds int64")
    breached = diffusion + jump > margin
    cause = np.where(diffusion > margin, DIFFUSION, JUMP)
    return np.where(breached, cause, COVERED).astype(np.int8)
