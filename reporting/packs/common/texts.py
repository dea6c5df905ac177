"""Texts that several packs print: scenario families, limits of the numbers, terms."""

from reporting.packs.document.parts import Listing, Terms

FAMILIES = {
    "S1": "surprise resolution of one event to one of its states",
    "S2": "category sweep: every favourite loses",
    "S2b": "sweep against a group: every event settles in the state that costs it most",
    "S3": "gap in every market held on margin, at the 99.9 % bridge move",
    "S4": "dispute and reversal: a paid state is revoked and part of the payouts is lost",
    "S5": "void at 50/50, at the last price, or at fair prices",
    "S6": "missed margin cycle: markets move for longer against margin at stale marks",
    "S7": "thin markets: margined books are closed out with less depth and wider spreads",
    "S8": "collateral loses value",
    "S9": "both kinds of sweep combined with a fall in collateral values",
    "S10": "default of a member whose clients cannot be ported",
    "S11": "withdrawal of the largest market maker",
    "S12": "weekend or holiday: no cycle, no wire, events resolve",
    "R": "replay of the worst past moves in the loaded data",
}
LIMITS = {
    "marks": "State probabilities come from marks, and marks can be manipulated. Each market has "
    "little history.",
    "correlation": "The dependence between resolutions of different events cannot be estimated "
    "from the data. Worst-case losses of events are summed, which is conservative when events are "
    "independent, and exact only then.",
    "links": "Where the metadata omit a logical link between two events, their joint loss is "
    "understated.",
    "reversal": "The reversal of a settlement already paid is outside the state space.",
    "reverse": "Reverse stress covers the events with the largest worst-case losses, each in the "
    "states still possible. Voids and reversals are not included.",
    "liquidity": "The feeds give neither the hour of a payout nor a currency. Hours follow from "
    "expected resolutions and margin cycles, and all amounts are US dollars. The notice of a "
    "facility is an assumption of the scenario library, and so is that only cash pays at once.",
    "combination": "A stress scenario moves one event or one category. A combination with legs in "
    "other events does not move with it.",
    "sampling": "Expected shortfall is estimated from drawn scenarios; at 99 % of 5,000 draws its "
    "sampling error is about 2.5 %. The draws are published, so the number can be reproduced.",
    "history": "Volatility is pooled over the markets of a category, because no market lives long. "
    "Until a pool has history, the bound that a price must end at 0 or 1 applies.",
}
TERMS = {
    "Centicent": "one ten-thousandth of a US dollar; every amount is a whole number of centicents.",
    "Worst-case loss": "the largest loss over all outcome states of an event, computed exactly, "
    "and summed over events.",
    "Jump to resolution": "the largest worst-case loss of events in one cluster, as if all of them "
    "resolved at once.",
    "Expected shortfall": "the mean of the worst 1 % of losses in the drawn scenarios.",
    "Core": "the largest of expected shortfall, jump to resolution and a floor share of the "
    "worst-case loss.",
    "Add-ons": "margin for the cost of closing out positions and for concentration in a market.",
    "Initial margin": "core margin plus add-ons, capped at the worst-case loss and rounded up to a "
    "centicent.",
    "Charged, recomputed": "the margin that the venue reports, and the margin that this system "
    "computes from the trades alone.",
    "Break": "an account whose charged and recomputed initial margin differ: UNDER, OVER, "
    "MISSING or STALE.",
    "Open interest": "contracts outstanding: the sum of long positions, which equals the sum of "
    "short positions.",
    "Shortfall": "a group's stressed losses above required margin, account by account, less gains "
    "of its house and its own fund contribution, at least zero.",
    "Cover-1, Cover-2": "the largest shortfall of one clearing-member group, and the two largest "
    "shortfalls together.",
    "Prefunded resources": "layers of the waterfall that are paid in.",
    "Gains haircut": "a pro rata cut of variation margin gains since the default.",
    "Clearing-member group": "members that default together because they are affiliated.",
}


def terms(*names: str) -> Terms:
    return Terms(tuple((name, TERMS[name]) for name in names), "Terms used in this pack")


def limits(*names: str) -> Listing:
    return Listing(tuple(LIMITS[name] for name in names), numbered=True)
