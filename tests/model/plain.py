"""ECM-1 a second time, in plain Python and fractions, written from margin-model.md.

Nothing of ``reporting`` is imported here. States are dictionaries contract -> payoff, in
dollars; losses are dollars; a quantity is in contracts.
"""

import itertools
from fractions import Fraction


def states(structure, contracts, k=None, payoffs=None, voids=(), marks=None):
    """Every outcome of the event, in the order of section 1."""
    found = []
    if structure == "binary":
        found = [[0], [1]]
    elif structure in ("exclusive_exhaustive", "exclusive"):
        for winner in range(contracts):
            found.append([1 if leg == winner else 0 for leg in range(contracts)])
        if structure == "exclusive":
            found.append([0] * contracts)
    elif structure == "ladder":
        for j in range(contracts + 1):
            found.append([1] * j + [0] * (contracts - j))
    elif structure == "k_of_n":
        for winners in itertools.combinations(range(contracts), k):
            found.append([1 if leg in winners else 0 for leg in range(contracts)])
    elif structure == "at_least_k":
        for size in range(k, contracts + 1):
            for winners in itertools.combinations(range(contracts), size):
                found.append([1 if leg in winners else 0 for leg in range(contracts)])
    elif structure == "binaries":
        found = [list(outcome) for outcome in itertools.product((1, 0), repeat=contracts)]
    elif structure in ("ladder_brackets", "matrix"):
        for state in range(len(payoffs[0])):
            found.append([row[state] for row in payoffs])
    if "half" in voids:
        found.append([Fraction(1, 2)] * contracts)
    if "last" in voids:
        found.append(list(marks))
    return [[Fraction(pay) for pay in state] for state in found]


def losses(outcomes, marks, quantities):
    """loss(state) = -sum of q (Y - p)."""
    result = []
    for outcome in outcomes:
        gain = Fraction(0)
        for quantity, pay, mark in zip(quantities, outcome, marks, strict=True):
            gain += quantity * (pay - mark)
        result.append(-gain)
    return result


def worst(outcomes, marks, quantities):
    """W, the first state that gives it, and F = max(0, -least sum of q Y)."""
    by_state = losses(outcomes, marks, quantities)
    loss = max(by_state)
    payouts = [sum(q * y for q, y in zip(quantities, outcome, strict=True)) for outcome in outcomes]
    return loss, by_state.index(loss), max(Fraction(0), -min(payouts))


def gross(outcomes, marks, quantities):
    """The same contract by contract."""
    total = Fraction(0)
    for leg, quantity in enumerate(quantities):
        total += max(-quantity * (outcome[leg] - marks[leg]) for outcome in outcomes)
    return total


def margin(events, tau0, tau1, floor_bps):
    """W, ramped, JTR, core and IM of one account; events: (W_e, tau, wrong_way) each."""
    worst_case, ramped, single = Fraction(0), Fraction(0), Fraction(0)
    for loss, tau, wrong_way in events:
        weight = Fraction(tau1 - tau, tau1 - tau0)
        weight = min(Fraction(1), max(Fraction(0), weight))
        if wrong_way:
            weight = Fraction(1)
        worst_case += loss
        ramped += weight * loss
        single = max(single, loss)
    core = max(ramped, single, Fraction(floor_bps, 10_000) * worst_case)
    return worst_case, ramped, single, core, min(worst_case, core)


def ladder_fit(marks):
    """Monotone fit by the min-max formula: max over j >= i of min over k <= i of means."""
    n = len(marks)
    fit = []
    for i in range(n):
        fit.append(
            max(
                min(sum(marks[k : j + 1], Fraction(0)) / (j + 1 - k) for k in range(i + 1))
                for j in range(i, n)
            )
        )
    return fit


def joint(events, combinations):
    """W of events that hang together, the first state with the largest joint loss, the sum of W.

    W is the largest joint loss, with the sure gains of the events alone added back, kept between 0
    and the sum of W, which counts no W below 0.

    events: one (states, marks, quantities) each. combinations: (mark, quantity, legs), a leg
    being (event, contract, side). A combination pays the product over its legs, in dollars.
    """
    by_state = []
    for states_together in itertools.product(*(range(len(outcomes)) for outcomes, _, _ in events)):
        loss = Fraction(0)
        for state, (outcomes, marks, quantities) in zip(states_together, events, strict=True):
            loss += losses([outcomes[state]], marks, quantities)[0]
        for mark, quantity, legs in combinations:
            pay = Fraction(1)
            for event, contract, side in legs:
                leg = events[event][0][states_together[event]][contract]
                pay *= leg if side == "yes" else 1 - leg
            loss -= quantity * (pay - mark)
        by_state.append(loss)
    alone = [worst(*event)[0] for event in events]
    single = sum((max(loss, Fraction(0)) for loss in alone), Fraction(0))
    for mark, quantity, _ in combinations:
        single += max(quantity * mark, -quantity * (1 - mark))
    gains = sum((max(-loss, Fraction(0)) for loss in alone), Fraction(0))
    together = min(max(max(by_state) + gains, Fraction(0)), single)
    return together, by_state.index(max(by_state)), single, by_state
