"""Why the venue's initial margin differs from ours: an exact split per account.

Belongs here: the sequential split and its verdict. The margins under the intermediate
inputs are computed by the caller with ``margin``. Source: margin-model.md section 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MATCH = "MATCH"
UNDER = "UNDER"
OVER = "OVER"
MISSING = "MISSING"
STALE = "STALE"

NONE = "NONE"
POSITION = "POSITION"
MARK = "MARK"
NETTING = "NETTING"
PARAMETER = "PARAMETER"
RESIDUAL = "RESIDUAL"


@dataclass(frozen=True)
class MarginViews:
    """Margins of one account and cycle under one changed input after the other.

    Centicents, booked. recomputed_initial: our positions, our marks, the schedule in
    force. at_venue_positions: the venue's positions, our marks. at_venue_marks: the
    venue's positions and marks. gross_initial: those, contract by contract.
    exact_worst_case, gross_worst_case: at the venue's positions and marks.
    other_versions: initial margin at the venue's positions and marks by other schedule
    version; gross_other_versions the same contract by contract. venue_* None: the venue
    has no row. venue_is_stale: its row is of an earlier cycle.
    """

    recomputed_initial: int
    at_venue_positions: int
    at_venue_marks: int
    gross_initial: int
    exact_worst_case: int
    gross_worst_case: int
    venue_initial: int | None
    venue_worst_case: int | None
    other_versions: Mapping[str, int] = field(default_factory=dict)
    gross_other_versions: Mapping[str, int] = field(default_factory=dict)
    venue_is_stale: bool = False


@dataclass(frozen=True)
class Attribution:
    """The split, centicents. The five effects sum to ``difference`` exactly.

    difference = venue - recomputed; negative: under-charged. cause: the effect with the
    largest absolute amount, the earlier one of equals. parameter_version: the schedule
    version that reproduces the venue's number, when one does.
    """

    status: str
    cause: str
    difference: int
    position_effect: int = 0
    mark_effect: int = 0
    netting_effect: int = 0
    parameter_effect: int = 0
    residual_effect: int = 0
    parameter_version: str | None = None


def attribute(views: MarginViews) -> Attribution:
    """Split venue - recomputed into position, mark, netting, parameter and residual.

    Netting counts only if the venue's worst case is the one without netting and that
    differs from the exact one. Parameter counts only if another version of the schedule
    gives the venue's number exactly; the greatest such version is named. What is left is
    residual. A missing row cannot be split: all of it is residual, its cause MISSING.
    """
    if views.venue_initial is None:
        missing = -views.recomputed_initial
        return Attribution(MISSING, MISSING, missing, residual_effect=missing)
    position = views.at_venue_positions - views.recomputed_initial
    mark = views.at_venue_marks - views.at_venue_positions
    gross = (
        views.venue_worst_case == views.gross_worst_case
        and views.gross_worst_case != views.exact_worst_case
    )
    netting = views.gross_initial - views.at_venue_marks if gross else 0
    reached = views.gross_initial if gross else views.at_venue_marks
    versions = views.gross_other_versions if gross else views.other_versions
    left = views.venue_initial - reached
    version = None
    if left:
        fitting = [name for name, value in versions.items() if value == views.venue_initial]
        version = max(fitting, default=None)
    effects = {
        POSITION: position,
        MARK: mark,
        NETTING: netting,
        PARAMETER: left if version is not None else 0,
        RESIDUAL: 0 if version is not None else left,
    }
    difference = views.venue_initial - views.recomputed_initial
    return Attribution(
        status=_status(difference, views.venue_is_stale),
        cause=_cause(effects),
        difference=difference,
        position_effect=effects[POSITION],
        mark_effect=effects[MARK],
        netting_effect=effects[NETTING],
        parameter_effect=effects[PARAMETER],
        residual_effect=effects[RESIDUAL],
        parameter_version=version,
    )


def _status(difference: int, stale: bool) -> str:
    if difference == 0:
        return MATCH
    if stale:
        return STALE
    return UNDER if difference < 0 else OVER


def _cause(effects: Mapping[str, int]) -> str:
    cause, size = NONE, 0
    for name, amount in effects.items():
        if abs(amount) > size:
            cause, size = name, abs(amount)
    return cause
