"""The result of a check. A check that breaks is not a check that fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reporting.rulebook.rules import Rule


class Status(StrEnum):
    """PASSED: no finding. FAILED: findings. BROKEN: the check could not be run.

    SKIPPED: its table was not made, because an earlier error stopped it.
    """

    PASSED = "PASSED"
    FAILED = "FAILED"
    BROKEN = "BROKEN"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True)
class Measured:
    """The number that a rule compares with a bound on one date, and its subject."""

    value: float
    bound: float
    subject: str


@dataclass(frozen=True)
class CheckResult:
    """Result of one rule on one date: the number of findings, with a few of them.

    message: why the check broke or was skipped. measured: its number and bound, whether or not it
    passed; None if the rule has no measure, or none on that date.
    """

    rule: Rule
    status: Status
    count: int = 0
    samples: Sequence[Mapping[str, object]] = field(default_factory=tuple)
    message: str = ""
    measured: Measured | None = None
