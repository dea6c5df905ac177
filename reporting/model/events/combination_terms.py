"""Which combinations can be netted with their legs, given the terms of the legs' events.

Belongs here: the decision, its reason in words and the flag. Netting itself is in
``portfolio.combination_credits``. Source: docs/model.md section 2.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from reporting.model.events.structures import COMBINATION_NOT_NETTED
from reporting.model.events.terms import (
    COMBINATION,
    MATRIX,
    MAX_STATES,
    VOID_FAIR,
    EventTerms,
    state_count,
)


def why_not_netted(combination: EventTerms, known: Mapping[str, EventTerms]) -> str:
    """The reason why a combination cannot be netted with its legs; "" when it can."""
    if not combination.combination_legs:
        return "its legs cannot be read"
    if combination.voids:
        return "it can be void where its legs are not"
    for leg in combination.combination_legs:
        terms = known.get(leg.event_ticker)
        if terms is None or leg.market_ticker not in terms.legs:
            return f"leg {leg.market_ticker} is not known"
        if terms.structure == COMBINATION:
            return f"leg {leg.market_ticker} is a combination itself"
        if VOID_FAIR in terms.voids:
            return f"leg {leg.market_ticker} may settle at a fair price"
        if terms.structure == MATRIX:
            row = terms.payoffs[terms.legs.index(leg.market_ticker)]
            if min(row) < 0 or max(row) > terms.payout:
                return f"leg {leg.market_ticker} may pay other than between nothing and its payout"
    events = {leg.event_ticker for leg in combination.combination_legs}
    return too_many_states(prod(state_count(known[event]) for event in events))


def too_many_states(states: int) -> str:
    """The reason in words when there are too many joint states to enumerate, else ""."""
    return f"{states} joint states, at most {MAX_STATES}" if states > MAX_STATES else ""


def flag_combinations(known: Mapping[str, EventTerms]) -> dict[str, EventTerms]:
    """The terms by event; combinations that cannot be netted carry the flag and the reason."""
    flagged = dict(known)
    for event, terms in known.items():
        if terms.structure != COMBINATION or COMBINATION_NOT_NETTED in terms.flags:
            continue
        if reason := why_not_netted(terms, known):
            flags = tuple(sorted({*terms.flags, COMBINATION_NOT_NETTED}))
            flagged[event] = replace(
                terms, flags=flags, reason=f"{terms.reason}; not netted: {reason}"
            )
    return flagged
