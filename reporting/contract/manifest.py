"""The manifest ``<file>.manifest.json`` that makes a file in the drop folder count.

Senders write it last. Its ``file`` must be the manifest's own name without the
suffix; nothing in it is ever used as a path.
"""

from dataclasses import asdict, dataclass, field

SUFFIX = ".manifest.json"
VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """What a sender promises about one file.

    ``sequence`` counts up by one per file within (sender, stream), across days.
    ``control_totals`` maps a column to the sum of its values as decimal text, for
    example ``{"count": "1284"}``; a total that does not hold is a finding.
    ``history`` marks a file of trades from before its business date (a first
    load), so that old trades are not reported as late.
    ``synthetic`` marks data that no real venue sent.
    ``cycle`` is the settlement cycle for which a file was sent during its business date;
    empty, and then left out, for the end of the day.
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
        said = asdict(self)
        if not self.cycle:
            del said["cycle"]
        return said
