"""docs/risk-review/ is what ``reporting review`` makes of the real window, and what
docs/risk-review.md says of it by hand stands there.

One date is made again here. All of both documents, which takes some minutes:

    REPORTING_WRITE_RISK_REVIEW=1 pytest tests/realdata/test_risk_review.py
"""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from realdata.house import House
from realdata.window_tape import LOADED, WINDOW, macro_tape, temperature_tape
from reporting.settings import ROOT
from reporting.simulator.api import simulate_on_tape
from reporting.studies.risk_review.document import make_review

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-window")]

REGENERATE = "REPORTING_WRITE_RISK_REVIEW"
DOCUMENTS = ROOT / "docs" / "risk-review"
TAPES = {"temperature": temperature_tape, "macro": macro_tape}
REMADE = WINDOW[0]
"""The first date of the window: what is loaded of later ones changes nothing on it."""


def house_of(tape: Path, kalshi: Path, folder: Path, last: date) -> House:
    """A clean clearing side on a tape with the real risk series, run up to a date."""
    simulate_on_tape(tape, folder / "in", errors=False, risk=kalshi.parent / "risk")
    house = House.over(folder / "in", folder / "home")
    days = [day for day in house.days if day <= last]
    return house.run(["land", "validate", "recompute", "stress"], days)


def text_of(name: str) -> str:
    return (DOCUMENTS / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TAPES)
def test_the_documents_are_written_from_the_whole_window(kalshi, tmp_path, name):
    if not os.environ.get(REGENERATE):
        pytest.skip(f"{REGENERATE}=1 writes docs/risk-review/ again")
    tape = TAPES[name](kalshi, tmp_path / "tape")
    house = house_of(tape, kalshi, tmp_path, LOADED[1])
    (DOCUMENTS / f"{name}.md").write_text(make_review(house.settings, *WINDOW), encoding="utf-8")


def test_the_lines_of_a_date_are_made_again(kalshi, tmp_path):
    tape = temperature_tape(kalshi, tmp_path / "tape", last=REMADE + timedelta(days=2))
    house = house_of(tape, kalshi, tmp_path, REMADE)
    text = make_review(house.settings, REMADE, REMADE)
    lines = [line for line in text.splitlines() if line.startswith(f"| {REMADE} |")]
    # Cover, reverse stress, liquidity, size and use of margin. Every book is at its worst case:
    # no backtest tests the model, and no margin would move with volatility.
    assert len(lines) == 5
    document = text_of("temperature").splitlines()
    assert [line for line in lines if line not in document] == []


def cells(head: str) -> dict[str, dict[str, str]]:
    """Rows of the first table of the document that has such a head, by their first cell."""
    lines = text_of("temperature").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| ") and head in line)
    names = [name.strip() for name in lines[start].strip("|").split("|")]
    found = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        row = dict(zip(names, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
        found.setdefault(row[names[0]], row)
    return found


def _whole(cell: str) -> int:
    return int(cell.replace(",", ""))


def test_what_is_said_by_hand_stands_in_the_document():
    said = " ".join((ROOT / "docs" / "risk-review.md").read_text(encoding="utf-8").split())
    shock, dependence = cells("largest moves of VIX"), cells("chance up to")["VIX level"]
    size, cover, liquidity = cells("money at risk"), cells("Cover-1"), cells("two payers")
    trends = text_of("temperature")

    def both(what: str) -> tuple[str, str]:
        return shock[what]["median of these dates"], shock[what]["of the others"]

    paid, usual = both("variation paid by losers")
    assert f"losers paid a median of {paid} dollars of variation" in said
    assert f"against {usual} on the other dates with a close." in said
    for what in ("event volatility", "initial margin"):
        assert "{} against {}".format(*both(what)) in said
    assert (
        f"is {dependence['Spearman']} over {dependence['dates']} dates, where chance alone"
        f" reaches {dependence['chance up to']}"
    ) in said
    assert len(size) == len(cover) == 42
    assert {row["leverage"] for row in size.values()} == {"1.00"}
    assert {row["margin breaks"] for row in cells("margin breaks").values()} == {"0"}
    assert "No date of the window has a backtest result of a model-driven book" in trends
    short = [row for row in cover.values() if _whole(row["Cover-2"]) > _whole(row["prefunded"])]
    assert f"prefunded resources on {len(short)} of 42 dates" in " ".join(said.split())
    assert "rise by $25,511." in trends and "by $25,511 at most" in said
    assert sum(row["family"] == "S4" for row in short) > len(short) - 3
    loss = max(_whole(row["largest group loss"]) for row in cover.values())
    assert f"margin was ${loss:,}," in said
    outflow = max(_whole(row["two payers"]) for row in liquidity.values())
    assert f"two payers fail ${outflow:,}." in said
    unsecured = {day: _whole(row["unsecured"]) for day, row in size.items()}
    hit = [day for day, value in unsecured.items() if value]
    assert f"On {len(hit)} of {len(size)} dates accounts had lost" in said
    assert max(unsecured, key=unsecured.get) == "2025-03-02"
    assert f"${unsecured['2025-03-02']:,} on 2 March at most" in said
    first, last = (size[day]["utilisation"] for day in ("2025-03-01", "2025-04-11"))
    assert f"utilisation falls from {first} to {last}" in said
    assert "open interest -58.7% over 7 days" in trends and "falls by 58.7%" in said
    moves = "Its largest tenth of moves, up or down, came on 3 April 2025, 4 April 2025, 9 April"
    assert f"VIX peaked at 52.33 on 8 April 2025. {moves}" in trends


def test_what_is_said_of_the_macro_ladders_stands_in_their_review():
    """Each number that is quoted by hand, as the document has it."""
    document = (ROOT / "docs" / "risk-review.md").read_text(encoding="utf-8")
    said = " ".join(document.split("## What a committee should conclude of the")[1].split())
    found = " ".join(text_of("macro").split())
    for words, written in (
        ("1.39 to 2.26 times their margin", "1.39 to 2.26 (margined books, peak on 21 March 2025)"),
        ("2,770 trades against 953", "trades (2,770 against 953)"),
        ("42,571 dollars of variation against 12,190", "by losers (42,571 against 12,190)"),
        ("stood at 1,244,526 against 479,188", "initial margin (1,244,526 against 479,188)"),
        ("0.48 with its level", "VIX level 0.48 (35 dates, beyond chance)"),
        ("0.58 with its moves over 35 dates", "VIX move 0.58 (35 dates, beyond chance)"),
        ("chance alone reaches 0.34", "| VIX level | 35 | 60 | 0.48 | 0.34 |"),
        ("One breach in 5,139", "| all | not known | - | 44 | 5,139 | 1 |"),
        ("in 78 of the 5,080", "In 78 of 5,080 observations"),
        ("between 85.15% and 100.00%", "lies between 85.15% and 100.00% by resolution"),
        ("23 resolutions carry", "44 dates and 23 resolutions"),
        ("1.17 times its margin", "accounts 0.69 times for 99.00%, 1.17 times for every loss"),
        ("took 0.69 times their margin", "accounts 0.69 times for 99.00%"),
        ("of long contracts 0.66", "long 0.66 times for 99.00%"),
        ("of short ones 0.70", "short 0.70 times for 99.00%"),
        ("of ladders 0.42", "ladder 0.42 times for 99.00%"),
        ("on 14 of 42 dates, by $91,689 on 10 April", "rise by $91,689."),
        ("S2b-G01+G03-no category would have cost $151,199", "The peak, $151,199 on 10 April 2025"),
        ("From 28 March on", "exhausted prefunded resources, first on 28 March 2025"),
        ("up to 90.46% of margin", "at most 90.46% of margin"),
        ("up to 75.30% of open interest", "75.30% of open interest"),
        (
            "between $1.52 and $2.33, peak to trough 1.53",
            "$2.33 over 48 dates (peak to trough 1.53)",
        ),
        ("by 7.9% at most in five dates", "rose by at most 7.9% in five dates"),
        ("measured at 1.23** (0.99 to 1.46)", "estimated at 1.2252 (0.9896 to 1.4622)"),
        ("from 168,145 contracts to 2,998,401", "from 168,145 contracts on 1 March 2025"),
    ):
        assert words in said and written in found, words
