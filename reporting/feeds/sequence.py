"""Sequence numbers: duplicates, conflicts and gaps, and which files may land.

These are pure decisions on values; no file is read here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from reporting.contract.finding import Finding
from reporting.feeds.records import KnownFile, LandedFile, Status

Number = tuple[str, str, int]
"""Sender, stream and sequence number of a file."""

# The number of a refused or waiting file is free: its sender may use it again.
_TAKEN = {Status.LANDED, Status.DUPLICATE, Status.BLOCKED}


def decide(
    files: Sequence[LandedFile],
    known: Sequence[KnownFile],
    business_date: date,
    accepted: frozenset[str],
    waiting_allowed: bool,
    promised_elsewhere: frozenset[Number] = frozenset(),
) -> tuple[list[LandedFile], list[Finding]]:
    """The files with their final status, in order, and the findings about their sequences.

    The status of ``files`` is LANDED (no fault so far) or REFUSED. Duplicates and conflicts are
    judged by known files of earlier business dates only, so that running a date again gives the
    same result. A number is missing only if no date has it, neither among the known files nor in
    ``promised_elsewhere``: a correction of an old date has a number after those of the dates in
    between.
    """
    earlier = defaultdict(list)
    for past in known:
        if past.business_date < business_date:
            earlier[past.sender, past.stream].append(past)
    groups = defaultdict(list)
    for file in sorted(files, key=_order):
        groups[file.sender, file.stream].append(file)

    decided, findings = [], []
    for key, group in groups.items():
        group, conflicts = _conflicts(group, earlier[key], accepted)
        group, returns = _repeats(group)
        others = {number for *of, number in promised_elsewhere if tuple(of) == key}
        others |= {p.sequence for p in known if (p.sender, p.stream) == key}
        group, gaps = _gaps(group, _last_number(earlier[key]), others, waiting_allowed)
        decided += group
        findings += conflicts + returns + gaps
    return decided, findings


def _order(file: LandedFile) -> tuple:
    return (file.sender, file.stream, file.sequence, file.file_sha256, file.name)


def _conflicts(
    group: list[LandedFile], earlier: list[KnownFile], accepted: frozenset[str]
) -> tuple[list[LandedFile], list[Finding]]:
    """Block files whose number other bytes claim too, unless a person released one of them."""
    taken = defaultdict(dict)
    for past in earlier:
        if past.status in _TAKEN:
            taken[past.sequence].setdefault(past.sha256, past.status)
    claims = defaultdict(set)
    for file in group:
        if file.status == Status.LANDED:
            claims[file.sequence].add(file.file_sha256)

    result, findings = [], []
    for file in group:
        if file.status != Status.LANDED:
            result.append(file)
            continue
        past = taken[file.sequence]
        claimants = claims[file.sequence] | past.keys()
        released = claims[file.sequence] & accepted
        if past.get(file.file_sha256) in (Status.LANDED, Status.DUPLICATE):
            result.append(replace(file, status=Status.DUPLICATE, staged=None))
        elif (len(claimants) == 1 and not past) or released == {file.file_sha256}:
            result.append(file)
        else:
            result.append(replace(file, status=Status.BLOCKED, staged=None))
            if len(released) != 1:
                findings.append(_conflict(file, claimants))
    return result, findings


def _conflict(file: LandedFile, claimants: set[str]) -> Finding:
    others = sorted(claimants - {file.file_sha256})
    rival = f"another file ({others[0][:12]}...)" if others else "a blocked file of an earlier day"
    return Finding(
        "LAND-SEQUENCE-CONFLICT",
        file.subject,
        f"number {file.sequence} of {file.sender} is held by {rival}; this file is "
        f"{file.file_sha256[:12]}... and stays blocked until a person decides",
        file.file_sha256,
    )


def _repeats(group: list[LandedFile]) -> tuple[list[LandedFile], list[Finding]]:
    """The same bytes twice on one day count once, whatever their numbers."""
    numbers: dict[str, int] = {}
    last, result, findings = "", [], []
    for file in group:
        if file.status == Status.LANDED and file.file_sha256 in numbers:
            if file.file_sha256 != last:
                findings.append(_return(file, numbers[file.file_sha256], numbers[last]))
            file = replace(file, status=Status.DUPLICATE, staged=None)
        elif file.status == Status.LANDED:
            last = file.file_sha256
            numbers[last] = file.sequence
        result.append(file)
    return result, findings


def _return(file: LandedFile, first: int, between: int) -> Finding:
    return Finding(
        "LAND-SEQUENCE-RETURN",
        file.subject,
        f"number {file.sequence} of {file.sender} has the bytes of number {first}, but number "
        f"{between} in between has others and holds",
        file.file_sha256,
    )


def _last_number(earlier: list[KnownFile]) -> int | None:
    """The highest number of the latest earlier date.

    A correction of an older date may have a higher one, which says nothing about later dates.
    """
    newest = max((past.business_date for past in earlier), default=None)
    numbers = [past.sequence for past in earlier if past.business_date == newest]
    return max(numbers, default=None)


def _gaps(
    group: list[LandedFile], last: int | None, others: set[int], waiting_allowed: bool
) -> tuple[list[LandedFile], list[Finding]]:
    """Numbers after ``last`` that were never sent: files wait before the cut-off, findings after.

    ``others`` are the numbers of the other dates.
    """
    result, findings, waits = [], [], False
    for file in group:
        if last is not None and (missing := _missing(last + 1, file.sequence - 1, others)):
            if waiting_allowed:
                waits = True
            else:
                findings.append(_gap(file, missing))
        last = file.sequence if last is None else max(last, file.sequence)
        if waits and file.status == Status.LANDED:
            file = replace(file, status=Status.WAITING, staged=None)
        result.append(file)
    return result, findings


def _missing(first: int, until: int, others: set[int]) -> list[tuple[int, int]]:
    """The ranges between ``first`` and ``until``, both included, that ``others`` leave open."""
    inside = sorted(number for number in others if first <= number <= until)
    edges = [first - 1, *inside, until + 1]
    return [(left + 1, right - 1) for left, right in pairwise(edges) if right - left > 1]


def _gap(file: LandedFile, missing: list[tuple[int, int]]) -> Finding:
    parts = [f"{a}" if a == b else f"{a} to {b}" for a, b in missing]
    is_single = len(missing) == 1 and missing[0][0] == missing[0][1]
    number, verb = ("number", "is") if is_single else ("numbers", "are")
    words = f"{number} {', '.join(parts)} {verb}"
    return Finding(
        "LAND-SEQUENCE-GAP",
        file.subject,
        f"{words} missing before number {file.sequence} of {file.sender}",
        file.file_sha256,
    )
