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
from reporting.pipeline.review.document import make_review
from reporting.settings import ROOT
from reporting.simulator.api import simulate_on_tape

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
    # Cover, reverse stress, liquidity, backtests, constant margin, size and use of margin.
    assert len(lines) == 7
    document = text_of("temperature").splitlines()
    assert [line for line in lines if line not in document] == []
