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


def test_what_is_said_by_hand_stands_in_the_document():
    said = " ".join((ROOT / "docs" / "risk-review.md").read_text(encoding="utf-8").split())
    shock, dependence = cells("largest moves of VIX"), cells("chance up to")["VIX level"]
    size, cover, liquidity = cells("money at risk"), cells("Cover-1"), cells("two payers")
    groups, trends = cells("multiple for the level")["accounts"], text_of("temperature")

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
    assert {row["Cover-2"] for row in cover.values()} == {"0"}
    assert {row["margin breaks"] for row in cells("margin breaks").values()} == {"0"}
    assert f"all {groups['observations']} observations of the backtest margin" in said
    assert f"In {groups['observations']} of {groups['observations']} observations" in trends
    loss = max(int(row["largest group loss"].replace(",", "")) for row in cover.values())
    assert f"margin was ${loss:,}," in said
    outflow = max(int(row["two payers"].replace(",", "")) for row in liquidity.values())
    assert f"two payers fail ${outflow:,}." in said
    assert {row["prefunded"] for row in cover.values()} == {"2,300,000"}
    unsecured = {day: int(row["unsecured"].replace(",", "")) for day, row in size.items()}
    hit = [day for day, value in unsecured.items() if value]
    assert f"On {len(hit)} of {len(size)} dates" in said and hit[-1] == "2025-03-04"
    assert max(unsecured, key=unsecured.get) == "2025-03-02"
    assert f"${unsecured['2025-03-02']:,} on 2 March at most" in said
    first, last = (size[day]["utilisation"] for day in ("2025-03-01", "2025-04-11"))
    assert f"utilisation falls from {first} to {last}" in said
    assert f"lies between {groups['clustered, low']} and {groups['high']}" in said
    assert f"{groups['resolutions']} resolutions cannot prove" in said
    assert "open interest -58.2% over 7 days" in trends and "falls by 58.2%" in said
    moves = "Its largest tenth of moves, up or down, came on 3 April 2025, 4 April 2025, 9 April"
    assert f"VIX peaked at 52.33 on 8 April 2025. {moves}" in trends


def test_what_is_said_of_the_macro_ladders_stands_in_their_review():
    """Each number that is quoted by hand, as the document has it."""
    document = (ROOT / "docs" / "risk-review.md").read_text(encoding="utf-8")
    said = " ".join(document.split("## What a committee should conclude of the")[1].split())
    found = " ".join(text_of("macro").split())
    for words, written in (
        ("2,770 trades against 953", "trades (2,770 against 953)"),
        ("39,073 dollars of variation against 13,628", "by losers (39,073 against 13,628)"),
        ("stood at 1,510,266 against 723,180", "initial margin (1,510,266 against 723,180)"),
        ("0.56 with its level", "VIX level 0.56 (35 dates, beyond chance)"),
        ("0.50 with its moves over 35 dates", "VIX move 0.50 (35 dates, beyond chance)"),
        ("chance alone reaches 0.34", "| VIX level | 35 | 60 | 0.56 | 0.34 |"),
        ("No breach in 5,325", "(0 breaches in 5,325 observations)"),
        ("in 183 of the 5,166", "In 183 of 5,166 observations"),
        ("took 0.95 times the margin", "0.95 times for every loss"),
        ("between 85.18% and 100.00%", "coverage lies between 85.18% and 100.00%"),
        ("23 resolutions carry", "44 dates and 23 resolutions"),
        ("10 April, when Cover-2 reached $3,708 in S10-G03", "$3,708 on 10 April 2025, in S10-G03"),
        ("a dollar of them until 10 April", "on 2 of 42 dates, first 10 April 2025"),
        ("was $300,330 that day", "was $300,330, of G01 on 10 April 2025"),
        (
            "between $4.36 and $4.68, peak to trough 1.07",
            "$4.68 over 48 dates (peak to trough 1.07)",
        ),
        ("by 7.4% at most in five dates", "rose by at most 7.4% in five dates"),
        ("up to 83.85% of margin", "at most 83.85% of margin"),
        ("up to 74.49% of open interest", "74.49% of open interest"),
        ("from 167,037 contracts to 3,059,805", "from 167,037 contracts on 1 March 2025"),
    ):
        assert words in said and written in found, words
