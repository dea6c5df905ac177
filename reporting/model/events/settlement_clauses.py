"""Unusual settlements that the rules text of a market allows, sentence by sentence.

Belongs here: each kind of clause as a record with its pattern, what it adds to the states and an
example from a public rules text. A sentence that speaks of an unusual settlement and fits no record
is unread: it is shown, never taken as harmless. Source: margin-model.md section 1; counts of real
texts in docs/real-data.md.
"""

import re
from dataclasses import dataclass

from reporting.model.events.terms import VOID_FAIR, VOID_HALF, VOID_LAST, VOID_NOTHING

DEAD_HEAT = "dead_heat"
TIES_WIN = "ties_win"

_PAID = r"\b(?:resolv|settl|pay|paid|worth)\w*\b"


@dataclass(frozen=True)
class ClauseKind:
    """A kind of clause. pattern: found in a sentence of it; states: what it adds, in words."""

    kind: str
    pattern: re.Pattern[str]
    states: str
    example: str


def _kind(kind: str, pattern: str, states: str, example: str) -> ClauseKind:
    return ClauseKind(kind, re.compile(pattern, re.IGNORECASE), states, example)


CLAUSES = (
    _kind(
        VOID_HALF,
        rf"{_PAID}[^.;]*?(?:\b50[/-]50\b|\$0?\.50\b|\b50 ?(?:cents|¢|%)|\bhalf\b)",
        "one state: every contract pays half",
        "If the game ends in a tie, the market will resolve to $0.50 for each team.",
    ),
    _kind(
        VOID_LAST,
        r"\blast[- ](?:traded|trade|trading)?[- ]?price",
        "one state: every contract pays its mark",
        "If the event is voided, all markets settle at the last traded price.",
    ),
    _kind(
        VOID_FAIR,
        r"\bfair(?: market)? (?:price|value)",
        "no state: each contract pays its mark, up or down by the band of the schedule",
        "If the game is not started within 48 hours, the market will resolve to a fair market"
        " price.",
    ),
    _kind(
        DEAD_HEAT,
        r"\bdead[- ]heat",
        "none for exclusive contracts; for exhaustive ones the state in which none pays, because"
        " shares of 1/N are rounded down to the cent",
        "If two or more tie, dead heat rules apply: each pays $1 divided by the number tied.",
    ),
    _kind(
        TIES_WIN,
        r"\btop[- ]?\d+\b[^.;]*\b(?:includ\w+|with|and) (?:\w+ )?ties\b"
        r"|\bties\b[^.;]*\b(?:count|included)\b",
        "k or more contracts pay",
        "If the player finishes in the top 5 (including ties), then the market resolves to Yes.",
    ),
    _kind(
        VOID_NOTHING,
        r"\b(?:cancel|postpon|abandon|void|not (?:played|held|completed|released)|tied?\b"
        rf"|no contest|forfeit|withdr|disqualif)[^.;]*{_PAID} to [\"'“]?no\b",
        "one state: no contract pays, where it is not there already",
        "If the game is cancelled, the market resolves to No.",
    ),
)
"""Every kind of clause that is read. A sentence may be of several kinds."""

_USUAL = (
    # The market waits for the outcome.
    r"\bremains? open\b",
    # Another contract of the event stands for this outcome.
    r"\bmarket (?:called|named|for|titled) [\"'“].+[\"'”] (?:will )?resolves? to (?:yes|no)\b",
)
_UNUSUAL = (
    r"\b(?:void|cancel|postpon|delay|abandon|suspen|reschedul|forfeit|walkover|no contest|withdr"
    r"|disqualif|dead[- ]heat|refund|scalar|pro[- ]?rata|proportion|split|ties?\b|tied\b|draws?\b"
    r"|50[/-]50|half\b|expected value|fair\b|last (?:traded|trade|trading|price)|death|dies\b"
    r"|not (?:be )?(?:played|started|held|completed|published|released|available|announced))"
    r"|\$0?\.\d|\d ?(?:cents|¢)"
)
_SETTLED = r"\b(?:resolv|settl|pay|paid|refund|void|return|determin|expir)"
_usual, _unusual, _settled = (
    re.compile(pattern, re.IGNORECASE) for pattern in ("|".join(_USUAL), _UNUSUAL, _SETTLED)
)
# What the contract is about: "If Tie is the result of the game, then the market resolves to Yes."
_definition = re.compile(r"^if\b.*\bthen the market resolves to yes\.?$", re.IGNORECASE)
_sentence_end = re.compile(r"(?<=[.!?])(?<!\bvs\.)(?<!\bSt\.)\s+(?=[A-Z\"“(])")
_top = re.compile(r"\btop[- ]?(\d+)\b", re.IGNORECASE)
_all_listed = re.compile(
    r"\b(?:all|every|each) (?:\w+ )?(?:entrant|participant|contestant|competitor|player|candidate"
    r"|team|driver|golfer|nominee)s? (?:is|are) listed\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clauses:
    """What the rules of one market say.

    kinds: of CLAUSES. unread: sentences on an unusual settlement that fit none. winners: the N of
    a top N in which ties win. all_listed: whether the rules say that all who can win are listed.
    """

    kinds: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    winners: int | None = None
    all_listed: bool = False


def read_clauses(rules_primary: str, rules_secondary: str) -> Clauses:
    """The unusual settlements in the rules of a market."""
    kinds, unread, winners, all_listed = set(), [], None, False
    for sentence in _sentences(rules_primary) + _sentences(rules_secondary):
        of_sentence = {clause.kind for clause in CLAUSES if clause.pattern.search(sentence)}
        kinds |= of_sentence
        all_listed = all_listed or _all_listed.search(sentence) is not None
        if TIES_WIN in of_sentence and (match := _top.search(sentence)):
            winners = int(match[1])
        if not of_sentence and _is_unusual(sentence):
            unread.append(sentence)
    return Clauses(frozenset(kinds), tuple(unread), winners, all_listed)


def _sentences(text: str | None) -> list[str]:
    plain = re.sub(r"\\n|\\|\s+", " ", text or "")
    return [sentence.strip(' "') for sentence in _sentence_end.split(plain) if sentence.strip(' "')]


def _is_unusual(sentence: str) -> bool:
    if _usual.search(sentence) or _definition.search(sentence):
        return False
    return bool(_unusual.search(sentence) and _settled.search(sentence))
