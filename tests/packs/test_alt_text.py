"""What a chart shows, in words, against sentences written by hand."""

import pytest

from reporting.packs.document.alt_text import _KINDS, alt_text
from reporting.packs.document.charts import FORMS


@pytest.mark.parametrize(
    ("form", "data", "words"),
    [
        (
            "stacked_bars",
            {"labels": ["M1"], "series": [("house", [10_000]), ("customer", [5])], "unit": "money"},
            "Bar chart. M1: house $1.00, customer $0.0005.",
        ),
        (
            "dumbbells",
            {"labels": ["A"], "first": ("charged", [0]), "second": ("recomputed", [20_000])},
            "Chart with two points per label. A: charged $0.00, recomputed $2.00.",
        ),
        (
            "loss_waterfall",
            {"labels": ["fund"], "used": [30_000], "loss": 40_000},
            "Waterfall chart from a loss of $4.00. fund: used $3.00.",
        ),
        (
            "shares",
            {"days": ["2025-04-07", "2025-04-08"], "series": [("used", [None, 5_000])]},
            "Line chart. used: 50.00% on 8 April 2025, 50.00% on 8 April 2025.",
        ),
        (
            "intervals",
            {"labels": ["all"], "lowest": [980_000], "values": [990_000], "highest": [999_000]},
            "Chart of values with intervals. all: lowest 98.0%, value 99.0%, highest 99.9%.",
        ),
        (
            "heat_map",
            {"rows": ["S1"], "columns": ["G1", "G2"], "amounts": {"S1": {"G1": 0, "G2": 50_000}}},
            "Heat map. S1: up to $5.00.",
        ),
        (
            "cumulative_shares",
            {"series": [("margin", [250_000, 1_000_000])]},
            "Cumulative curves. margin: the largest 25.0%, the 2 largest 100.0%.",
        ),
    ],
)
def test_the_words_follow_the_data(form, data, words) -> None:
    assert alt_text(form, data) == words


def test_every_form_of_chart_has_words() -> None:
    assert _KINDS.keys() == FORMS.keys()
