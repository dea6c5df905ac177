"""Lines: over business dates, over hours, and of cumulative shares."""

from reporting.packs import numbers
from reporting.packs.charts.style import (
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
    places = list(range(len(labels)))
    present = [value for _, values in series for value in values if value is not None]
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
    axes.set_ylim(0, max([*present, 1]) * 1.1)
    style.vertical_money(axes, max([*present, 1]), axis)
    style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


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
