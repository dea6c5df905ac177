"""The key figures of a date, and how they changed since the previous business date."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Change
from reporting.wording import dollars, numbers


def figures(tables: Tables) -> tuple[dict[str, int | None], dict[str, int | None], str | None]:
    """Key figures by name for today and the previous business date, and that date."""
    rows = tables["key_figures"]
    today = {row["figure"]: row["today"] for row in rows}
    previous = {row["figure"]: row["previous"] for row in rows}
    return today, previous, rows[0]["previous_business_date"] if rows else None


def changes(tables: Tables, names: tuple[str, ...]) -> tuple[Change, ...]:
    """The lines of "what changed" for ``names``, in that order."""
    rows = {row["figure"]: row for row in tables["key_figures"]}
    lines = []
    for row in (rows[name] for name in names if name in rows):
        show = {"centicents": _whole_dollars, "qty": _whole_contracts}.get(
            row["unit"], numbers.count
        )
        moved = numbers.NONE
        if row["today"] is not None and row["previous"] is not None:
            difference = row["today"] - row["previous"]
            moved = show(difference)
            moved = f"+{moved}" if difference > 0 else "0" if difference == 0 else moved
        unit = {"centicents": "US$", "qty": "contracts"}.get(row["unit"], "number")
        lines.append(Change(row["words"], show(row["today"]), show(row["previous"]), moved, unit))
    return tuple(lines)


def _whole_dollars(centicents: int | None) -> str:
    return dollars.amount(centicents, 0)


def _whole_contracts(quantity: int | None) -> str:
    return numbers.NONE if quantity is None else numbers.scaled(quantity, 2, 0)
