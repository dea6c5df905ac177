"""The tables of docs/real-window.md: a summary per series, then a line per series and day."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from realdata.window_margin import VARIANTS, SeriesDay

DOCUMENT = Path(__file__).parents[2] / "docs" / "real-window.md"
MARK = "<!-- Everything below is written by tests/realdata/test_real_window.py. -->\n"
_RATIOS = ("lev", "no a", "1 day", "no r", "no j")
_HEAD = (
    f"{'day':<10} {'acc':>4} {'W':>10} {'IM':>10} {' '.join(f'{name:>6}' for name in _RATIOS)}"
    f" {'lost':>10}  above"
)


def write(rows: Sequence[SeriesDay]) -> None:
    """Replace what stands below the mark by the tables of the rows."""
    words = DOCUMENT.read_text().partition(MARK)[0]
    DOCUMENT.write_text(f"{words}{MARK}\n{tables(rows)}")


def tables(rows: Sequence[SeriesDay]) -> str:
    """All tables, from the rows of all series."""
    by_series: dict[str, list[SeriesDay]] = {}
    for row in sorted(rows, key=lambda row: (row.series, row.day)):
        by_series.setdefault(row.series, []).append(row)
    parts = [
        "## Leverage by series",
        "W / IM of all accounts: mean of the days, and the highest of a day.",
        _table(
            ("series", "days", "account-days", *VARIANTS, "highest, in force", "on"),
            (_leverage_cells(name, of) for name, of in by_series.items()),
        ),
        "## Losses above margin by series",
        "Account-days on which the static book lost more than its margin by the next close; in"
        " brackets, the number of days.",
        _table(
            ("series", "account-days with a loss", *VARIANTS, "above W"),
            (_exceeded_cells(name, of) for name, of in by_series.items()),
        ),
        "## Largest loss of an account by series",
        "The largest loss of one account from one close to the next, and its margin in force; and"
        " the largest excess of a loss over the margin in force.",
        _table(
            ("series", "close of", "loss, $", "margin, $", "loss / margin", "most above, $", "on"),
            (_largest_cells(name, of) for name, of in by_series.items()),
        ),
        "## Every series, every day",
        "acc: accounts; W and IM (in force) in dollars; lev: W / IM in force, then without add-ons,"
        " with one day of liquidation, with no ramp, and with no ramp and no jump requirement;"
        " lost: total loss of the losing accounts until the next close, dollars; above: accounts"
        " whose loss exceeded the margin, in the same order, and W.",
    ]
    for name, of in by_series.items():
        lines = "\n".join(line(row) for row in of)
        parts.append(f"### {name}\n\n```\n{_HEAD}\n{lines}\n```")
    return "\n\n".join(parts) + "\n"


def line(row: SeriesDay) -> str:
    """One series and day as it stands in the document."""
    leverage = " ".join(f"{_ratio(row.worst_case, initial):>6}" for initial in row.initial)
    above = "/".join(str(count) for count in (*row.exceeded, row.above_worst_case))
    return (
        f"{row.day} {row.accounts:>4} {row.worst_case:>10,.0f} {row.initial[0]:>10,.0f} {leverage}"
        f" {row.lost:>10,.0f}  {above}"
    )


def lines_of(text: str, series: str, days: Iterable[date]) -> list[str]:
    """The lines of a series and some days in the document's text."""
    block = text.partition(f"### {series}\n")[2].partition("### ")[0].splitlines()
    wanted = tuple(day.isoformat() for day in days)
    return [found for found in block if found.startswith(wanted)]


def _ratio(worst_case: float, initial: float) -> str:
    return f"{worst_case / initial:.2f}" if initial else "-"


def _leverage_cells(name: str, rows: Sequence[SeriesDay]) -> list[str]:
    used = [row for row in rows if row.worst_case]
    means = [
        sum(row.worst_case / row.initial[n] for row in used) / len(used)
        for n in range(len(VARIANTS))
    ]
    most = max(used, key=lambda row: row.worst_case / row.initial[0])
    return [
        name,
        f"{len({row.day for row in rows})}",
        f"{sum(row.accounts for row in rows):,}",
        *(f"{mean:.2f}" for mean in means),
        _ratio(most.worst_case, most.initial[0]),
        f"{most.day}",
    ]


def _exceeded_cells(name: str, rows: Sequence[SeriesDay]) -> list[str]:
    cells = [name, f"{sum(row.losing for row in rows):,}"]
    for n in range(len(VARIANTS)):
        days = {row.day for row in rows if row.exceeded[n]}
        cells.append(f"{sum(row.exceeded[n] for row in rows):,} ({len(days)})")
    return [*cells, f"{sum(row.above_worst_case for row in rows):,}"]


def _largest_cells(name: str, rows: Sequence[SeriesDay]) -> list[str]:
    most = max(rows, key=lambda row: row.largest_loss)
    excess = max(rows, key=lambda row: row.largest_excess)
    return [
        name,
        f"{most.day}",
        f"{most.largest_loss:,.0f}",
        f"{most.in_force_margin:,.0f}",
        f"{most.largest_loss / most.in_force_margin:.0%}" if most.in_force_margin else "-",
        f"{excess.largest_excess:,.2f}",
        f"{excess.day}" if excess.largest_excess else "-",
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
