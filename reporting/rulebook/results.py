"""What came of a check. A check that breaks is not a check that fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reporting.rulebook.rules import Rule


class Status(StrEnum):
    """PASSED: nothing found. FAILED: rows found. BROKEN: could not be run.
    SKIPPED: its table was not made, because an earlier error stopped it."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    BROKEN = "BROKEN"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True)
class CheckResult:
    """Result of one rule on one date: how many rows it found, with a few of them.

    ``message`` says why a check broke or was skipped.
    """

    rule: Rule
    status: Status
    count: int = 0
    samples: Sequence[Mapping[str, object]] = field(default_factory=tuple)
    message: str = ""
