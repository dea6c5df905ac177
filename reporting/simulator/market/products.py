"""The products of the simulated venue: one of every event structure, in sectors, near and far.

A ``Product`` says how often an event is listed and how it ends; its ``shape`` builds the
terms of the event's markets (``shapes``).
"""

from dataclasses import dataclass
from functools import partial

from reporting.simulator.market.shapes import (
    ShapeMaker,
    binary,
    brackets,
    candidates,
    ladder,
    payoff_matrix,
    rungs,
    temperature,
    top_two_of_four,
    two_of_five,
)


@dataclass(frozen=True)
class Product:
    """A series whose events close every ``every`` days and settle ``settles_after`` days on.

    ``listed_days``: calendar days from listing to close. Hours are New York wall clock.
    ``void``: '', 'half', 'last' or 'fair'. ``legs_of``: series whose events make a combination.
    ``traded``: how much each of its markets trades, as a multiple of the usual; ``largest``:
    contracts of one trade at most.
    """

    series: str
    title: str
    category: str
    shape: ShapeMaker
    listed_days: int
    every: int
    phase: int = 0
    close_at: tuple[int, int] = (23, 59)
    settles_after: int = 1
    settle_hour: int = 10
    can_close_early: bool = True
    void: str = ""
    fee_type: str = "quadratic"
    multiplier: str = "1"
    legs_of: tuple[str, ...] = ()
    amended: bool = False
    traded: float = 1.0
    largest: int = 5_000


_WEATHER, _ECONOMY, _SPORT = "Climate and Weather", "Economics", "Sports"
_ELECTIONS, _CRYPTO, _CULTURE, _SCIENCE = "Elections", "Crypto", "Culture", "Science"
_MAKER = "quadratic_with_maker_fees"
_AFTERNOON = {"close_at": (14, 0), "settles_after": 0, "settle_hour": 17}
_MORNING = {"close_at": (8, 25), "settles_after": 0}
_OPEN_END = {"traded": 0.25, "largest": 500}
_FAR = {"can_close_early": False, **_OPEN_END}
"""Scheduled events weeks or months ahead. What cannot come early can be held on margin."""


def products(copies: int) -> list[Product]:
    """All products; ``copies`` multiplies the series for a larger venue."""
    return [product for n in range(1, copies + 1) for product in _products(n)]


def _products(n: int) -> list[Product]:
    """The n-th copy of every product, the near ones first."""
    return _near(n) + _far(n)


def _near(n: int) -> list[Product]:
    """Events that end within days; one of every structure."""
    high, sea = f"SIMHIGH{n}", f"SIMSEA{n}"
    copy = partial(_product, n)
    return [
        Product(high, "Highest temperature", _WEATHER, temperature, 1, 1),
        Product(sea, "Highest water temperature", _WEATHER, temperature, 1, 1),
        copy("COMBO", "Both ranges hit", _WEATHER, binary, 1, 1, legs_of=(high, sea)),
        copy("RAIN", "Rain", _WEATHER, binary, 1, 1, amended=n == 1, **_AFTERNOON),
        copy("PRIZE", "Who wins the prize", _CULTURE, candidates, 4, 2, **_AFTERNOON),
        copy("CPI", "Inflation", _ECONOMY, ladder, 8, 4, **_MORNING),
        copy("FUEL", "Fuel price", _ECONOMY, brackets, 6, 3),
        copy("RACE", "First two of the race", _SPORT, two_of_five, 3, 2, multiplier="0.5"),
        copy("OPEN", "Top two of the open", _SPORT, top_two_of_four, 12, 6, can_close_early=False),
        copy("RATE", "Rate decision", _ECONOMY, payoff_matrix, 9, 5, can_close_early=False),
        copy("GAME", "Home wins", _SPORT, binary, 2, 1, void="half", fee_type=_MAKER, **_AFTERNOON),
        copy("CUP", "Cup winner", _SPORT, candidates, 3, 1, void="last", **_AFTERNOON),
        copy("POLL", "Above half", "Polls", binary, 6, 3, fee_type="fee_free", settles_after=2),
    ]


def _far(n: int) -> list[Product]:
    """Events weeks and months ahead, in every sector."""
    copy = partial(_product, n)
    return [
        copy("SEAT", "Who wins the seat", _ELECTIONS, candidates, 90, 45, fee_type=_MAKER, **_FAR),
        copy("GOV", "Is the governor re-elected", _ELECTIONS, binary, 180, 12, **_FAR),
        copy("HOUSE", "Seats won", _ELECTIONS, rungs, 240, 60, **_FAR),
        copy("MEET", "Is the rate cut at the meeting", _ECONOMY, binary, 196, 28, **_FAR),
        copy("GDP", "Growth", _ECONOMY, rungs, 180, 60, **_FAR),
        copy("SNOW", "Snow of the season", _WEATHER, rungs, 180, 60, **_FAR),
        copy("COIN", "Price of the coin", _CRYPTO, rungs, 150, 30, **_FAR),
        copy("AWARD", "Who wins the award", _CULTURE, candidates, 150, 75, **_OPEN_END),
        copy("TITLE", "Who wins the title", _SPORT, candidates, 200, 100, void="fair", **_OPEN_END),
        copy("LAUNCH", "Launches by the date", _SCIENCE, binary, 210, 70, **_OPEN_END),
        copy("MOON", "Happens by the date", _SCIENCE, binary, 500, 250, **_OPEN_END),
    ]


def _product(n: int, name: str, *terms, **more) -> Product:
    """A product of the n-th copy; copies close on different days."""
    return Product(f"SIM{name}{n}", *terms, phase=n, **more)
