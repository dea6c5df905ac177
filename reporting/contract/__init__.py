"""The feed contract: streams, their columns and keys, and the manifest of a file.

Only definitions and what follows from them belong here. ``reporting.feeds`` reads the files.
"""

from reporting.contract.streams import CYCLES, END_OF_DAY, PATTERNS, STREAMS, Column, Stream

__all__ = ["CYCLES", "END_OF_DAY", "PATTERNS", "STREAMS", "Column", "Stream"]
