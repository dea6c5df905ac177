"""Sequence numbers: what is a duplicate, a conflict, a gap, and what may land.

Pure decisions on values; nothing is read here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from reporting.contract.finding import Finding
from reporting.feeds.records import KnownFile, LandedFile, Status

# A number that was refused or waits is not taken: its sender may send it again.
_TAKEN = {Status.LANDED, Status.DUPLICATE, Status.BLOCKED}


def decide(
    files: Sequence[LandedFile],
    known: Sequence[KnownFile],
    business_date: date,
    accepted: frozenset[str],
    waiting_allowed: bool,
) -> tuple[list[LandedFile], list[Finding]]:
    """The files with their final status, in order, and the findings about their sequences.

    ``files`` come with LANDED (nothing against them so far) or REFUSED. Only known files of
    earlier business dates count, so that a date can be run again with the same result.
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
        group = _repeats(group)
        group, gaps = _gaps(group, earlier[key], waiting_allowed)
        decided += group
        findings += conflicts + gaps
    return decided, findings


def _order(file: LandedFile) -> tuple:
    return (file.sender, file.stream, file.sequence, file.file_sha256, file.name)


def _conflicts(
    group: list[LandedFile], earlier: list[KnownFile], accepted: frozenset[str]
) -> tuple[list[LandedFile], list[Finding]]:
    """Block files whose number is claimed by other bytes, unless a person released one."""
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


def _repeats(group: list[LandedFile]) -> list[LandedFile]:
    """The same bytes twice on one day count once, whatever number they carry."""
    seen, result = set(), []
    for file in group:
        if file.status == Status.LANDED and file.file_sha256 in seen:
            file = replace(file, status=Status.DUPLICATE, staged=None)
        elif file.status == Status.LANDED:
            seen.add(file.file_sha256)
        result.append(file)
    return result


def _gaps(
    group: list[LandedFile], earlier: list[KnownFile], waiting_allowed: bool
) -> tuple[list[LandedFile], list[Finding]]:
    """Numbers that nobody has ever sent: wait before the cut-off, a finding after it."""
    numbers = {past.sequence for past in earlier}
    last = max(numbers, default=None)
    result, findings, waits = [], [], False
    for file in group:
        if last is not None and file.sequence > last + 1:
            if waiting_allowed:
                waits = True
            else:
                findings.append(_gap(file, last))
        last = file.sequence if last is None else max(last, file.sequence)
        if waits and file.status == Status.LANDED:
            file = replace(file, status=Status.WAITING, staged=None)
        result.append(file)
    return result, findings


def _gap(file: LandedFile, last: int) -> Finding:
    first, until = last + 1, file.sequence - 1
    words = f"number {first} is" if first == until else f"numbers {first} to {until} are"
    return Finding(
        "LAND-SEQUENCE-GAP",
        file.subject,
        f"{words} missing before number {file.sequence} of {file.sender}",
        file.file_sha256,
    )
