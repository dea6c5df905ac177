"""The peers' methods a second time, plain and slow, written from docs/peers.md.

Nothing of ``reporting`` is imported here.
"""

from fractions import Fraction
from itertools import combinations


def plain_scanning(quantities, marks, ranges, one_commodity, rates, bounds=None):
    """The scanning margin of one book in one event, in fractions: micros.

    rates: spread charge, short minimum, credit in basis points. bounds: least and greatest
    payoff of each contract, 0 and 10,000 if not given.
    """
    charge, minimum, credit = rates
    bounds = bounds or [(0, 10_000)] * len(quantities)
    moves = [Fraction(k, 3) for k in (0, 1, -1, 2, -2, 3, -3) for _ in (1, 2)] + ["up", "down"]
    n = len(quantities)

    def loss(leg, move):
        sign = {"up": 1, "down": -1}.get(move) or ((move > 0) - (move < 0))
        low, high = bounds[leg]
        room = max(0, high - marks[leg] if sign > 0 else marks[leg] - low)
        if isinstance(move, str):
            far = Fraction(min(3 * ranges[leg], room) * 33, 100)
        else:
            far = min(int(abs(move) * ranges[leg] + Fraction(1, 2)), room)
        whole = int(far + Fraction(1, 2))
        return -quantities[leg] * sign * whole

    groups = [list(range(n))] if one_commodity else [[leg] for leg in range(n)]
    total, risks = 0, []
    for group in groups:
        risk = max(0, *(sum(loss(leg, move) for leg in group) for move in moves))
        longs = sum(max(quantities[leg], 0) for leg in group)
        shorts = sum(max(-quantities[leg], 0) for leg in group)
        risks.append([risk, risk + min(longs, shorts) * charge, shorts * minimum])
    used = [0] * n
    if not one_commodity:
        for a, b in combinations(range(n), 2):
            if quantities[a] * quantities[b] > 0:
                paired = min(abs(quantities[a]) - used[a], abs(quantities[b]) - used[b])
                used[a] += paired
                used[b] += paired
    for number, (risk, charged, floor) in enumerate(risks):
        back = 0
        if not one_commodity and quantities[number]:
            back = int(Fraction(risk * used[number] * credit, abs(quantities[number]) * 10_000))
        total += max(floor, charged - back)
    return total


def plain_conversion(tokens, exhaustive):
    """Collateral set free, by doing it: convert a NO of every outcome that has one, again and
    again while two have, then redeem full sets. tokens: net YES of each outcome."""
    no, yes, free = [max(-q, 0) for q in tokens], [max(q, 0) for q in tokens], 0
    while sum(left > 0 for left in no) > 1:
        chosen = [leg for leg, left in enumerate(no) if left]
        amount = min(no[leg] for leg in chosen)
        free += amount * (len(chosen) - 1)
        for leg in range(len(no)):
            if leg in chosen:
                no[leg] -= amount
            else:
                yes[leg] += amount
    if exhaustive:
        # A NO that is left is one YES of each other outcome.
        leg = max(range(len(no)), key=no.__getitem__)
        for other in range(len(no)):
            yes[other] += no[leg] if other != leg else 0
        free += min(yes)
    return free
