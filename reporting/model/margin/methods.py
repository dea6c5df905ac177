"""The margin methods a venue may say it charges by, and how a schedule names one.

Belongs here: the records of the methods. ``portfolio/methods`` charges by them. Source:
margin-model.md section 8, "The venue's own method".
"""

from dataclasses import dataclass
from itertools import pairwise

from reporting.model.margin.schedule_reader import ScheduleReader
from reporting.units import BPS, CENTICENTS_PER_DOLLAR

ECM2 = "ECM-2"
FULL_COLLATERAL = "full_collateral"
SIDE_TABLE = "side_table"
METHODS = (ECM2, SIDE_TABLE, FULL_COLLATERAL)
_MAX_DAYS = 10_000
_MAX_SECONDS = 10**9
_BAND = {"price_up_to_centicents", "days_up_to", "yes_bps", "no_bps"}


@dataclass(frozen=True)
class Band:
    """A cell of a side-specific table.

    It holds for marks up to ``price_up_to_centicents`` and for up to ``days_up_to`` days to expiry;
    yes_bps and no_bps are shares of the largest loss of a long and of a short position.
    """

    price_up_to_centicents: int
    days_up_to: int
    yes_bps: int
    no_bps: int


@dataclass(frozen=True)
class Method:
    """A method and, for a side-specific table, its terms.

    categories: the eligible ones; full_collateral_seconds: an event within this time of its expiry
    is held in full; bands: the first that fits counts; where none fits the event is held in full.
    """

    name: str
    categories: tuple[str, ...] = ()
    full_collateral_seconds: int = 0
    bands: tuple[Band, ...] = ()


def method(read: ScheduleReader) -> Method:
    """The method that a schedule names; ECM-2 if it names none. Raises ModelError."""
    given = read.given("method")
    if given is None:
        return Method(ECM2)
    name = given.get("name") if isinstance(given, dict) else None
    if name not in METHODS:
        raise read.fault("method.name", f"must be one of {', '.join(METHODS)}")
    if name != SIDE_TABLE:
        read.as_record("method", given, {"name"})
        return Method(name)
    keys = {"name", "categories", "full_collateral_seconds", "bands"}
    read.as_record("method", given, keys)
    if not isinstance(given["bands"], list) or not given["bands"]:
        raise read.fault("method.bands", "must be a list of at least one band")
    bands = tuple(_band(read, f"method.bands[{i}]", band) for i, band in enumerate(given["bands"]))
    for i, (band, following) in enumerate(pairwise(bands), start=1):
        if (band.days_up_to, band.price_up_to_centicents) >= (
            following.days_up_to,
            following.price_up_to_centicents,
        ):
            raise read.fault(f"method.bands[{i}]", "bands must rise by days, then by price")
    return Method(
        SIDE_TABLE,
        read.as_texts("method.categories", given["categories"]),
        read.as_whole(
            "method.full_collateral_seconds", given["full_collateral_seconds"], 0, _MAX_SECONDS
        ),
        bands,
    )


def _band(read: ScheduleReader, name: str, value: object) -> Band:
    given = read.as_record(name, value, _BAND)
    return Band(
        read.as_whole(
            f"{name}.price_up_to_centicents",
            given["price_up_to_centicents"],
            1,
            CENTICENTS_PER_DOLLAR,
        ),
        read.as_whole(f"{name}.days_up_to", given["days_up_to"], 1, _MAX_DAYS),
        read.as_whole(f"{name}.yes_bps", given["yes_bps"], 0, BPS),
        read.as_whole(f"{name}.no_bps", given["no_bps"], 0, BPS),
    )
