"""What the daily pack says of the date on which half of trading was on margin."""

import pytest

from reporting.packs.daily.trading import trading_section
from reporting.packs.document.tables import Table

pytestmark = pytest.mark.slow


def _half(tables: dict, **changes: object) -> str:
    """The words about trade sides, with other values in the tables."""
    section = trading_section(tables | changes)
    (found,) = [i for i in section.items if isinstance(i, Table) and i.title.startswith("Share of")]
    return found.rows[0][-1]


def _without_a_date(tables: dict) -> list[dict]:
    """Trends of which that of sides names no date on which half is passed."""
    return [
        {**row, "half_on": None, "projected": False} if row["series"] == "sides" else row
        for row in tables["metric_trends"]
    ]


def _today(tables: dict, share: int | None) -> list[dict]:
    """Metrics with another share of sides, or none."""
    return [
        row if row["metric"] != "margined_share_of_sides" else {**row, "value": share}
        for row in tables["metrics"]
        if row["metric"] != "margined_share_of_sides" or share is not None
    ]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        # Exactly one half has not passed it.
        (5_000, "not exceeded, nor within ten years on the trend"),
        (5_001, "above one half on all 32 dates"),
    ],
)
def test_a_share_above_one_half_of_which_no_date_is_known(tables, share, words) -> None:
    trends = _without_a_date(tables)
    assert _half(tables, metric_trends=trends, metrics=_today(tables, share)) == words


def test_on_a_date_without_trading_the_last_date_with_trading_counts(tables) -> None:
    history = [dict(row) for row in tables["daily_figures"]]
    name = "margined_share_of_sides_bps"
    history[-2][name], history[-1][name] = 6_000, None
    trends, metrics = _without_a_date(tables), _today(tables, None)
    words = _half(tables, metric_trends=trends, metrics=metrics, daily_figures=history)
    assert words == "above one half on all 32 dates"
    history[-2][name] = 4_000
    words = _half(tables, metric_trends=trends, metrics=metrics, daily_figures=history)
    assert words.startswith("not exceeded")
