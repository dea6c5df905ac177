"""How every chart looks, and how it becomes SVG with the same bytes each time.

Text stays text in the SVG, set in the bundled font by the PDF engine, so that it can be
searched and read aloud; identifiers are salted with a constant and no date is written.
"""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import matplotlib
from fontTools.ttLib import TTFont
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reporting.wording import dollars, numbers

INK = "#1c2733"
GREY = "#5d6975"
RULE = "#c9d0d6"
NAVY = "#1f3a5f"
STEEL = "#7d9bbd"
PALE = "#d5dfe9"
AMBER = "#b9812b"
BRICK = "#9c3328"
SERIES = (NAVY, STEEL, AMBER, GREY, BRICK, PALE)
WIDTH_MM = 170
MM = 1 / 25.4
POINTS_PER_INCH = 72
BODY_POINTS = 7.6

_SETTINGS = {
    "svg.hashsalt": "disclosure-pack",
    "svg.fonttype": "none",
    "path.simplify": False,
    "text.parse_math": False,
}


class Style:
    """The font of the charts and the parts that every chart has.

    ``font_file`` is the bundled font as TrueType, for measuring text; ``shown`` makes any
    text safe to draw: a character that the font lacks is spelled out, not dropped.
    """

    def __init__(self, font_file: Path, shown: Callable[[str], str]) -> None:
        matplotlib.rcParams.update(_SETTINGS)
        self._font_file, self.shown = str(font_file), shown
        with TTFont(font_file) as font:
            widths, em = font["hmtx"], font["head"].unitsPerEm
            self._advances = {
                code: widths[name][0] * 1000 // em for code, name in font.getBestCmap().items()
            }

    def font(self, points: float = BODY_POINTS) -> FontProperties:
        return FontProperties(family="Source Sans 3", fname=self._font_file, size=points)

    def label(self, text: str, most: int = 30) -> str:
        """``text`` for an axis: characters the font has, at most ``most`` of them."""
        text = self.shown(text)
        return text if len(text) <= most else text[: most - 1] + "…"

    def figure(
        self,
        height_mm: float,
        labels: list[str] | None = None,
        top_mm: float = 6.5,
        bottom_mm: float = 11,
    ) -> tuple[Figure, Axes]:
        """A chart as wide as the text; room on the left for ``labels`` or for an axis.

        Margins are computed from the font's widths: to let the library find them by
        drawing each chart three times would double the time of a pack.
        """
        figure = Figure(figsize=(WIDTH_MM * MM, height_mm * MM), dpi=POINTS_PER_INCH)
        figure.patch.set_visible(False)
        FigureCanvasSVG(figure)
        left_mm = 15.0
        if labels is not None:
            left_mm = 2 + max(map(self._width_mm, labels), default=0.0)
        figure.subplots_adjust(
            left=left_mm / WIDTH_MM,
            right=1 - 3 / WIDTH_MM,
            top=1 - top_mm / height_mm,
            bottom=bottom_mm / height_mm,
        )
        axes = figure.add_subplot(facecolor="none")
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(RULE)
        axes.tick_params(length=0, colors=GREY, labelcolor=INK)
        return figure, axes

    def _width_mm(self, text: str) -> float:
        """Width of a tick label as printed."""
        thousandths = sum(self._advances.get(ord(character), 600) for character in text)
        return thousandths / 1000 * BODY_POINTS / POINTS_PER_INCH / MM

    def finish_ticks(self, axes: Axes) -> None:
        for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            text.set_fontproperties(self.font())

    def legend(self, axes: Axes, columns: int = 4) -> None:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            ncols=columns,
            frameon=False,
            prop=self.font(),
            handlelength=1.0,
            handleheight=0.8,
            columnspacing=1.4,
            borderaxespad=0.1,
            labelcolor=INK,
        )

    def horizontal_money(self, axes: Axes, largest: int, name: str) -> None:
        """A money axis below, in dollars, thousands, millions or billions."""
        divisor, unit = money_unit(largest)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(_Scaled(divisor)))
        axes.set_xlabel(
            self.label(f"{name}, {unit}", 80), fontproperties=self.font(), color=GREY, loc="right"
        )
        axes.grid(axis="x", color=RULE, linewidth=0.4)
        axes.set_axisbelow(True)

    def vertical_money(self, axes: Axes, largest: int, name: str) -> None:
        divisor, unit = money_unit(largest)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(_Scaled(divisor)))
        axes.set_ylabel(self.label(f"{name}, {unit}", 80), fontproperties=self.font(), color=GREY)
        axes.grid(axis="y", color=RULE, linewidth=0.4)
        axes.set_axisbelow(True)


class _Scaled:
    """Tick labels: the value over a divisor, without trailing zeros."""

    def __init__(self, divisor: int) -> None:
        self._divisor = divisor

    def __call__(self, value: float, position: int) -> str:
        text = f"{value / self._divisor:,.2f}".rstrip("0").rstrip(".")
        return text.replace("-", numbers.MINUS)


def money_unit(largest: int) -> tuple[int, str]:
    """Centicents per printed unit, and the unit's name, for amounts up to ``largest``."""
    for exponent, name in ((9, "US$ billion"), (6, "US$ million"), (3, "US$ thousand")):
        if largest >= 10**exponent * dollars.CENTICENTS_PER_DOLLAR:
            return 10**exponent * dollars.CENTICENTS_PER_DOLLAR, name
    return dollars.CENTICENTS_PER_DOLLAR, "US$"


class _PlacedText(RendererSVG):
    """Writes every text at the left end that was measured for it, never by an anchor.

    The PDF engine clips the first letter of text that is anchored in its middle or end.
    """

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None) -> None:
        super().draw_text(gc, x, y, s, prop, angle, ismath, None)


def to_svg(figure: Figure) -> str:
    """The figure as SVG text, without date or creator."""
    target = StringIO()
    width, height = figure.get_size_inches() * POINTS_PER_INCH
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    renderer = _PlacedText(width, height, target, image_dpi=POINTS_PER_INCH, metadata=nothing)
    figure.draw(renderer)
    renderer.finalize()
    return target.getvalue()
