"""Why the venue's margin differs from ours: an exact split per account.

Belongs here: the sequential split of the difference in initial margin, its verdict, and
whether the venue's own inputs explain its worst case, core and initial margin. The caller
computes the margins under the intermediate inputs. Source: margin-model.md section 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

MATCH, UNDER, OVER, MISSING, STALE = ["MATCH", "UNDER", "OVER", "MISSING", "STALE"]
"""Status of an account's difference."""
NONE, POSITION, MARK, NETTING, PARAMETER, RESIDUAL = [
    "NONE",
    "POSITION",
    "MARK",
    "NETTING",
    "PARAMETER",
    "RESIDUAL",
]
"""Cause of the difference, besides MISSING."""

_TOLERANCE_SHARE = 1_000_000
"""Core and initial margin may differ by one millionth of the worst case plus one centicent."""


class Amounts(NamedTuple):
    """Worst case, core and initial margin of one account, booked centicents."""

    worst_case: int
    core: int
    initial: int


@dataclass(frozen=True)
class MarginViews:
    """Margins of one account and cycle as the venue's inputs replace ours one by one.

    recomputed: our positions, our marks, the schedule in force. at_venue_positions: the
    venue's positions, our marks. at_venue_marks: the venue's positions and marks. gross: the
    same without netting, contract by contract. other_versions: at the venue's positions and
    marks, by other schedule version; gross_other_versions: the same without netting. venue:
    None if the venue has no row; venue_add_ons, centicents: its add-ons to core.
    venue_is_stale: the venue charges an account that holds no positions.
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
    largest absolute amount above the tolerance; the first of equal effects.
    contract_by_contract: the venue's worst case has no netting. parameter_version: the schedule
    version, other than the one in force, that reproduces the venue's core and initial margin.

    worst_case_residual, core_residual: the venue's figure less ours at the venue's positions,
    marks, netting and schedule. The unexplained flags point to the venue's own arithmetic and
    name the first step that fails: core only if the worst case agrees, initial margin only if
    it does not follow from a worst case or core that already fails.
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
    """Split venue - recomputed into position, mark, netting, parameter and residual effects.

    The netting effect applies only if the venue's worst case equals the one without netting
    and differs from the exact one. The parameter effect applies only if another schedule
    version gives the venue's initial margin and core within the tolerance; the greatest such
    version is named. The rest is residual. A missing row cannot be split: the whole difference
    is residual, with cause MISSING. A missing or stale row is a break in itself, so nothing
    else about it counts as unexplained.
    """
    venue = views.venue
    if venue is None:
        missing = -views.recomputed.initial
        return Attribution(MISSING, MISSING, missing, residual_effect=missing)
    gross = venue.worst_case == views.gross.worst_case != views.at_venue_marks.worst_case
    netted = views.gross if gross else views.at_venue_marks
    versions = views.gross_other_versions if gross else views.other_versions
    version = None if _fits(venue, netted) else _version(venue, versions)
    explained = netted if version is None else versions[version]
    effects = {
        POSITION: views.at_venue_positions.initial - views.recomputed.initial,
        MARK: views.at_venue_marks.initial - views.at_venue_positions.initial,
        NETTING: netted.initial - views.at_venue_marks.initial,
        PARAMETER: explained.initial - netted.initial,
        RESIDUAL: venue.initial - explained.initial,
    }
    difference = venue.initial - views.recomputed.initial
    worst_case_residual = venue.worst_case - explained.worst_case
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
        core_residual=venue.core - explained.core,
        worst_case_unexplained=judged and worst_case_residual != 0,
        core_unexplained=judged and worst_case_residual == 0 and not _core_agrees(venue, explained),
        initial_unexplained=judged and not _initial_follows(venue, views.venue_add_ons, explained),
    )


def _tolerance(ours: Amounts) -> int:
    """The difference that summing floats in another order can cause, centicents."""
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
    """Whether the initial margin is ours, or follows from the venue's worst case and core.

    IM = min(W, core + add-ons) cannot move further than W or core; a larger move has another
    cause.
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
    largest = max(effects, key=lambda name: abs(effects[name]))
    return largest if abs(effects[largest]) > tolerance else NONE
