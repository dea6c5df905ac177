"""Why the venue's margin differs from ours: an exact split per account, and what it leaves.

Belongs here: the sequential split of the initial margin and its verdict, and which of worst
case, core and initial margin the venue's own inputs do not explain. The margins under the
intermediate inputs are computed by the caller with ``margin``. Source: margin-model.md
section 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

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

_TOLERANCE_SHARE = 1_000_000
"""Core and initial margin may be off by one millionth of the worst case, and a centicent."""


class Amounts(NamedTuple):
    """Worst case, core and initial margin of one account, booked centicents."""

    worst_case: int
    core: int
    initial: int


@dataclass(frozen=True)
class MarginViews:
    """Margins of one account and cycle under one changed input after the other.

    recomputed: our positions, our marks, the schedule in force. at_venue_positions: the
    venue's positions, our marks. at_venue_marks: the venue's positions and marks. gross:
    those, contract by contract. other_versions: at the venue's positions and marks by other
    schedule version; gross_other_versions the same contract by contract. venue None: it has
    no row; venue_add_ons, centicents, are what it adds to its core. venue_is_stale: it charges
    an account that holds nothing.
    """

    recomputed: Amounts
    at_venue_positions: Amounts
    at_venue_marks: Amounts
    gross: Amounts
    venue: Amounts | None
    venue_add_ons: int = 0
    other_versions: Mapping[str, Amounts] = field(default_factory=dict)
    gross_other_versions: Mapping[str, Amounts] = field(default_factory=dict)
    venue_is_stale: bool = False


@dataclass(frozen=True)
class Attribution:
    """The split, centicents. The five effects sum to ``difference`` exactly.

    difference = venue - recomputed; negative: under-charged. cause: the effect with the
    largest absolute amount beyond the tolerance, the earlier one of equals.
    contract_by_contract: the venue's worst case is the one without netting. parameter_version:
    the schedule version that reproduces the venue's core and initial margin, when another
    than the one in force does.

    worst_case_residual, core_residual: the venue's less ours at the venue's positions, marks,
    netting and schedule. What is unexplained is the venue's own arithmetic, named at the
    first step that fails: core only where the worst case holds, initial margin where it
    does not follow from a worst case or core that is named already.
    """

    status: str
    cause: str
    difference: int
    position_effect: int = 0
    mark_effect: int = 0
    netting_effect: int = 0
    parameter_effect: int = 0
    residual_effect: int = 0
    contract_by_contract: bool = False
    parameter_version: str | None = None
    worst_case_residual: int = 0
    core_residual: int = 0
    worst_case_unexplained: bool = False
    core_unexplained: bool = False
    initial_unexplained: bool = False


def attribute(views: MarginViews) -> Attribution:
    """Split venue - recomputed into position, mark, netting, parameter and residual.

    Netting counts only if the venue's worst case is the one without netting and that
    differs from the exact one. Parameter counts only if another version of the schedule
    gives the venue's initial margin exactly and its core within the tolerance; the greatest
    such version is named. What is left is residual. A missing row cannot be split: all of it
    is residual, its cause MISSING. A missing or stale row is a break of its own, of which
    nothing more is said to be unexplained.
    """
    venue = views.venue
    if venue is None:
        missing = -views.recomputed.initial
        return Attribution(MISSING, MISSING, missing, residual_effect=missing)
    gross = venue.worst_case == views.gross.worst_case != views.at_venue_marks.worst_case
    reached = views.gross if gross else views.at_venue_marks
    versions = views.gross_other_versions if gross else views.other_versions
    version = None if _fits(venue, reached) else _version(venue, versions)
    explained = reached if version is None else versions[version]
    effects = {
        POSITION: views.at_venue_positions.initial - views.recomputed.initial,
        MARK: views.at_venue_marks.initial - views.at_venue_positions.initial,
        NETTING: reached.initial - views.at_venue_marks.initial,
        PARAMETER: explained.initial - reached.initial,
        RESIDUAL: venue.initial - explained.initial,
    }
    difference = venue.initial - views.recomputed.initial
    worst_case_residual = venue.worst_case - explained.worst_case
    core_residual = venue.core - explained.core
    judged = not views.venue_is_stale
    tolerance = _tolerance(views.recomputed)
    return Attribution(
        status=_status(difference, tolerance, views.venue_is_stale),
        cause=_cause(effects, tolerance),
        difference=difference,
        position_effect=effects[POSITION],
        mark_effect=effects[MARK],
        netting_effect=effects[NETTING],
        parameter_effect=effects[PARAMETER],
        residual_effect=effects[RESIDUAL],
        contract_by_contract=gross,
        parameter_version=version,
        worst_case_residual=worst_case_residual,
        core_residual=core_residual,
        worst_case_unexplained=judged and worst_case_residual != 0,
        core_unexplained=judged and worst_case_residual == 0 and not _core_agrees(venue, explained),
        initial_unexplained=judged and not _initial_follows(venue, views.venue_add_ons, explained),
    )


def _tolerance(ours: Amounts) -> int:
    """By how much two who sum floats in another order may differ in a core, centicents."""
    return 1 + ours.worst_case // _TOLERANCE_SHARE


def _core_agrees(venue: Amounts, ours: Amounts) -> bool:
    return abs(venue.core - ours.core) <= _tolerance(ours)


def _initial_agrees(venue: Amounts, ours: Amounts) -> bool:
    return abs(venue.initial - ours.initial) <= _tolerance(ours)


def _fits(venue: Amounts, ours: Amounts) -> bool:
    return _initial_agrees(venue, ours) and _core_agrees(venue, ours)


def _version(venue: Amounts, versions: Mapping[str, Amounts]) -> str | None:
    return max((name for name, ours in versions.items() if _fits(venue, ours)), default=None)


def _initial_follows(venue: Amounts, add_ons: int, ours: Amounts) -> bool:
    """Whether the initial margin is ours, or is what the venue's worst case and core make it.

    IM = min(W, core + add-ons) moves no further than W or core do; what moves it further is
    neither.
    """
    off = abs(venue.initial - ours.initial)
    moved = max(abs(venue.worst_case - ours.worst_case), abs(venue.core - ours.core))
    derived = min(venue.worst_case, venue.core + add_ons)
    return _initial_agrees(venue, ours) or (venue.initial == derived and off <= moved)


def _status(difference: int, tolerance: int, stale: bool) -> str:
    if stale and difference:
        return STALE
    if abs(difference) <= tolerance:
        return MATCH
    return UNDER if difference < 0 else OVER


def _cause(effects: Mapping[str, int], tolerance: int) -> str:
    cause, size = NONE, tolerance
    for name, amount in effects.items():
        if abs(amount) > size:
            cause, size = name, abs(amount)
    return cause
