"""Every stream that may arrive, with its grain and columns.

A column's ``kind`` says which text is accepted (``PATTERNS``), before any cast, so that nothing
is rounded or guessed when a file lands. Money is in centicents (1e-4 USD), signed from the
member's side. Quantities are contracts with at most two decimals. Prices are US dollars with at
most four decimals; the wire accepts six, and a price finer than 1e-4 is a finding.

To add a stream, declare a ``Stream`` in the feed of its sender (docs/how-to.md).
"""

from reporting.contract.streams.clearing_feed import CLEARING_FEED
from reporting.contract.streams.market_feed import MARKET_FEED
from reporting.contract.streams.vocabulary import CYCLES, END_OF_DAY, PATTERNS, Column, Stream

__all__ = ["CYCLES", "END_OF_DAY", "PATTERNS", "STREAMS", "Column", "Stream"]

STREAMS: dict[str, Stream] = {stream.name: stream for stream in MARKET_FEED + CLEARING_FEED}
"""All streams by name."""
