"""Amounts as a person reads them."""


def dollars(centicents: int | None) -> str:
    """Centicents as dollars and cents, exactly when whole cents, else with four decimals."""
    if centicents is None:
        return "none"
    sign = "-" if centicents < 0 else ""
    whole, part = divmod(abs(centicents), 10_000)
    fraction = f"{part:04d}"
    return f"{sign}${whole:,}.{fraction[:2] if fraction.endswith('00') else fraction}"
