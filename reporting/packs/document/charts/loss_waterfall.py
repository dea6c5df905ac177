"""How the layers of the default waterfall take a loss, step by step."""

from reporting.packs.document.charts.style import BRICK, GREY, INK, NAVY, Style, to_svg
from reporting.wording import dollars


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
            style.label(dollars.short(amount)),
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


def _levels(loss: int, used: list[int]) -> list[int]:
    """The height at which each layer starts to absorb."""
    levels, level = [], loss
    for amount in used:
        levels.append(level)
        level -= amount
    return levels


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
