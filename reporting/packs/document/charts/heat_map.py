"""A table of amounts as shades."""

from reporting.packs.document.charts.style import INK, Style, to_svg
from reporting.wording import dollars


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
            words = dollars.short(amount) + (f" ({count})" if counts else "")
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


def _shade(strength: float) -> tuple[float, float, float]:
    """A mix of a light tint and brick red by ``strength`` in 0..1."""
    light, dark = (0.965, 0.905, 0.855), (0.612, 0.2, 0.157)
    return tuple(one + (other - one) * strength for one, other in zip(light, dark, strict=True))
