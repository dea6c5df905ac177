"""The structure of an event, derived from what the venue says about its markets.

Belongs here: the decision, with its reason in words. Reading a strike is in ``strikes``,
what the states pay is in ``terms``. What cannot be proved falls back to independent
binaries, whose worst case is never below the true one; nothing is guessed. The order in
which markets are given never matters. Method: docs/model.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reporting.model.errors import ModelError
from reporting.model.events import brackets, custom_terms, strikes
from reporting.model.events import terms as t
from reporting.model.events.strikes import Range
from reporting.model.events.terms import EventTerms, payoffs

__all__ = ["EventFacts", "EventTerms", "MarketFacts", "derive_terms", "payoffs"]

COMBINATION_NOT_NETTED = "COMBINATION_NOT_NETTED"
EXCLUSIVE_CONTRADICTED = "EXCLUSIVE_CONTRADICTED"
NOT_PROVED = "NOT_PROVED"
STRIKES_FROM_WORDS = "STRIKES_FROM_WORDS"
TERMS_UNREADABLE = "TERMS_UNREADABLE"
VOID_CLAUSE_CONFLICT = "VOID_CLAUSE_CONFLICT"
VOID_CLAUSE_PARTIAL = "VOID_CLAUSE_PARTIAL"
WHOLE_UNITS = "WHOLE_UNITS"
FLAGS = {
    COMBINATION_NOT_NETTED: "a combination that cannot be netted with its legs",
    EXCLUSIVE_CONTRADICTED: "called mutually exclusive, but its strikes overlap",
    NOT_PROVED: "no structure could be proved: sum of single worst cases",
    STRIKES_FROM_WORDS: "strikes are missing and were read from words and ticker",
    TERMS_UNREADABLE: "custom terms are there but cannot be read",
    VOID_CLAUSE_CONFLICT: "markets name different void settlements: 50/50 is used",
    VOID_CLAUSE_PARTIAL: "only some markets name a void settlement: used for all",
    WHOLE_UNITS: "all strikes are whole numbers and the outcome is read as whole units",
}
"""Every flag with its meaning."""

_VOID_CLAUSE = re.compile(
    r"if the event is voided, all markets settle at (50/50|the last traded price)\.", re.IGNORECASE
)


@dataclass(frozen=True)
class MarketFacts:
    """What the venue says about one market. Strikes are decimal text, JSON is text."""

    ticker: str
    event_ticker: str
    title: str = ""
    subtitle: str = ""
    yes_sub_title: str = ""
    strike_type: str = ""
    floor_strike: str | None = None
    cap_strike: str | None = None
    custom_strike: str | None = None
    mve_selected_legs: str | None = None
    rules_secondary: str = ""

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.yes_sub_title or "", self.subtitle or "", self.title or ""


@dataclass(frozen=True)
class EventFacts:
    """What the venue says about one event."""

    event_ticker: str
    mutually_exclusive: bool = False
    collateral_return_type: str = ""
    title: str = ""


def derive_terms(event: EventFacts, markets: Sequence[MarketFacts]) -> EventTerms:
    """The terms of one event, with the reason in words and flags.

    Raises ModelError when there is no market, a ticker occurs twice or a market belongs
    to another event.
    """
    ordered = sorted(markets, key=_by_ticker)
    tickers = [market.ticker for market in ordered]
    where = f"event {event.event_ticker}"
    if not tickers or len(set(tickers)) != len(tickers):
        raise ModelError("markets", f"{where}: needs at least one market, each given once")
    for market in ordered:
        if market.event_ticker != event.event_ticker:
            raise ModelError("event_ticker", f"{where}: {market.ticker} is of another event")
    found = _structure(event, ordered)
    void, void_flags = _void(ordered)
    labels = {market.ticker: _leg_label(market) for market in ordered}
    return EventTerms(
        event_ticker=event.event_ticker,
        void=void,
        leg_labels=tuple(labels[leg] for leg in found["legs"]),
        **{**found, "flags": tuple(sorted({*found.get("flags", ()), *void_flags}))},
    )


def _by_ticker(market: MarketFacts) -> str:
    return market.ticker


def _leg_label(market: MarketFacts) -> str:
    return market.yes_sub_title or market.subtitle or market.ticker


def _structure(event: EventFacts, markets: list[MarketFacts]) -> dict:
    legs = tuple(market.ticker for market in markets)
    if any(custom_terms.is_given(market.mve_selected_legs) for market in markets):
        return _combination(markets)
    custom = [custom_terms.read(market.custom_strike) for market in markets]
    if any(custom):
        return _custom(legs, custom)
    if len(markets) == 1:
        return {"structure": t.BINARY, "legs": legs, "reason": "the event has one market"}
    ranges, flags = _ranges(markets)
    if event.mutually_exclusive:
        return _exclusive(markets, ranges, flags)
    return _on_one_variable(markets, ranges, flags)


def _custom(legs: tuple[str, ...], custom: list[dict | None]) -> dict:
    found = custom_terms.structure(legs, custom)
    if found is None:
        return _binaries(legs, "custom terms are incomplete or contradict", TERMS_UNREADABLE)
    return found


def _combination(markets: list[MarketFacts]) -> dict:
    """Whether its legs are known and few enough to net is seen beside the other events."""
    legs = tuple(market.ticker for market in markets)
    reason = "the market pays if every selected leg hits"
    if len(legs) > 1:
        return _binaries(legs, "several combinations in one event", COMBINATION_NOT_NETTED)
    selected = custom_terms.selected_legs(markets[0].mve_selected_legs)
    return {
        "structure": t.COMBINATION,
        "legs": legs,
        "reason": reason if selected else f"{reason}; its legs cannot be read",
        "combination_legs": selected,
        "flags": () if selected else (COMBINATION_NOT_NETTED,),
    }


def _binaries(legs: tuple[str, ...], reason: str, *flags: str) -> dict:
    return {
        "structure": t.BINARIES,
        "legs": legs,
        "reason": f"{reason}; each contract stands alone",
        "flags": (NOT_PROVED, *flags),
    }


def _ranges(markets: list[MarketFacts]) -> tuple[list[Range | None], tuple[str, ...]]:
    """The range of each market, and whether any had to be read from words."""
    ranges, from_words = [], False
    for market in markets:
        found = strikes.range_from_fields(
            market.strike_type or "", market.floor_strike, market.cap_strike
        )
        if found is None and not market.strike_type:
            found = strikes.range_from_words(market.texts, market.ticker)
            from_words = from_words or found is not None
        ranges.append(found)
    return ranges, ((STRIKES_FROM_WORDS,) if from_words else ())


def _exclusive(markets: list[MarketFacts], ranges: list, flags: tuple[str, ...]) -> dict:
    legs = tuple(market.ticker for market in markets)
    said = "the venue says that at most one market wins"
    if None in ranges:
        reason = f"{said}; nothing says that one must"
        return {"structure": t.EXCLUSIVE, "legs": legs, "reason": reason}
    legs, ranges = _in_order(legs, ranges)
    if brackets.overlap(ranges):
        return _binaries(legs, f"{said}, but its strikes overlap", EXCLUSIVE_CONTRADICTED, *flags)
    if brackets.tile_the_line(ranges):
        whole = (WHOLE_UNITS,) if brackets.are_whole(ranges) else ()
        return {
            "structure": t.EXCLUSIVE_EXHAUSTIVE,
            "legs": legs,
            "reason": f"{said}, and its strikes cover every value once",
            "flags": flags + whole,
        }
    reason = f"{said}; its strikes leave values uncovered"
    return {"structure": t.EXCLUSIVE, "legs": legs, "reason": reason, "flags": flags}


def _on_one_variable(markets: list[MarketFacts], ranges: list, flags: tuple[str, ...]) -> dict:
    legs = tuple(market.ticker for market in markets)
    if None in ranges:
        return _binaries(legs, "not every market states its strike")
    if not _one_variable(markets, ranges):
        return _binaries(legs, "the markets may be about different things", *flags)
    legs, ranges = _in_order(legs, ranges)
    upward = all(found.upper is None for found in ranges)
    if upward and len(set(ranges)) == len(ranges):
        return {
            "structure": t.LADDER,
            "legs": legs,
            "reason": f"{len(legs)} strikes above one another on one variable",
            "state_labels": brackets.ladder_labels(ranges),
            "flags": flags,
        }
    table, labels, whole = brackets.states(ranges)
    return {
        "structure": t.LADDER_BRACKETS,
        "legs": legs,
        "reason": f"{len(legs)} ranges on one variable, cut into {len(labels)} states",
        "payoffs": table,
        "state_labels": labels,
        "flags": flags + ((WHOLE_UNITS,) if whole else ()),
    }


def _in_order(legs: tuple[str, ...], ranges: list[Range]) -> tuple[tuple[str, ...], list[Range]]:
    """Legs and ranges by strike; equal ranges stay in the order of tickers."""
    positions = [brackets.position(found) for found in ranges]
    order = sorted(range(len(legs)), key=positions.__getitem__)
    return tuple(legs[leg] for leg in order), [ranges[leg] for leg in order]


def _one_variable(markets: list[MarketFacts], ranges: list[Range]) -> bool:
    """Proof that the strikes are all on one variable.

    Same custom terms, and either words that differ in the strike only or tickers that
    name nothing but a strike, the right one. Two teams' winning margins in one event
    ("spread") look like a ladder by their strikes and are none.
    """
    if len({market.custom_strike or "" for market in markets}) > 1:
        return False
    pairs = list(zip(markets, ranges, strict=True))
    wordings = {strikes.template(market.texts, found) for market, found in pairs}
    if len(wordings) == 1 and re.search(r"\w|#", next(iter(wordings))):
        return True
    stems = {strikes.ticker_stem(market.ticker) for market in markets}
    return len(stems) == 1 and all(
        strikes.ticker_agrees(market.ticker, found) for market, found in pairs
    )


def _void(markets: list[MarketFacts]) -> tuple[str | None, tuple[str, ...]]:
    """The void settlement that the rules allow. A further state never lowers W."""
    clauses = []
    for market in markets:
        match = _VOID_CLAUSE.search(re.sub(r"\s+", " ", market.rules_secondary or ""))
        clauses.append(None if match is None else match[1].casefold())
    if not any(clauses):
        return None, ()
    flags = []
    if None in clauses:
        flags.append(VOID_CLAUSE_PARTIAL)
    named = set(clauses) - {None}
    if len(named) > 1:
        flags.append(VOID_CLAUSE_CONFLICT)
    return (t.VOID_HALF if "50/50" in named else t.VOID_LAST), tuple(flags)
