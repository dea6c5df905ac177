"""Draw the rooms of the house and who imports whom: ``make rooms`` writes docs/rooms.svg.

Boxes stand in the layers of pyproject.toml, top imports below; the stages stand side by side in
flow order. A box shows its modules, a line the number of imports.
"""

import sys
import tomllib
from collections import Counter
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "rooms.svg"
STAGES = ("land", "validate", "recompute", "stress", "disclose")
WIDTH, ROW, BOX_HEIGHT, GAP = 1180, 104, 46, 18


def layers() -> list[list[str]]:
    """Rooms by layer, top first, as the import contract has them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = config["tool"]["importlinter"]["contracts"][0]["layers"]
    rows = [[room.strip() for room in layer.split("|")] for layer in contract]
    return [
        [f"reporting.stages.{stage}" for stage in STAGES] if row == ["reporting.stages"] else row
        for row in rows
    ]


def picture() -> str:
    """The picture as SVG text."""
    rows = layers()
    rooms = [room for row in rows for room in row]
    graph = grimp.build_graph("reporting", cache_dir=None)
    room_of = {
        module: room
        for module in sorted(graph.modules)
        for room in rooms
        if module == room or module.startswith(f"{room}.")
    }
    sizes = Counter(room_of.values())
    imports: Counter[tuple[str, str]] = Counter()
    for module, room in room_of.items():
        for imported in graph.find_modules_directly_imported_by(module):
            other = room_of.get(imported)
            if other and other != room:
                imports[room, other] += 1
    boxes = _boxes(rows)
    lines = [_line(boxes, *pair, count) for pair, count in sorted(imports.items())]
    drawn = [_box(boxes[room], room, sizes[room]) for room in rooms]
    height = ROW * len(rows) + GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            ' font-family="sans-serif" font-size="13">',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *lines,
            *drawn,
            "</svg>\n",
        ]
    )


def _boxes(rows: list[list[str]]) -> dict[str, tuple[float, float, float]]:
    """Left, top and width of each room's box."""
    boxes = {}
    for number, row in enumerate(rows):
        width = min(190.0, (WIDTH - GAP) / len(row) - GAP)
        left = (WIDTH - len(row) * (width + GAP) + GAP) / 2
        for place, room in enumerate(row):
            boxes[room] = (left + place * (width + GAP), GAP + number * ROW, width)
    return boxes


def _box(box: tuple[float, float, float], room: str, modules: int) -> str:
    left, top, width = box
    name = escape(room.removeprefix("reporting."))
    words = f"{modules} modules" if modules != 1 else "1 module"
    middle = left + width / 2
    return (
        f'<rect x="{left:.0f}" y="{top}" width="{width:.0f}" height="{BOX_HEIGHT}" rx="4"'
        ' fill="#f3f6fa" stroke="#33516e"/>'
        f'<text x="{middle:.0f}" y="{top + 20}" text-anchor="middle">{name}</text>'
        f'<text x="{middle:.0f}" y="{top + 37}" text-anchor="middle" fill="#667788"'
        f' font-size="11">{words}</text>'
    )


def _line(
    boxes: dict[str, tuple[float, float, float]], importer: str, imported: str, count: int
) -> str:
    """A curve from the importer to what it imports; thicker with more imports."""
    (left, top, width), (to_left, to_top, to_width) = boxes[importer], boxes[imported]
    x, to_x = left + width / 2, to_left + to_width / 2
    if top == to_top:
        y = top + BOX_HEIGHT
        path = f"M{x:.0f},{y} Q{(x + to_x) / 2:.0f},{y + 40} {to_x:.0f},{y}"
    else:
        y, middle = top + BOX_HEIGHT, (top + BOX_HEIGHT + to_top) / 2
        path = f"M{x:.0f},{y} C{x:.0f},{middle:.0f} {to_x:.0f},{middle:.0f} {to_x:.0f},{to_top}"
    upward = to_top < top
    colour = "#c0392b" if upward else "#8aa4bd"
    thickness = min(5.0, 0.6 + count / 12)
    title = escape(f"{importer} imports {imported}: {count}")
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thickness:.1f}"'
        f' stroke-opacity="0.7"><title>{title}</title></path>'
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"wrote {PICTURE.relative_to(ROOT)}\n")
