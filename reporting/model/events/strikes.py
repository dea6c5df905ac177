"""Strikes: the range of outcome values for which a contract pays.

Belongs here: reading the range from a market's strike fields or, if they are missing, from
its text and ticker together. A range read from text counts only if the strike in the ticker
confirms the number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# A number with its unit; a digit inside a word or a name (U-3, Q2) does not count.
_NUMBER = r"(-?\$?\d[\d,]*(?:\.\d+)?)(?![\d.]*\d)(?:\s*%|\s*°[FC]?)?(?![A-Za-z\d])"
_PHRASES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("between", rf"\bbetween {_NUMBER} (?:and|to) {_NUMBER}"),
        ("between", rf"^{_NUMBER} to {_NUMBER}$"),
        ("at_most", rf"(?<![\w.,-]){_NUMBER} or (?:below|less|lower|fewer)\b"),
        ("at_least", rf"(?<![\w.,-]){_NUMBER} or (?:above|more|higher|greater)\b"),
        ("at_most", rf"\bat most {_NUMBER}"),
        ("at_least", rf"\bat least {_NUMBER}"),
        ("below", rf"\b(?:below|less than|lower than|fewer than|under) {_NUMBER}"),
        ("above", rf"\b(?:above|more than|higher than|greater than|over) {_NUMBER}"),
    )
)
# Kalshi-style strike at the end of a ticker: -T2.5, -T.5, -T-0.1, -TN0.3, -B68.5, -C365, -A6.5.
_TICKER_STRIKE = re.compile(r"^(.*)-([TBCA])(N?)(-?(?:\d+(?:\.\d+)?|\.\d+))$")
_ABOVE = re.compile(r"\b(?:above|more than|higher than|greater than|over)\b", re.IGNORECASE)
_AT_LEAST = re.compile(r"\bat least\b", re.IGNORECASE)
_DOWNWARD = re.compile(r"\b(?:below|less|lower|fewer|under|at most)\b", re.IGNORECASE)
# "No more than 2.5", "not above 2.5": the negation reverses the direction.
_NEGATION = re.compile(r"\b(?:no|not|never|neither|nor|without|fails? to)\b|n't\b", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"(?<![\w.-])-?\$?\d[\d,]*(?:\.\d+)?(?![\w.]*\w)")


@dataclass(frozen=True)
class Range:
    """Values for which a contract pays. None: unbounded; ``*_in``: the end is included."""

    lower: Decimal | None
    lower_in: bool
    upper: Decimal | None
    upper_in: bool

    def covers(self, value: Decimal) -> bool:
        """Whether the contract pays at this value."""
        above = self.lower is None or value > self.lower or (self.lower_in and value == self.lower)
        below = self.upper is None or value < self.upper or (self.upper_in and value == self.upper)
        return above and below

    @property
    def is_whole(self) -> bool:
        """Whether each strike that is set is a whole number."""
        ends = [end for end in (self.lower, self.upper) if end is not None]
        return all(end == end.to_integral_value() for end in ends)


def decimal_or_none(text: str | None) -> Decimal | None:
    """The number in a strike's decimal text; None when absent or not finite."""
    try:
        value = Decimal((text or "").strip().replace(",", "").replace("$", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def range_from_fields(strike_type: str, floor: str | None, cap: str | None) -> Range | None:
    """The range stated by the strike fields; None when they do not state one."""
    low, high = decimal_or_none(floor), decimal_or_none(cap)
    if strike_type in ("greater", "greater_or_equal") and low is not None:
        return Range(low, strike_type == "greater_or_equal", None, False)
    if strike_type in ("less", "less_or_equal") and high is not None:
        return Range(None, False, high, strike_type == "less_or_equal")
    if strike_type == "between" and low is not None and high is not None and low <= high:
        return Range(low, True, high, True)
    return None


def ticker_strike(ticker: str) -> tuple[str, Decimal] | None:
    """Letter and number at the end of a Kalshi-style ticker: ``-TN0.3`` gives (T, -0.3)."""
    match = _TICKER_STRIKE.match(ticker)
    if match is None:
        return None
    number = Decimal(match[4])
    return match[2], -number if match[3] else number


def ticker_stem(ticker: str) -> str | None:
    """A Kalshi-style ticker without its strike; None if it has no strike."""
    match = _TICKER_STRIKE.match(ticker)
    return match[1] if match else None


def range_from_words(texts: tuple[str, ...], ticker: str) -> Range | None:
    """The range stated by the text, if the ticker's strike confirms it; else None.

    texts: in order of preference. If the text names the direction only ("above the strike"),
    the number comes from a -T ticker. A -T ticker alone is not enough: this venue uses -T for
    "below the lowest" as well as for "above the highest".
    """
    strike = ticker_strike(ticker)
    if strike is None:
        return None
    letter, number = strike
    for text in texts:
        ranges = _ranges_in(text)
        if len(ranges) > 1 or ((ranges or letter == "T") and _NEGATION.search(text)):
            return None
        if ranges:
            return ranges[0] if _confirms(letter, number, ranges[0]) else None
        if letter == "T" and not _DOWNWARD.search(text):
            if _AT_LEAST.search(text):
                return Range(number, True, None, False)
            if _ABOVE.search(text):
                return Range(number, False, None, False)
    return None


def template(texts: tuple[str, ...], strikes: Range) -> str:
    """The text without the strike; contracts on the same variable have the same template."""
    ends = {end for end in (strikes.lower, strikes.upper) if end is not None}
    words = []
    for text in texts:
        text = _clean(text)
        for _, pattern in _PHRASES:
            text = pattern.sub("#", text)

        def without_strike(match: re.Match) -> str:
            return "#" if decimal_or_none(match[0]) in ends else match[0]

        text = _BARE_NUMBER.sub(without_strike, text)
        words.append(text.casefold())
    return " | ".join(words)


def ticker_agrees(ticker: str, strikes: Range) -> bool:
    """Whether the strike in a Kalshi-style ticker confirms the range."""
    strike = ticker_strike(ticker)
    return strike is not None and _confirms(*strike, strikes)


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", "")).strip()


def _ranges_in(text: str) -> list[Range]:
    ranges = []
    for kind, pattern in _PHRASES:
        for match in pattern.finditer(_clean(text)):
            numbers = [decimal_or_none(group) for group in match.groups()]
            if kind == "between" and numbers[0] <= numbers[1]:
                ranges.append(Range(numbers[0], True, numbers[1], True))
            elif kind in ("at_least", "above"):
                ranges.append(Range(numbers[0], kind == "at_least", None, False))
            elif kind in ("at_most", "below"):
                ranges.append(Range(None, False, numbers[0], kind == "at_most"))
    return ranges


def _confirms(letter: str, number: Decimal, strikes: Range) -> bool:
    if strikes.lower is not None and strikes.upper is not None:
        return letter != "T" and strikes.covers(number)
    end = strikes.lower if strikes.lower is not None else strikes.upper
    # -C365 stands for 365,000; "62° or below" is written -T63, "76° or above" -T75.
    neighbour = end - 1 if strikes.lower is not None else end + 1
    inclusive = strikes.lower_in or strikes.upper_in
    return number in (end, end / 1000) or (inclusive and strikes.is_whole and number == neighbour)
