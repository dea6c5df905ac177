"""An alert of surveillance, at a cycle or at the end of the day: an amount above its threshold.

Belongs here: the content and the columns of every alert. The conditions are in ``surveillance``
and ``exposures``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PriceSource = Sequence[str | int | None]
"""File and line of the venue's price of a market."""
_NO_SOURCE: PriceSource = ("", None)


ALERT_COLUMNS = """
    kind subject account_id words amount_centicents threshold_centicents file_sha256 line
"""
"""The columns of an alert, in order."""


@dataclass(frozen=True)
class Alert:
    """account_id: empty if the alert concerns many accounts; ticker: the
    market concerned, None if there are many or none."""

    kind: str
    subject: str
    account_id: str
    words: str
    amount_centicents: int
    threshold_centicents: int
    ticker: str | None = None

    @property
    def order(self) -> tuple[str, str]:
        """Kind and subject, the order of alerts."""
        return self.kind, self.subject

    def record(self, sources: Mapping[str, PriceSource]) -> dict:
        """The columns of the alert; ``sources``: of the venue's prices, by ticker."""
        file_sha256, line = sources.get(self.ticker, _NO_SOURCE)
        return {**vars(self), "file_sha256": file_sha256, "line": line}
