"""One day's trades of the simulated venue, in chunks, with the tape's measured shape."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reporting.simulator import clock, text
from reporting.simulator.market.trades import Trades

CHUNK = 250_000
_CROSS_SECONDS, _QUIET_SECONDS = 60, 120
_CROSS_QTY = 2_500
"""Hundredths in a closing cross at least: enough for the mark policy of the venue."""
_SWEEP_SHARE = 0.013
_FRACTION_SHARE = 0.03
_TAKER_YES = 0.56
# Contracts per trade on the real tape: 21, 152, 935, 4,343 at 50, 90, 99, 99.9 %, at most
# 96,471; below the median 1, 6 at 15 and 25 %. Given as normal scores of the quantiles.
_SCORES = np.array([-1.0364, -0.6745, 0.0, 1.2816, 2.3263, 3.0902, 5.0])
_CONTRACTS = np.log(np.array([1.0, 6.0, 21.0, 152.0, 935.0, 4_343.0, 96_471.0]))


@dataclass(frozen=True)
class Market:
    """A market that trades today: hours in UTC microseconds, prices in centicents; ``most``: whole
    contracts of one trade at most."""

    number: int
    weight: float
    start: int
    end: int
    opening: int
    closing: int
    most: int


def contracts(rng: np.random.Generator, count: int) -> np.ndarray:
    """Whole contracts per trade, distributed as on the tape."""
    drawn = np.exp(np.interp(rng.standard_normal(count), _SCORES, _CONTRACTS))
    return np.maximum(1, np.rint(drawn)).astype(np.int64)


def day_trades(rng: np.random.Generator, count: int, markets: list[Market]) -> Iterator[Trades]:
    """Exactly ``count`` trades; each market's last one is at its closing price.

    A chunk is in order of time; the last chunk ends with the closing crosses.
    """
    weight = np.cumsum([market.weight for market in markets])
    weight /= weight[-1]
    weight[-1] = 1.0
    columns = {
        name: np.array([getattr(market, name) for market in markets], np.int64)
        for name in ("number", "start", "end", "opening", "closing", "most")
    }
    left = count - len(markets)
    while left > CHUNK:
        yield _finish(rng, *_continuous(rng, CHUNK, weight, columns))
        left -= CHUNK
    running = _continuous(rng, left, weight, columns)
    closing = _crosses(rng, columns)
    joined = [np.concatenate(pair) for pair in zip(running, closing, strict=True)]
    yield _finish(rng, *joined)


def _continuous(rng: np.random.Generator, count: int, weight: np.ndarray, columns: dict) -> tuple:
    place = np.searchsorted(weight, rng.random(count), side="right")
    start, end = columns["start"][place], columns["end"][place]
    open_micros = end - _QUIET_SECONDS * clock.MICROS - start
    elapsed = (rng.random(count) * open_micros).astype(np.int64)
    opening, closing = columns["opening"][place], columns["closing"][place]
    drift = (closing - opening) * (elapsed / open_micros)
    cents = np.rint((opening + drift) / 100 + rng.normal(0.0, 1.5, count))
    price = 100 * np.clip(cents, 1, 99).astype(np.int64)
    quantity = _quantities(rng, columns["most"][place])
    taker_yes, micros = _takers(rng, count), start + elapsed
    # A sweep against several makers: rows alike in everything but the identifier.
    sweep = np.flatnonzero(rng.random(count) < _SWEEP_SHARE)
    sweep = sweep[sweep > 0]
    for column in (place, quantity, price, taker_yes, micros):
        column[sweep] = column[sweep - 1]
    return columns["number"][place], quantity, price, taker_yes, micros


def _crosses(rng: np.random.Generator, columns: dict) -> tuple:
    count = len(columns["number"])
    wait = (rng.random(count) * 50 * clock.MICROS).astype(np.int64)
    micros = columns["end"] - _CROSS_SECONDS * clock.MICROS + wait
    quantity = np.maximum(_quantities(rng, columns["most"]), _CROSS_QTY)
    taker_yes = _takers(rng, count)
    return columns["number"], quantity, columns["closing"], taker_yes, micros


def _finish(rng: np.random.Generator, number, quantity, price, taker_yes, micros) -> Trades:
    order = np.argsort(micros, kind="stable")
    return Trades(
        ids=text.random_ids(rng, len(order)),
        market=number[order],
        quantity=quantity[order],
        price=price[order],
        taker_yes=taker_yes[order],
        micros=micros[order],
    )


def _quantities(rng: np.random.Generator, most: np.ndarray) -> np.ndarray:
    """Hundredths of a contract; a few trades are of part of a contract."""
    count = len(most)
    part = np.where(rng.random(count) < _FRACTION_SHARE, rng.integers(1, 100, count), 0)
    return 100 * np.minimum(contracts(rng, count), most) - part


def _takers(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.random(count) < _TAKER_YES
