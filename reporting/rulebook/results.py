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
class Measured:
    """The number that a rule holds against a bound on one date, and what it is of."""

    value: float
    bound: float
    subject: str


@dataclass(frozen=True)
class CheckResult:
    """Result of one rule on one date: how many rows it found, with a few of them.

    ``message`` says why a check broke or was skipped. ``measured``: its number and bound,
    whether or not it passed; None for a rule that has none, or none on that date.
    """

    rule: Rule
    status: Status
    count: int = 0
    samples: Sequence[Mapping[str, object]] = field(default_factory=tuple)
    message: str = ""
    measured: Measured | None = None
