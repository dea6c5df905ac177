"""The structure of an event, derived from the venue's metadata of its markets.

Belongs here: the decision, with its reason in words. ``strikes`` reads strikes, ``terms`` has
the payoffs of the states. Nothing is guessed: a structure that cannot be proved falls back to
independent binaries, whose worst case is never below the true one. The order of the markets
does not matter. Method: docs/model.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reporting.model.errors import ModelError
from reporting.model.events import brackets, custom_terms, strikes
from reporting.model.events import terms as t
from reporting.model.events.settlement_clauses import DEAD_HEAT, TIES_WIN, Clauses, read_clauses
from reporting.model.events.strikes import Range
from reporting.model.events.terms import EventTerms

COMBINATION_NOT_NETTED = "COMBINATION_NOT_NETTED"
EXCLUSIVE_CONTRADICTED = "EXCLUSIVE_CONTRADICTED"
NOT_PROVED = "NOT_PROVED"
SETTLEMENT_CLAUSE_UNREAD = "SETTLEMENT_CLAUSE_UNREAD"
STRIKES_FROM_WORDS = "STRIKES_FROM_WORDS"
TERMS_UNREADABLE = "TERMS_UNREADABLE"
VOID_CLAUSE_CONFLICT = "VOID_CLAUSE_CONFLICT"
VOID_CLAUSE_PARTIAL = "VOID_CLAUSE_PARTIAL"
WHOLE_UNITS = "WHOLE_UNITS"
FLAGS = {
    COMBINATION_NOT_NETTED: "a combination that cannot be netted with its legs",
    EXCLUSIVE_CONTRADICTED: "called mutually exclusive, but its strikes overlap",
    NOT_PROVED: "no structure could be proved: sum of single worst cases",
    SETTLEMENT_CLAUSE_UNREAD: "the rules speak of a settlement that is not understood: quoted",
    STRIKES_FROM_WORDS: "strikes are missing and were read from words and ticker",
    TERMS_UNREADABLE: "custom terms are there but cannot be read",
    VOID_CLAUSE_CONFLICT: "markets name different void settlements: each is used for all",
    VOID_CLAUSE_PARTIAL: "only some markets name a void settlement: used for all",
    WHOLE_UNITS: "all strikes are whole numbers and the outcome is read as whole units",
}
"""The meaning of each flag; printed."""
_MAY_PAY_NOTHING = (t.BINARY, t.COMBINATION, t.EXCLUSIVE, t.LADDER, t.BINARIES)
"""Structures with a state in which no contract pays."""
_HOLDS_DEAD_HEATS = (t.BINARY, t.COMBINATION, t.EXCLUSIVE, t.BINARIES)
"""Structures between whose states all payoffs of a dead heat lie."""


@dataclass(frozen=True)
class MarketFacts:
    """The venue's metadata of one market. Strikes are decimal text, JSON is text."""

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
    rules_primary: str = ""

    @property
    def texts(self) -> tuple[str, str, str]:
        """The texts that may state the strike, in order of preference."""
        return self.yes_sub_title or "", self.subtitle or "", self.title or ""


@dataclass(frozen=True)
class EventFacts:
    """The venue's metadata of one event."""

    event_ticker: str
    mutually_exclusive: bool = False
    collateral_return_type: str = ""
    title: str = ""


def derive_terms(event: EventFacts, markets: Sequence[MarketFacts]) -> EventTerms:
    """The terms of one event, with flags and the reason in words.

    Raises ModelError when there is no market, a ticker occurs twice, or a market belongs to
    another event.
    """
    ordered = sorted(markets, key=lambda market: market.ticker)
    tickers = [market.ticker for market in ordered]
    where = f"event {event.event_ticker}"
    if not tickers or len(set(tickers)) != len(tickers):
        raise ModelError("markets", f"{where}: needs at least one market, each given once")
    for market in ordered:
        if market.event_ticker != event.event_ticker:
            raise ModelError("event_ticker", f"{where}: {market.ticker} is of another event")
    clauses = [read_clauses(market.rules_primary, market.rules_secondary) for market in ordered]
    fields = _with_clauses(_structure(event, ordered), clauses)
    labels = {
        market.ticker: market.yes_sub_title or market.subtitle or market.ticker
        for market in ordered
    }
    return EventTerms(
        event_ticker=event.event_ticker,
        leg_labels=tuple(labels[leg] for leg in fields["legs"]),
        **{**fields, "flags": tuple(sorted(set(fields["flags"])))},
    )


def _structure(event: EventFacts, markets: list[MarketFacts]) -> dict:
    legs = tuple(market.ticker for market in markets)
    if any(custom_terms.is_given(market.mve_selected_legs) for market in markets):
        return _combination(markets)
    custom = [custom_terms.read(market.custom_strike) for market in markets]
    if any(custom):
        unreadable = "custom terms are incomplete or contradict"
        fields = custom_terms.structure(legs, custom)
        return fields or _binaries(legs, unreadable, TERMS_UNREADABLE)
    if len(markets) == 1:
        return _proved(t.BINARY, legs, "the event has one market")
    ranges, flags = _ranges(markets)
    if event.mutually_exclusive:
        return _exclusive(markets, ranges, flags)
    return _on_one_variable(markets, ranges, flags)


def _combination(markets: list[MarketFacts]) -> dict:
    """``combination_terms`` decides later, from the events of the legs, whether it nets."""
    legs = tuple(market.ticker for market in markets)
    reason = "the market pays if every selected leg hits"
    if len(legs) > 1:
        return _binaries(legs, "several combinations in one event", COMBINATION_NOT_NETTED)
    selected = custom_terms.selected_legs(markets[0].mve_selected_legs)
    if selected:
        return _proved(t.COMBINATION, legs, reason, combination_legs=selected)
    reason = f"{reason}; its legs cannot be read"
    return _proved(t.COMBINATION, legs, reason, (COMBINATION_NOT_NETTED,))


def _binaries(legs: tuple[str, ...], reason: str, *flags: str) -> dict:
    return _proved(t.BINARIES, legs, f"{reason}; each contract stands alone", (NOT_PROVED, *flags))


def _proved(
    structure: str, legs: tuple[str, ...], reason: str, flags: tuple[str, ...] = (), **more
) -> dict:
    """The ``EventTerms`` fields of a structure."""
    return {"structure": structure, "legs": legs, "reason": reason, "flags": flags, **more}


def _ranges(markets: list[MarketFacts]) -> tuple[list[Range | None], tuple[str, ...]]:
    """The range of each market, and a flag if any range was read from text."""
    ranges, from_words = [], False
    for market in markets:
        strike_range = strikes.range_from_fields(
            market.strike_type or "", market.floor_strike, market.cap_strike
        )
        if strike_range is None and not market.strike_type:
            strike_range = strikes.range_from_words(market.texts, market.ticker)
            from_words = from_words or strike_range is not None
        ranges.append(strike_range)
    return ranges, ((STRIKES_FROM_WORDS,) if from_words else ())


def _exclusive(markets: list[MarketFacts], ranges: list, flags: tuple[str, ...]) -> dict:
    legs = tuple(market.ticker for market in markets)
    said = "the venue says that at most one market wins"
    if None in ranges:
        return _proved(t.EXCLUSIVE, legs, f"{said}; nothing says that one must")
    legs, ranges = _in_order(legs, ranges)
    if brackets.overlap(ranges):
        return _binaries(legs, f"{said}, but its strikes overlap", EXCLUSIVE_CONTRADICTED, *flags)
    if brackets.tile_the_line(ranges):
        whole = (WHOLE_UNITS,) if brackets.are_whole(ranges) else ()
        reason = f"{said}, and its strikes cover every value once"
        return _proved(t.EXCLUSIVE_EXHAUSTIVE, legs, reason, flags + whole, on_one_variable=True)
    return _proved(t.EXCLUSIVE, legs, f"{said}; its strikes leave values uncovered", flags)


def _on_one_variable(markets: list[MarketFacts], ranges: list, flags: tuple[str, ...]) -> dict:
    legs = tuple(market.ticker for market in markets)
    if None in ranges:
        return _binaries(legs, "not every market states its strike")
    if not _one_variable(markets, ranges):
        return _binaries(legs, "the markets may be about different things", *flags)
    legs, ranges = _in_order(legs, ranges)
    upward = all(strike_range.upper is None for strike_range in ranges)
    if upward and len(set(ranges)) == len(ranges):
        reason = f"{len(legs)} strikes above one another on one variable"
        labels = brackets.ladder_labels(ranges)
        return _proved(t.LADDER, legs, reason, flags, state_labels=labels)
    table, labels, whole = brackets.states(ranges)
    flags += (WHOLE_UNITS,) if whole else ()
    reason = f"{len(legs)} ranges on one variable, cut into {len(labels)} states"
    return _proved(t.LADDER_BRACKETS, legs, reason, flags, payoffs=table, state_labels=labels)


def _in_order(legs: tuple[str, ...], ranges: list[Range]) -> tuple[tuple[str, ...], list[Range]]:
    """Legs and ranges sorted by strike; equal ranges stay in ticker order."""
    keys = [brackets.range_order(strike_range) for strike_range in ranges]
    order = sorted(range(len(legs)), key=keys.__getitem__)
    return tuple(legs[leg] for leg in order), [ranges[leg] for leg in order]


def _one_variable(markets: list[MarketFacts], ranges: list[Range]) -> bool:
    """Whether it is proved that all strikes are on the same variable.

    The custom terms must be equal. In addition, either the texts differ in the strike only, or
    the tickers differ in the strike only and confirm it. The winning margins of two teams in
    one event ("spread") look like a ladder by their strikes, but are not.
    """
    if len({market.custom_strike or "" for market in markets}) > 1:
        return False
    pairs = list(zip(markets, ranges, strict=True))
    wordings = {strikes.template(market.texts, strike_range) for market, strike_range in pairs}
    if len(wordings) == 1 and re.search(r"\w|#", next(iter(wordings))):
        return True
    stems = {strikes.ticker_stem(market.ticker) for market in markets}
    return len(stems) == 1 and all(
        strikes.ticker_agrees(market.ticker, strike_range) for market, strike_range in pairs
    )


def _with_clauses(fields: dict, clauses: list[Clauses]) -> dict:
    """The fields with what the rules of the markets add. A further state never lowers W.

    A clause of one market is used for all: a settlement is decided for the event.
    """
    fields = _with_ties(fields, clauses)
    kinds = frozenset[str]().union(*(of_market.kinds for of_market in clauses))
    unread = sorted({sentence for of_market in clauses for sentence in of_market.unread})
    structure, voids = fields["structure"], kinds & set(t.VOIDS)
    if DEAD_HEAT in kinds and structure == t.EXCLUSIVE_EXHAUSTIVE:
        voids |= {t.VOID_NOTHING}
    elif DEAD_HEAT in kinds and structure not in _HOLDS_DEAD_HEATS:
        unread.append(f"a dead heat in an event of structure {structure}")
    if structure in _MAY_PAY_NOTHING:
        voids -= {t.VOID_NOTHING}
    flags, reason = [*fields.get("flags", ()), *_void_flags(clauses)], fields["reason"]
    if unread:
        flags.append(SETTLEMENT_CLAUSE_UNREAD)
        quoted = " and ".join(f'"{sentence}"' for sentence in unread)
        reason = f"{reason}; unread on settlement: {quoted}"
    voids = tuple(void for void in t.VOIDS if void in voids)
    return {**fields, "voids": voids, "flags": tuple(flags), "reason": reason}


def _void_flags(clauses: list[Clauses]) -> list[str]:
    named = {of_market.kinds & set(t.VOIDS) for of_market in clauses}
    flags = [VOID_CLAUSE_PARTIAL] if len(named) > 1 and frozenset() in named else []
    return [*flags, VOID_CLAUSE_CONFLICT] if len(named - {frozenset()}) > 1 else flags


def _with_ties(fields: dict, clauses: list[Clauses]) -> dict:
    """The fields of a structure in which those who tie all win, if the rules say so."""
    if not any(TIES_WIN in of_market.kinds for of_market in clauses):
        return fields
    structure, legs = fields["structure"], fields["legs"]
    if structure == t.K_OF_N:
        reason = f"{fields['reason']}; the rules say that ties win too"
        return {**fields, "structure": t.AT_LEAST_K, "reason": reason}
    if structure in (t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE):
        reason = "called exclusive, but the rules say that ties win too"
        return _binaries(legs, reason, EXCLUSIVE_CONTRADICTED, *fields["flags"])
    tops = {of_market.winners for of_market in clauses}
    all_listed = any(of_market.all_listed for of_market in clauses)
    if structure == t.BINARIES and all_listed and len(tops) == 1:
        (k,) = tops
        if k is not None and 1 <= k <= len(legs):
            said = f"the rules say that the top {k} of {len(legs)} win with all ties"
            return _proved(t.AT_LEAST_K, legs, said, k=k)
    return fields
