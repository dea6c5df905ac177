"""An alert of surveillance, at a cycle or at the end of the day: an amount above its threshold.

Belongs here: what every alert says, and its columns. What is one is in ``surveillance`` and
``exposures``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Where = Sequence[str | int | None]
"""File and line of the venue's price of a market."""
_NOWHERE: Where = ("", None)


ALERT_COLUMNS = (
    "kind",
    "subject",
    "account_id",
    "words",
    "amount_centicents",
    "threshold_centicents",
    "file_sha256",
    "line",
)
"""The columns of an alert, in order."""


@dataclass(frozen=True)
class Alert:
    """Amounts in centicents. account_id: empty where it is about many; ticker: the market that it
    is about, None where it is about many or there is none."""

    kind: str
    subject: str
    account_id: str
    words: str
    amount: int
    threshold: int
    ticker: str | None = None

    @property
    def order(self) -> tuple[str, str]:
        """Kind and subject, the order of alerts."""
        return self.kind, self.subject

    def record(self, prices: Mapping[str, Where]) -> dict:
        """Its columns, with the place of the venue's price by ticker."""
        file_sha256, line = prices.get(self.ticker, _NOWHERE)
        return {
            "kind": self.kind,
            "subject": self.subject,
            "account_id": self.account_id,
            "words": self.words,
            "amount_centicents": self.amount,
            "threshold_centicents": self.threshold,
            "file_sha256": file_sha256,
            "line": line,
        }
