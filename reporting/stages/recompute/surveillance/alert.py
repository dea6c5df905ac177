"""An alert of surveillance, at a cycle or at the end of the day: an amount above its threshold.

Belongs here: the content and the columns of every alert. The conditions are in ``surveillance``
and ``exposures``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.engine.day import Day

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


def alert_records(
    day: Day, alerts: Iterable[Alert], price_sources: str, **at: object
) -> list[dict]:
    """Rows of alerts by kind and subject, each with file and line of the venue's price.

    price_sources: the SELECT of these prices, which takes the columns ``at`` that every row gets.
    """
    sources = {ticker: source for ticker, *source in day.read(price_sources, **at).fetchall()}
    records = []
    for alert in sorted(alerts, key=lambda alert: (alert.kind, alert.subject)):
        file_sha256, line = sources.get(alert.ticker, ("", None))
        records.append({**at, **vars(alert), "file_sha256": file_sha256, "line": line})
    return records
