"""Linear systems solved exactly.

Belongs here: fraction-free elimination (Bareiss, "Sylvester's Identity and Multistep
Integer-Preserving Gaussian Elimination", Mathematics of Computation 22, 1968). Entries remain
minors of the input, so they grow far less than in plain integer elimination.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def solve(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """The unique solution x of rows x = right. Raises ZeroDivisionError if it is not unique."""
    table = [_whole([*row, last]) for row, last in zip(rows, right, strict=True)]
    count = len(table)
    before = 1
    for step in range(count):
        pivot_at = next((i for i in range(step, count) if table[i][step]), None)
        if pivot_at is None:
            raise ZeroDivisionError("the system has no unique solution")
        table[step], table[pivot_at] = table[pivot_at], table[step]
        pivot_row = table[step]
        pivot = pivot_row[step]
        for row in table[step + 1 :]:
            factor = row[step]
            for j in range(step + 1, count + 1):
                # Divides without remainder by Sylvester's identity.
                row[j] = (row[j] * pivot - factor * pivot_row[j]) // before
            row[step] = 0
        before = pivot
    return _back(table)


def _back(table: Sequence[Sequence[int]]) -> list[Fraction]:
    """Back substitution; determinant x solution is an integer (Cramer)."""
    count = len(table)
    if not count:
        return []
    determinant = table[-1][count - 1]
    whole = [0] * count
    for i in reversed(range(count)):
        row = table[i]
        rest = row[count] * determinant
        rest -= sum(row[j] * whole[j] for j in range(i + 1, count))
        whole[i] = rest // row[i]
    return [Fraction(value, determinant) for value in whole]


def _whole(row: Sequence[Fraction]) -> list[int]:
    """The row times the least common multiple of its denominators."""
    scale = lcm(*(Fraction(value).denominator for value in row))
    return [int(value * scale) for value in row]
