"""Lines: amounts and shares over business dates, amounts over hours, cumulative shares."""

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reporting.packs.document.charts.style import (
    AMBER,
    BRICK,
    GREY,
    NAVY,
    RULE,
    SERIES,
    STEEL,
    Style,
    to_svg,
)
from reporting.wording import numbers


def lines(
    style: Style, days: list[str], series: list[tuple[str, list[int | None]]], axis: str
) -> str:
    """Amounts over business dates; a missing value leaves a hole."""
    marker = "o" if len(days) <= 40 else None
    return _over(style, [_short_day(day) for day in days], series, axis, "default", marker)


def steps(style: Style, labels: list[str], series: list[tuple[str, list[int]]], axis: str) -> str:
    """Amounts that change at the labelled moments and stay in between."""
    return _over(style, labels, series, axis, "steps-post", None)


def _over(
    style: Style,
    labels: list[str],
    series: list[tuple[str, list[int | None]]],
    axis: str,
    drawn: str,
    marker: str | None,
) -> str:
    figure, axes = style.figure(54, bottom_mm=6)
    largest = _draw(style, axes, labels, series, drawn, marker)
    style.vertical_money(axes, largest, axis)
    style.finish_ticks(axes)
    return to_svg(figure)


def shares(
    style: Style,
    days: list[str],
    series: list[tuple[str, list[int | None]]],
    axis: str,
    limit: tuple[str, int] | None = None,
) -> str:
    """Shares in basis points over business dates; ``limit`` is a line across."""
    figure, axes = style.figure(54, bottom_mm=6)
    if limit:
        name, level = limit
        axes.axhline(level, color=GREY, linewidth=0.9, linestyle="--", label=style.label(name, 60))
    labels = [_short_day(day) for day in days]
    marker = "o" if len(days) <= 40 else None
    largest = _draw(style, axes, labels, series, "default", marker)
    axes.set_ylim(0, max(largest, limit[1] if limit else 0) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(_percent_ticks)
    axes.set_ylabel(style.label(axis, 80), fontproperties=style.font(), color=GREY)
    axes.grid(axis="y", color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    style.finish_ticks(axes)
    return to_svg(figure)


def _draw(
    style: Style,
    axes: Axes,
    labels: list[str],
    series: list[tuple[str, list[int | None]]],
    drawn: str,
    marker: str | None,
) -> int:
    """The series with their legend over labelled places; the largest value, at least 1."""
    places = list(range(len(labels)))
    largest = max([value for _, values in series for value in values if value is not None] + [1])
    for (name, values), colour in zip(series, (NAVY, AMBER, BRICK, STEEL), strict=False):
        heights = [float("nan") if value is None else value for value in values]
        axes.plot(
            places,
            heights,
            color=colour,
            linewidth=1.4,
            drawstyle=drawn,
            marker=marker,
            markersize=2.6,
            label=style.label(name, 60),
        )
    step = max(1, -(-len(labels) // 8))
    ticks = places[::-1][::step][::-1]
    axes.set_xticks(ticks, [labels[place] for place in ticks])
    axes.set_xlim(-0.4, len(labels) - 0.6)
    axes.set_ylim(0, largest * 1.1)
    style.legend(axes)
    return largest


def cumulative_shares(style: Style, series: list[tuple[str, list[int]]]) -> str:
    """Share of the total held by the n largest holders, one curve per measure.

    Values are cumulative shares in parts per million, the largest holder first.
    """
    figure, axes = style.figure(58)
    for (name, values), colour in zip(series, SERIES, strict=False):
        ranks = list(range(0, len(values) + 1))
        axes.plot(
            ranks,
            [0, *(value / 10_000 for value in values)],
            color=colour,
            linewidth=1.5,
            label=style.label(name, 40),
        )
    axes.set_ylim(0, 104)
    axes.set_xlim(left=0)
    axes.set_xlabel("number of largest holders", fontproperties=style.font(), color=GREY)
    axes.set_ylabel("share of the total, %", fontproperties=style.font(), color=GREY)
    axes.grid(axis="y", color=RULE, linewidth=0.4)
    style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


def _short_day(iso: str) -> str:
    return f"{int(iso[8:10])} {numbers.MONTHS[int(iso[5:7]) - 1][:3]}"


def _percent_ticks(value: float, position: int) -> str:
    return f"{value / 100:,.2f}".rstrip("0").rstrip(".") + "%"
