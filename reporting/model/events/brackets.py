"""Ranges on one variable: their order, whether they cover the line, the states they cut.

Whole-number strikes are read on the line of whole numbers, as this venue writes them:
"68 to 69" is followed by "70 to 71" and "less than 68" ends at 67. Any other strikes
are read on the line of all numbers, where a strike itself may be a state of its own.
"""

from decimal import Decimal
from itertools import pairwise

from reporting.model.events.strikes import Range
from reporting.units import CENTICENTS_PER_DOLLAR

_BELOW_ALL = Decimal("-Infinity")
_ABOVE_ALL = Decimal("Infinity")


def position(found: Range) -> tuple:
    """Sort key: by lower end, an included end first, then by upper end."""
    lower = _BELOW_ALL if found.lower is None else found.lower
    upper = _ABOVE_ALL if found.upper is None else found.upper
    return lower, not found.lower_in, upper, found.upper_in


def are_whole(ranges: list[Range]) -> bool:
    return all(found.is_whole for found in ranges)


def overlap(ordered: list[Range]) -> bool:
    """Whether two ranges share more than a single end point."""
    reach = None
    for found in ordered:
        lower, upper = position(found)[0], position(found)[2]
        if reach is not None and lower < reach:
            return True
        reach = upper if reach is None else max(reach, upper)
    return False


def tile_the_line(ordered: list[Range]) -> bool:
    """Whether the ranges cover every value exactly once."""
    if ordered[0].lower is not None or ordered[-1].upper is not None:
        return False
    whole = are_whole(ordered)
    for left, right in pairwise(ordered):
        if left.upper is None or right.lower is None:
            return False
        if whole:
            touches = _last_whole(left) + 1 == _first_whole(right)
        else:
            touches = left.upper == right.lower and left.upper_in != right.lower_in
        if not touches:
            return False
    return True


def states(
    ordered: list[Range],
) -> tuple[tuple[tuple[int, ...], ...], tuple[str, ...], bool]:
    """Payoffs (contracts x states, centicents), state labels, and whether units are whole.

    States are the intervals between the sorted cut points; neighbours in which every
    contract pays the same are one state.
    """
    whole = are_whole(ordered)
    cells = _whole_cells(ordered) if whole else _cells(ordered)
    columns: list[tuple[int, ...]] = []
    spans: list[list[Range]] = []
    for cell, inside in cells:
        column = tuple(CENTICENTS_PER_DOLLAR * found.covers(inside) for found in ordered)
        if columns and columns[-1] == column:
            spans[-1].append(cell)
        else:
            columns.append(column)
            spans.append([cell])
    labels = tuple(_label(span[0], span[-1]) for span in spans)
    return tuple(zip(*columns, strict=True)), labels, whole


def ladder_labels(ordered: list[Range]) -> tuple[str, ...]:
    """Words for state j of a ladder, in which the first j contracts pay."""
    cells = [Range(None, False, ordered[0].lower, not ordered[0].lower_in)]
    for left, right in pairwise(ordered):
        cells.append(Range(left.lower, left.lower_in, right.lower, not right.lower_in))
    cells.append(ordered[-1])
    return tuple(_label(cell, cell) for cell in cells)


def _first_whole(found: Range) -> Decimal:
    return found.lower if found.lower_in else found.lower + 1


def _last_whole(found: Range) -> Decimal:
    return found.upper if found.upper_in else found.upper - 1


def _whole_cells(ranges: list[Range]) -> list[tuple[Range, Decimal]]:
    """Intervals of whole numbers between cuts, each with one value inside it."""
    starts = {_first_whole(found) for found in ranges if found.lower is not None}
    starts |= {_last_whole(found) + 1 for found in ranges if found.upper is not None}
    cuts = sorted(starts)
    cells = [(Range(None, False, cuts[0] - 1, True), cuts[0] - 1)]
    for start, following in pairwise(cuts):
        cells.append((Range(start, True, following - 1, True), start))
    cells.append((Range(cuts[-1], True, None, False), cuts[-1]))
    return cells


def _cells(ranges: list[Range]) -> list[tuple[Range, Decimal]]:
    """Each cut point and each open interval between cuts, with one value inside it."""
    ends = {end for found in ranges for end in (found.lower, found.upper) if end is not None}
    cuts = sorted(ends)
    cells = [(Range(None, False, cuts[0], False), cuts[0] - 1)]
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        cells.append((Range(cut, True, cut, True), cut))
        inside = cut + 1 if following is None else (cut + following) / 2
        cells.append((Range(cut, False, following, False), inside))
    return cells


def _label(first: Range, last: Range) -> str:
    lower, upper = first.lower, last.upper
    if lower is None:
        return f"{'≤' if last.upper_in else '<'} {_plain(upper)}"
    if upper is None:
        return f"{'≥' if first.lower_in else '>'} {_plain(lower)}"
    if lower == upper:
        return f"= {_plain(lower)}"
    if first.lower_in and last.upper_in:
        return f"{_plain(lower)} to {_plain(upper)}"
    return (
        f"{'≥' if first.lower_in else '>'} {_plain(lower)} and "
        f"{'≤' if last.upper_in else '<'} {_plain(upper)}"
    )


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
