"""The market side of a close: marks and settlements, as the clearing house receives them."""

from dataclasses import dataclass

import numpy as np

from reporting.simulator import clock, text


@dataclass(frozen=True)
class Settlement:
    """A market that settles today: value of one YES in centicents.

    ``revision`` above 0 amends yesterday's settlement at ``replaced_value``.
    """

    market: int
    result: str
    value: int
    settled_micros: int
    revision: int = 0
    replaced_value: int = 0


def settlement_row(settlement: Settlement, tickers: list[str]) -> tuple:
    """A row of the settlement_periods stream."""
    return (
        tickers[settlement.market],
        settlement.result,
        text.dollars(settlement.value),
        clock.utc_text(settlement.settled_micros),
        settlement.revision,
    )


@dataclass(frozen=True)
class DayClose:
    """The market side of one close.

    ``marks`` and ``previous``: centicents per market, -1 where it never traded;
    ``traded``: whether it traded today; ``open_markets``: listed and not settled.
    """

    marks: np.ndarray
    previous: np.ndarray
    traded: np.ndarray
    open_markets: np.ndarray
    settlements: list[Settlement]

    @property
    def values(self) -> np.ndarray:
        """What one YES of each market is worth: its mark, or what it settled at today."""
        values = self.marks.copy()
        for settlement in self.settlements:
            if settlement.revision == 0:
                values[settlement.market] = settlement.value
        return values
