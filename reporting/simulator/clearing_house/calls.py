"""Margin calls as the clearing house reports them."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Call:
    """A row of the margin_calls stream, in the order of its columns; amounts in centicents, times
    as UTC text."""

    call_id: str
    account_id: str
    cycle: str
    issued_time: str
    due_time: str
    amount: int
    met: int
    met_time: str
    state: str = "met"
    reason: str = "initial margin above collateral"
    dispute_stage: str = ""
    dispute_outcome: str = ""

    @property
    def row(self) -> tuple:
        """The row to send."""
        return astuple(self)
