"""Every stream that may arrive, with its grain and columns.

A column's ``kind`` says which text is accepted (``PATTERNS``) before anything is
cast, so that no value is rounded or guessed on the way in. Money is in
centicents (1e-4 USD), signed from the member's side; quantities are contracts
with at most two decimals; prices are US dollars with at most four decimals
(six are accepted on the wire, a finer price than 1e-4 becomes a finding).

To add a stream: a ``Stream`` in the feed of its sender, ``sql/validate/<stream>.sql`` for
the casts, and rules in ``data_checks/`` (see docs/how-to.md).
"""

from reporting.contract.streams.clearing_feed import CLEARING_FEED
from reporting.contract.streams.market_feed import MARKET_FEED
from reporting.contract.streams.vocabulary import CYCLES, END_OF_DAY, PATTERNS, Column, Stream

__all__ = ["CYCLES", "END_OF_DAY", "PATTERNS", "STREAMS", "Column", "Stream"]

STREAMS: dict[str, Stream] = {stream.name: stream for stream in MARKET_FEED + CLEARING_FEED}
"""All streams by name."""
