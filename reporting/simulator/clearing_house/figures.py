"""What the venue is about to report, before and after the errors made on purpose."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reporting.simulator.margin.requirement import Requirement
from reporting.simulator.positions import Positions


@dataclass
class Figures:
    """What the venue is about to report for one cycle; errors change it in place.

    ``true`` is right throughout; ``reported`` is what goes out; ``missing`` accounts have
    no margin row, ``unsent`` markets no mark; ``touched`` accounts are affected by an error
    today.
    """

    day: date
    positions: Positions
    snapshot: Positions
    marks: np.ndarray
    reported_marks: np.ndarray
    true: Requirement
    reported: Requirement
    missing: np.ndarray
    unsent: np.ndarray
    touched: np.ndarray
    maintenance_bps: int
