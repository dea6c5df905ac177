"""Exact integers as printed figures: contracts, shares, ratios, dates. Money is in ``dollars``.

Nothing here passes through floating point. Rounding is half to even.
"""

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EM DASH}"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def scaled(value: int, scale: int, decimals: int) -> str:
    """``value`` / 10**scale with thousand separators, rounded half-even to ``decimals``."""
    sign = MINUS if value < 0 else ""
    magnitude = abs(value)
    drop = scale - decimals
    if drop > 0:
        magnitude = round_half_even(magnitude, 10**drop)
    elif drop < 0:
        magnitude *= 10**-drop
    whole, fraction = divmod(magnitude, 10**decimals)
    if magnitude == 0:
        sign = ""
    return f"{sign}{whole:,}" + (f".{fraction:0{decimals}d}" if decimals else "")


def round_half_even(value: int, divisor: int) -> int:
    """``value`` / ``divisor`` as an integer, halves to even; ``value`` not negative."""
    quotient, rest = divmod(value, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and quotient % 2):
        quotient += 1
    return quotient


def contracts(quantity: int | None) -> str:
    """Contracts from a quantity in 1e-2 contracts; decimals only where there are any."""
    if quantity is None:
        return NONE
    return scaled(quantity, 2, 0 if quantity % 100 == 0 else 2)


def count(value: int | None) -> str:
    return NONE if value is None else scaled(value, 0, 0)


def percent(numerator: int | None, denominator: int | None, decimals: int = 1) -> str:
    """``numerator`` / ``denominator`` in per cent, rounded half-even."""
    if numerator is None or not denominator:
        return NONE
    scaled_up = abs(numerator) * 100 * 10**decimals
    tenths = round_half_even(scaled_up, abs(denominator))
    negative = (numerator < 0) != (denominator < 0)
    return scaled(-tenths if negative else tenths, decimals, decimals) + "%"


def percent_of_ppm(ppm: int | None) -> str:
    return NONE if ppm is None else percent(ppm, 1_000_000)


def percent_of_bps(bps: int | None) -> str:
    return NONE if bps is None else percent(bps, 10_000, 2)


def times_of_bps(bps: int | None) -> str:
    """A ratio in basis points: 13,200 is ``1.32 times``."""
    return NONE if bps is None else scaled(bps, 4, 2) + " times"


def ratio(value: float | None) -> str:
    """A model value with four decimals, such as a volatility ratio."""
    return NONE if value is None else f"{value:,.4f}"


def ratio_of_e6(value_e6: int | None) -> str:
    """The same from millionths."""
    return decimal_of_e6(value_e6, 4)


def decimal_of_e6(value_e6: int | None, decimals: int) -> str:
    """A number that was kept in millionths, such as a statistic of a test."""
    return NONE if value_e6 is None else scaled(value_e6, 6, decimals)


def signed(text: str) -> str:
    """A printed change: a rise with its sign as a fall has it."""
    return text if text.startswith((MINUS, NONE)) or not text.strip("$0.,%") else f"+{text}"


def day_in_words(iso: str | None) -> str:
    """``2025-04-08`` as ``8 April 2025``."""
    if iso is None:
        return NONE
    year, month, day = iso[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def moment(iso: str | None) -> str:
    """A UTC time stamp to the minute: ``8 Apr 22:05``."""
    if iso is None:
        return NONE
    month = MONTHS[int(iso[5:7]) - 1][:3]
    return f"{int(iso[8:10])} {month} {iso[11:16]}"
