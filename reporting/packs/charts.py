"""The chart forms of the packs: numbers in, SVG out. No pack's words live here.

Amounts are integers in the unit that the form's ``unit`` names (``money`` = centicents,
``qty`` = 1e-2 contracts, ``count``); only the drawing itself uses floating point.
"""

from reporting.packs import numbers
from reporting.packs.chart_style import (
    AMBER,
    BRICK,
    GREY,
    INK,
    NAVY,
    PALE,
    RULE,
    SERIES,
    STEEL,
    Style,
    short_money,
    to_svg,
)


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


def heat_map(
    style: Style,
    rows: list[str],
    columns: list[str],
    amounts: dict[str, dict[str, int]],
    counts: dict[str, dict[str, int]] | None = None,
) -> str:
    """Amounts by row and column as shades; each filled cell says its amount and count."""
    names = [style.label(row) for row in rows]
    figure, axes = style.figure(8 + 7.6 * len(rows), names, top_mm=6, bottom_mm=1)
    largest = max((value for line in amounts.values() for value in line.values()), default=1) or 1
    for row_number, row in enumerate(rows):
        place = len(rows) - 1 - row_number
        for column_number, column in enumerate(columns):
            amount = amounts.get(row, {}).get(column, 0)
            count = counts.get(row, {}).get(column, 0) if counts else int(amount > 0)
            strength = (amount / largest) ** 0.6 if amount > 0 else 0.0
            axes.barh(
                place,
                0.96,
                left=column_number + 0.02,
                height=0.9,
                color=_shade(strength) if count else "#f4f6f8",
            )
            if not count:
                continue
            words = short_money(amount) + (f" ({count})" if counts else "")
            axes.text(
                column_number + 0.5,
                place,
                style.label(words),
                ha="center",
                va="center",
                fontproperties=style.font(6.8),
                color="white" if strength > 0.5 else INK,
            )
    axes.set_xlim(0, len(columns))
    axes.set_ylim(-0.55, len(rows) - 0.45)
    axes.set_yticks(range(len(rows) - 1, -1, -1), names)
    axes.set_xticks(
        [number + 0.5 for number in range(len(columns))],
        [style.label(column, 12) for column in columns],
    )
    axes.xaxis.tick_top()
    axes.spines["bottom"].set_visible(False)
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


def lines(
    style: Style, days: list[str], series: list[tuple[str, list[int | None]]], axis: str
) -> str:
    """Amounts over business dates; a missing value leaves a hole."""
    figure, axes = style.figure(54, bottom_mm=6)
    places = list(range(len(days)))
    present = [value for _, values in series for value in values if value is not None]
    for (name, values), colour in zip(series, (NAVY, AMBER, BRICK, STEEL), strict=False):
        heights = [float("nan") if value is None else value for value in values]
        axes.plot(
            places,
            heights,
            color=colour,
            linewidth=1.4,
            marker="o" if len(days) <= 40 else None,
            markersize=2.6,
            label=style.label(name, 60),
        )
    step = max(1, -(-len(days) // 8))
    ticks = places[::-1][::step][::-1]
    axes.set_xticks(ticks, [_short_day(days[place]) for place in ticks])
    axes.set_xlim(-0.4, len(days) - 0.6)
    axes.set_ylim(0, max([*present, 1]) * 1.1)
    style.vertical_money(axes, max([*present, 1]), axis)
    style.legend(axes)
    style.finish_ticks(axes)
    return to_svg(figure)


def loss_waterfall(style: Style, labels: list[str], used: list[int], loss: int) -> str:
    """The loss on the left; each layer takes its part until nothing, or a rest, is left."""
    figure, axes = style.figure(68, top_mm=2)
    names = ["Loss", *labels, "Unallocated"]
    rest = loss - sum(used)
    axes.bar(0, loss, color=BRICK, width=0.62)
    level = loss
    for place, amount in enumerate(used, start=1):
        axes.bar(place, amount, bottom=level - amount, color=NAVY, width=0.62)
        axes.plot([place - 0.69, place + 0.31], [level, level], color=GREY, linewidth=0.6)
        level -= amount
    axes.plot([len(used) + 0.31, len(used) + 1.31], [level, level], color=GREY, linewidth=0.6)
    axes.bar(len(used) + 1, rest, color=BRICK, width=0.62)
    tops = [loss, *(_levels(loss, used)), rest]
    for place, (amount, top) in enumerate(zip([loss, *used, rest], tops, strict=True)):
        axes.annotate(
            style.label(short_money(amount)),
            (place, top),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontproperties=style.font(7),
            color=INK if amount else GREY,
        )
    axes.set_xticks(range(len(names)), [_wrapped(style.label(name, 44)) for name in names])
    axes.set_ylim(0, max(loss, 1) * 1.1)
    style.vertical_money(axes, max(loss, 1), "loss still to be borne")
    style.finish_ticks(axes)
    for text in axes.get_xticklabels():
        text.set_fontproperties(style.font(6.8))
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
        return short_money(value)
    return numbers.scaled(value, 2 if unit == "qty" else 0, 0)


def _short_day(iso: str) -> str:
    return f"{int(iso[8:10])} {numbers.MONTHS[int(iso[5:7]) - 1][:3]}"


def _levels(loss: int, used: list[int]) -> list[int]:
    """The height at which each layer starts to absorb."""
    levels, level = [], loss
    for amount in used:
        levels.append(level)
        level -= amount
    return levels


def _shade(strength: float) -> tuple[float, float, float]:
    """A mix of a light tint and brick red by ``strength`` in 0..1."""
    light, dark = (0.965, 0.905, 0.855), (0.612, 0.2, 0.157)
    return tuple(one + (other - one) * strength for one, other in zip(light, dark, strict=True))


def _wrapped(text: str) -> str:
    """A label over several short lines, broken at spaces."""
    lines_, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) > 12:
            lines_.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines_, line])


FORMS = {
    "stacked_bars": stacked_bars,
    "severity_bars": severity_bars,
    "coverage_bars": coverage_bars,
    "dumbbells": dumbbells,
    "heat_map": heat_map,
    "cumulative_shares": cumulative_shares,
    "lines": lines,
    "loss_waterfall": loss_waterfall,
    "layers": layers,
}
"""Chart forms by name, as ``parts.Figure.form`` gives them."""
