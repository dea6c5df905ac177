"""Charts with one horizontal row per label: bars, stacked or in parts, and dumbbells."""

from reporting.packs.document.charts.style import (
    AMBER,
    BRICK,
    GREY,
    NAVY,
    PALE,
    RULE,
    SERIES,
    STEEL,
    Style,
    to_svg,
)
from reporting.wording import dollars, numbers


def stacked_bars(
    style: Style,
    labels: list[str],
    series: list[tuple[str, list[int]]],
    unit: str,
    axis: str,
    line: tuple[str, int] | None = None,
    colours: tuple[str, ...] = SERIES,
) -> str:
    """Horizontal bars, one per label, the series stacked; ``line`` marks a limit across."""
    labels = [style.label(label) for label in labels]
    legend = len(series) > 1 or line is not None
    figure, axes = style.figure(18 + 4.8 * len(labels), labels, top_mm=6.5 if legend else 2)
    places = list(range(len(labels)))[::-1]
    ends = [0] * len(labels)
    for (name, values), colour in zip(series, colours, strict=False):
        axes.barh(places, values, left=ends, height=0.66, color=colour, label=style.label(name, 60))
        ends = [end + value for end, value in zip(ends, values, strict=True)]
    largest = max([*ends, line[1] if line else 0, 1])
    for place, end in zip(places, ends, strict=True):
        axes.annotate(
            style.label(_shown(end, unit)),
            (end, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontproperties=style.font(7),
            color=GREY,
        )
    if line:
        axes.axvline(line[1], color=BRICK, linewidth=1.1, label=style.label(line[0], 60))
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(labels) - 0.3)
    axes.set_xlim(0, largest * 1.12)
    _value_axis(style, axes, largest, unit, axis)
    if legend:
        style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


def severity_bars(style: Style, labels: list[str], series: list[tuple[str, list[int]]]) -> str:
    """Stacked counts of findings in the colours of their severities, the gravest first."""
    return stacked_bars(style, labels, series, "count", "findings", colours=(BRICK, AMBER, PALE))


def coverage_bars(style: Style, labels: list[str], series: list[tuple[str, list[int]]]) -> str:
    """Stacked money, what is covered in cool colours and what is not in red, last."""
    return stacked_bars(style, labels, series, "money", "amount", colours=(NAVY, STEEL, BRICK))


def dumbbells(
    style: Style,
    labels: list[str],
    first: tuple[str, list[int]],
    second: tuple[str, list[int]],
    axis: str,
) -> str:
    """Two amounts per label joined by a line: how far one lies from the other."""
    labels = [style.label(label) for label in labels]
    figure, axes = style.figure(18 + 4.8 * len(labels), labels)
    places = list(range(len(labels)))[::-1]
    largest = max(*first[1], *second[1], 1)
    for place, one, other in zip(places, first[1], second[1], strict=True):
        short = other < one
        axes.plot([one, other], [place, place], color=BRICK if short else STEEL, linewidth=1.8)
    axes.plot(first[1], places, "o", color=NAVY, markersize=5, label=style.label(first[0], 60))
    axes.plot(
        second[1],
        places,
        "o",
        markersize=5,
        markerfacecolor="white",
        markeredgecolor=AMBER,
        markeredgewidth=1.5,
        label=style.label(second[0], 60),
    )
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(labels) - 0.3)
    axes.set_xlim(-largest * 0.02, largest * 1.06)
    style.horizontal_money(axes, largest, axis)
    style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


def layers(style: Style, labels: list[str], used: list[int], remaining: list[int]) -> str:
    """Each layer of the waterfall in order: the part used and the part that remains."""
    labels = [style.label(label, 44) for label in labels]
    figure, axes = style.figure(18 + 4.8 * len(labels), labels)
    places = list(range(len(labels)))[::-1]
    axes.barh(places, used, height=0.62, color=NAVY, label="used")
    axes.barh(places, remaining, left=used, height=0.62, color=PALE, label="remaining")
    largest = max([*(one + other for one, other in zip(used, remaining, strict=True)), 1])
    for place, taken, left in zip(places, used, remaining, strict=True):
        size = taken + left
        share = numbers.percent(taken, size, 0) + " used" if size else "empty"
        axes.annotate(
            style.label(share),
            (size, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontproperties=style.font(7),
            color=GREY,
        )
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(labels) - 0.3)
    axes.set_xlim(0, largest * 1.14)
    style.horizontal_money(axes, largest, "size of the layer")
    style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


def _value_axis(style: Style, axes, largest: int, unit: str, name: str) -> None:
    if unit == "money":
        style.horizontal_money(axes, largest, name)
        return
    axes.xaxis.set_major_formatter(_contract_ticks if unit == "qty" else _count_ticks)
    axes.set_xlabel(style.label(name, 80), fontproperties=style.font(), color=GREY, loc="right")
    axes.grid(axis="x", color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    if unit == "count":
        axes.xaxis.get_major_locator().set_params(integer=True)


def _contract_ticks(value: float, position: int) -> str:
    return f"{value / 100:,.0f}"


def _count_ticks(value: float, position: int) -> str:
    return f"{value:,.0f}"


def _shown(value: int, unit: str) -> str:
    if unit == "money":
        return dollars.short(value)
    return numbers.scaled(value, 2 if unit == "qty" else 0, 0)
