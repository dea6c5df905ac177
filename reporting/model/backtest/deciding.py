"""What decided a book's margin: expected shortfall, jump, floor, or the worst case itself.

Only a margin below the worst case tests the model: no outcome can breach the worst case.
"""

import numpy as np

from reporting.model.errors import ModelError

ES, JTR, FLOOR, FULL, RAMP = "es", "jtr", "floor", "full", "ramp"
MODEL_DRIVEN = (ES, JTR, FLOOR)
"""Margin is below the worst case because of one of these."""


def decided_by(
    margin: np.ndarray,
    worst_case: np.ndarray,
    expected_shortfall: np.ndarray,
    jump_to_resolution: np.ndarray,
    is_ramped: np.ndarray,
) -> list[str]:
    """What the market-risk margin of each book is; all int64[books] centicents, booked up.

    is_ramped: bool[books], every event with a worst case above 0 is at full ramp. At the worst
    case: RAMP for these books, else FULL. Below it: ES, JTR or FLOOR, in this order where two are
    equal.
    """
    if not len(margin) == len(worst_case) == len(expected_shortfall) == len(is_ramped):
        raise ModelError("margin", "needs one of each per book")
    below = margin < worst_case
    choices = [
        below & (expected_shortfall >= margin),
        below & (jump_to_resolution >= margin),
        below,
        np.asarray(is_ramped, dtype=bool),
    ]
    return np.select(choices, [ES, JTR, FLOOR, RAMP], FULL).tolist()
