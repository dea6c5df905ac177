"""What the senders promise: streams, their columns, and the manifest of a file.

Only definitions live here; reading files is ``reporting.feeds``.
"""

from reporting.contract.streams import CYCLES, END_OF_DAY, PATTERNS, STREAMS, Column, Stream

__all__ = ["CYCLES", "END_OF_DAY", "PATTERNS", "STREAMS", "Column", "Stream"]
