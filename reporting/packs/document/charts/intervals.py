"""Charts with one row per label around a line: shares with their interval, and changes."""

from matplotlib.ticker import FuncFormatter, MaxNLocator

from reporting.packs.document.charts.style import (
    BRICK,
    GREY,
    NAVY,
    RULE,
    STEEL,
    Style,
    to_svg,
)
from reporting.wording import dollars, numbers

_ROW_MM = 4.8


def intervals(
    style: Style,
    labels: list[str],
    lowest: list[int],
    values: list[int],
    highest: list[int],
    limit: tuple[str, int],
    axis: str,
) -> str:
    """A share per label with its interval, in millionths; ``limit`` is what is promised.

    A label whose whole interval is below the limit is drawn in red.
    """
    labels = [style.label(label, 44) for label in labels]
    figure, axes = style.figure(18 + _ROW_MM * len(labels), labels)
    places = list(range(len(labels)))[::-1]
    for place, low, value, high in zip(places, lowest, values, highest, strict=True):
        colour = BRICK if high < limit[1] else NAVY
        axes.plot([low, high], [place, place], color=STEEL, linewidth=2.2)
        axes.plot([value], [place], "o", color=colour, markersize=4.6)
    axes.axvline(limit[1], color=BRICK, linewidth=1.1, label=style.label(limit[0], 60))
    axes.plot([], [], "o", color=NAVY, markersize=4.6, label="achieved")
    axes.plot([], [], color=STEEL, linewidth=2.2, label="interval")
    least, room = min([*lowest, limit[1]]), 1_000_000 - min([*lowest, limit[1]])
    axes.set_xlim(least - room * 0.05 - 1, 1_000_000 + room * 0.03 + 1)
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(labels) - 0.3)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_percent_ticks))
    axes.set_xlabel(style.label(axis, 80), fontproperties=style.font(), color=GREY, loc="right")
    axes.grid(axis="x", color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


def changes(style: Style, labels: list[str], values: list[int], axis: str) -> str:
    """Changes of money from a line of nothing: rises to the right, falls to the left."""
    labels = [style.label(label, 44) for label in labels]
    figure, axes = style.figure(16 + _ROW_MM * len(labels), labels, top_mm=2)
    places = list(range(len(labels)))[::-1]
    colours = [NAVY if value >= 0 else STEEL for value in values]
    axes.barh(places, values, height=0.66, color=colours)
    axes.axvline(0, color=GREY, linewidth=0.8)
    largest = max([*map(abs, values), 1])
    for place, value in zip(places, values, strict=True):
        rise = value >= 0
        axes.annotate(
            style.label(numbers.signed(dollars.short(value))),
            (value, place),
            xytext=(3 if rise else -3, 0),
            textcoords="offset points",
            ha="left" if rise else "right",
            va="center",
            fontproperties=style.font(7),
            color=GREY,
        )
    least, most = min([0, *values]), max([0, *values])
    axes.set_xlim(least - largest * 0.16, most + largest * 0.16)
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(labels) - 0.3)
    style.horizontal_money(axes, largest, axis)
    style.finish_ticks(axes)
    return to_svg(figure)


def _percent_ticks(value: float, position: int) -> str:
    return f"{value / 10_000:,.3f}".rstrip("0").rstrip(".") + "%"
