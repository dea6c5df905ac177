"""The figures that the venue reports for a cycle, before and after injected errors."""

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from reporting.simulator.margin.requirement import Requirement
from reporting.simulator.positions import Positions


@dataclass
class Figures:
    """Figures of one cycle; injected errors change them in place.

    ``true``: the correct margin; ``reported``: the margin sent; ``missing``: accounts without a
    margin row; ``unsent``: markets without a mark; ``touched``: accounts affected by an error
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


def copy_of(margin: Requirement) -> Requirement:
    """Figures of their own, to be changed in place."""
    return replace(margin, **{f.name: getattr(margin, f.name).copy() for f in fields(margin)})
