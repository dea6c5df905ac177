"""How a table that the model makes is declared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelTable:
    """Declaration of one table; ``columns`` leaves out ``business_date``.

    Empty ``reads``: the table reads all figures of ``sql/disclose/``.
    """

    name: str
    grain: str
    meaning: str
    owner: str
    reads: tuple[str, ...]
    columns: dict[str, str]


def typed(kind: str, *names: str) -> dict[str, str]:
    """Columns of one type, in order."""
    return {name: kind for name in names}


BOOK = (
    "recompute.positions",
    "recompute.marks",
    "recompute.settlements",
    "recompute.contracts",
    "recompute.trading_volume",
    "recompute.volatility_pools",
)
"""What every table reads that is made of the books of the day."""
