"""Which outcomes the markets of a real event have, from its metadata alone.

Integer strikes as the public API gives them: ``less`` cap c covers up to c - 1,
``between`` f and c covers both ends, ``greater`` floor f starts at f + 1.
"""

import itertools
import re
from dataclasses import dataclass

import numpy as np

from reporting.simulator.market.listing import PAYOUT, Leg

_TITLED_LADDER = re.compile(r"\b(above|higher|at least|more than)\b", re.IGNORECASE)
_TICKER_STRIKE = re.compile(r"-T(-?[0-9]+(?:\.[0-9]+)?)$")
_HALF = "If the event is voided, all markets settle at 50/50."
_LAST = "settle at the last traded price."


@dataclass(frozen=True)
class Outcomes:
    """Payoffs of the markets (rows) in each state (columns), centicents; see ``Event``."""

    structure: str
    payoffs: np.ndarray
    separate: bool = False
    void_in_payoffs: bool = False
    void_at_mark: bool = False


def outcomes_of(event: dict | None, markets: list[dict]) -> Outcomes:
    """The outcome table of an event; ``event`` is None where the tape has no event record."""
    table = _structure(event, markets)
    rules = " ".join(str(market.get("rules_secondary") or "") for market in markets)
    half = np.full((len(markets), int(_HALF in rules)), PAYOUT // 2)
    payoffs = np.hstack([table.payoffs, half])
    return Outcomes(table.structure, payoffs, table.separate, _HALF in rules, _LAST in rules)


def legs_of(markets: list[dict]) -> tuple[Leg, ...]:
    """The legs of a combination; empty for any other event."""
    selected = markets[0].get("mve_selected_legs") or []
    return tuple(Leg(leg["market_ticker"], leg["side"] == "yes") for leg in selected)


def _structure(event: dict | None, markets: list[dict]) -> Outcomes:
    count = len(markets)
    if count == 1:
        structure = "combination" if legs_of(markets) else "binary"
        return Outcomes(structure, np.array([[0, PAYOUT]]))
    if event is not None and event["mutually_exclusive"]:
        one_winner = np.zeros((count, count), np.int64)
        one_winner[_order(markets), range(count)] = PAYOUT
        if _tiles(markets):
            return Outcomes("exclusive_exhaustive", one_winner)
        return Outcomes("exclusive", np.pad(one_winner, ((0, 0), (0, 1))))
    strikes = _ladder_strikes(markets)
    if strikes is not None:
        # The lower the strike, the more states pay: state j = the j lowest strikes pay.
        rank = np.argsort(np.argsort(strikes))
        return Outcomes("ladder", PAYOUT * (rank[:, None] < np.arange(count + 1)[None, :]))
    brackets = _brackets(markets)
    if brackets is not None:
        return Outcomes("ladder_brackets", brackets)
    return Outcomes("unknown", np.tile([0, PAYOUT], (count, 1)), separate=True)


def _order(markets: list[dict]) -> list[int]:
    """Places of the markets by strike, or by ticker where one has no strike."""
    ranges = [_paying(market) for market in markets]
    if None in ranges:
        ranges = [market["ticker"] for market in markets]
    return sorted(range(len(markets)), key=ranges.__getitem__)


def _tiles(markets: list[dict]) -> bool:
    """Whether the strikes cover every whole number exactly once."""
    covered = []
    for market in markets:
        floor, cap = _number(market.get("floor_strike")), _number(market.get("cap_strike"))
        kind = market.get("strike_type")
        if kind == "less" and cap is not None:
            covered.append((float("-inf"), cap - 1))
        elif kind == "between" and floor is not None and cap is not None:
            covered.append((floor, cap))
        elif kind == "greater" and floor is not None:
            covered.append((floor + 1, float("inf")))
        else:
            return False
    covered.sort()
    if covered[0][0] != float("-inf") or covered[-1][1] != float("inf"):
        return False
    return all(low[1] + 1 == high[0] for low, high in itertools.pairwise(covered))


def _ladder_strikes(markets: list[dict]) -> list[float] | None:
    strikes = []
    for market in markets:
        strike = _number(market.get("floor_strike"))
        if market.get("strike_type") not in ("greater", "greater_or_equal") or strike is None:
            ticker = _TICKER_STRIKE.search(market["ticker"])
            titled = _TITLED_LADDER.search(str(market.get("title") or ""))
            if market.get("strike_type") or not ticker or not titled:
                return None
            strike = float(ticker.group(1))
        strikes.append(strike)
    return strikes if len(set(strikes)) == len(strikes) else None


def _brackets(markets: list[dict]) -> np.ndarray | None:
    """Payoffs of the outcomes in order; neighbours in which all markets pay alike are one.

    Whole strikes: the outcome is a whole number, and payoffs change only next to a strike.
    Other strikes: the outcome may be a strike itself or anything between two of them.
    """
    ranges = [_paying(market) for market in markets]
    if None in ranges:
        return None
    ends = sorted({end for low, high, _ in ranges for end in (low, high) if abs(end) < np.inf})
    outcomes = {ends[0] - 1, *ends, ends[-1] + 1}
    if all(end == int(end) for end in ends):
        outcomes |= {end + step for end in ends for step in (-1, 1)}
    else:
        outcomes |= {(low + high) / 2 for low, high in itertools.pairwise(ends)}
    columns = [[PAYOUT * _pays(paying, at) for paying in ranges] for at in sorted(outcomes)]
    return np.array([column for column, _ in itertools.groupby(columns)]).T


def _paying(market: dict) -> tuple[float, float, bool] | None:
    """Between which strikes a market pays, and whether at the strikes themselves too."""
    floor, cap = _number(market.get("floor_strike")), _number(market.get("cap_strike"))
    kind = str(market.get("strike_type") or "")
    if kind in ("less", "less_or_equal") and cap is not None:
        return -np.inf, cap, kind == "less_or_equal"
    if kind in ("greater", "greater_or_equal") and floor is not None:
        return floor, np.inf, kind == "greater_or_equal"
    if kind == "between" and floor is not None and cap is not None:
        return floor, cap, True
    return None


def _pays(paying: tuple[float, float, bool], outcome: float) -> bool:
    low, high, at_strike = paying
    return low < outcome < high or (at_strike and outcome in (low, high))


def _number(value: object) -> float | None:
    return None if value is None or value == "" else float(str(value))
