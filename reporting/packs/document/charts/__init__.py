"""The chart forms of the packs: numbers in, SVG out. No pack's words live here.

Amounts are integers in the unit that the form's ``unit`` names (``money`` = centicents,
``qty`` = 1e-2 contracts, ``count``), shares in basis points or millionths; only the drawing
itself uses floating point. One file per kind of form; how every chart looks is in ``style``.
"""

from reporting.packs.document.charts.bars import (
    coverage_bars,
    dumbbells,
    layers,
    severity_bars,
    stacked_bars,
)
from reporting.packs.document.charts.curves import cumulative_shares, lines, shares, steps
from reporting.packs.document.charts.heat_map import heat_map
from reporting.packs.document.charts.intervals import changes, intervals
from reporting.packs.document.charts.loss_waterfall import loss_waterfall

FORMS = {
    "stacked_bars": stacked_bars,
    "severity_bars": severity_bars,
    "coverage_bars": coverage_bars,
    "dumbbells": dumbbells,
    "heat_map": heat_map,
    "cumulative_shares": cumulative_shares,
    "lines": lines,
    "steps": steps,
    "shares": shares,
    "intervals": intervals,
    "changes": changes,
    "loss_waterfall": loss_waterfall,
    "layers": layers,
}
"""Chart forms by name, as ``parts.Figure.form`` gives them."""
