"""The manifest ``<file>.manifest.json``; a file in the drop folder counts only with one.

Senders write the manifest last. Its field ``file`` must equal its own name without the suffix.
No field is ever used as a path.
"""

from dataclasses import asdict, dataclass, field

SUFFIX = ".manifest.json"
VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """A sender's statement about one file.

    ``sequence`` increases by one with each file of the same sender and stream, across days.
    ``control_totals`` maps a column to the sum of its values as decimal text, for example
    ``{"count": "1284"}``. A total that does not match is a finding.
    ``history`` marks a first load of trades from before the business date, so that they are not
    reported as late.
    ``synthetic`` marks simulated data.
    ``cycle`` is the intraday settlement cycle that the file was sent for. It is empty, and
    absent from the JSON, for the end of the day.
    """

    file: str
    stream: str
    sender: str
    business_date: str
    sequence: int
    sha256: str
    bytes: int
    rows: int
    as_of: str
    control_totals: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False
    history: bool = False
    cycle: str = ""
    manifest_version: int = VERSION

    def to_json(self) -> dict:
        """The content of the manifest file."""
        content = asdict(self)
        if not self.cycle:
            del content["cycle"]
        return content
