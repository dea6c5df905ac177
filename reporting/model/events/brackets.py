"""Ranges on one variable: their order, whether they tile the line, and the states they define.

Whole-number strikes are read on the whole numbers, as this venue writes them: "70 to 71"
follows "68 to 69", and "less than 68" ends at 67. Other strikes are read on the real line,
where a strike may be a state of its own.
"""

from decimal import Decimal
from itertools import pairwise

from reporting.model.events.strikes import Range
from reporting.units import CENTICENTS_PER_DOLLAR

_BELOW_ALL = Decimal("-Infinity")
_ABOVE_ALL = Decimal("Infinity")


def range_order(strike_range: Range) -> tuple:
    """Sort key of a range: lower end (an inclusive end first), then upper end."""
    lower = _BELOW_ALL if strike_range.lower is None else strike_range.lower
    upper = _ABOVE_ALL if strike_range.upper is None else strike_range.upper
    return lower, not strike_range.lower_in, upper, strike_range.upper_in


def are_whole(ranges: list[Range]) -> bool:
    """Whether all strikes are whole numbers."""
    return all(strike_range.is_whole for strike_range in ranges)


def overlap(ordered: list[Range]) -> bool:
    """Whether any two ranges share more than a single end point."""
    reach = _BELOW_ALL
    for strike_range in ordered:
        lower, _, upper, _ = range_order(strike_range)
        if lower < reach:
            return True
        reach = max(reach, upper)
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


def states(ordered: list[Range]) -> tuple[tuple[tuple[int, ...], ...], tuple[str, ...], bool]:
    """Payoffs (contracts x states, centicents), state labels, and whether strikes are whole.

    States are the intervals between the sorted strikes. Neighbouring intervals in which every
    contract pays the same amount form one state.
    """
    whole = are_whole(ordered)
    cells = _whole_cells(ordered) if whole else _cells(ordered)
    columns: list[tuple[int, ...]] = []
    spans: list[list[Range]] = []
    for cell, inside in cells:
        column = tuple(CENTICENTS_PER_DOLLAR * contract.covers(inside) for contract in ordered)
        if columns and columns[-1] == column:
            spans[-1].append(cell)
        else:
            columns.append(column)
            spans.append([cell])
    labels = tuple(_label(span[0], span[-1]) for span in spans)
    return tuple(zip(*columns, strict=True)), labels, whole


def ladder_labels(ordered: list[Range]) -> tuple[str, ...]:
    """Label of each state of a ladder; the first j contracts pay in state j."""
    cells = [Range(None, False, ordered[0].lower, not ordered[0].lower_in)]
    for left, right in pairwise(ordered):
        cells.append(Range(left.lower, left.lower_in, right.lower, not right.lower_in))
    cells.append(ordered[-1])
    return tuple(_label(cell, cell) for cell in cells)


def _first_whole(strike_range: Range) -> Decimal:
    return strike_range.lower if strike_range.lower_in else strike_range.lower + 1


def _last_whole(strike_range: Range) -> Decimal:
    return strike_range.upper if strike_range.upper_in else strike_range.upper - 1


def _whole_cells(ranges: list[Range]) -> list[tuple[Range, Decimal]]:
    """Intervals of whole numbers between strikes, each with a value inside it."""
    starts = {_first_whole(contract) for contract in ranges if contract.lower is not None}
    starts |= {_last_whole(contract) + 1 for contract in ranges if contract.upper is not None}
    cuts = sorted(starts)
    cells = [(Range(None, False, cuts[0] - 1, True), cuts[0] - 1)]
    for start, following in pairwise(cuts):
        cells.append((Range(start, True, following - 1, True), start))
    cells.append((Range(cuts[-1], True, None, False), cuts[-1]))
    return cells


def _cells(ranges: list[Range]) -> list[tuple[Range, Decimal]]:
    """Each strike and each open interval between strikes, with a value inside it."""
    ends = {end for contract in ranges for end in (contract.lower, contract.upper)} - {None}
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
