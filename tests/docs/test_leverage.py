"""The leverage table of docs/model.md, cell by cell, by calls of the calculator.

Each cell must lie within its printed sampling error of one seed's answer, and within both errors of
the table of margin-model.md section 9, which another implementation made.
"""

import json
import re

import pytest
from click.testing import CliRunner
from workplace import ROOT

from reporting.cli.main import group
from reporting.model.scenarios.draws import normals, stratified

SEED, SCENARIOS = 20260101, 5000
DAYS = (7, 14, 30, 60, 90, 180, 365)
CYCLE_DAYS = 1 / 3
SPECIFIED = {
    ("one contract", 5, 0.5, 1): (1.00, 1.02, 1.14, 1.34, 1.49, 1.75, 2.06),
    ("one contract", 5, 0.8, 1): (1.00, 1.10, 1.57, 2.12, 2.48, 3.06, 3.78),
    ("one contract", 5, 0.5, 0.5): (1.00, 1.02, 1.20, 1.54, 1.83, 2.46, 3.35),
    ("5 events", 5, 0.5, 1): (1.01, 1.33, 1.84, 2.57, 3.10, 4.39, 5.95),
    ("20 events", 5, 0.5, 1): (1.03, 1.53, 2.26, 3.46, 4.60, 7.28, 10),
    ("20 events", 5, 0.5, 0.5): (1.12, 2.99, 5.28, 8.46, 10, 10, 10),
    ("one contract", 1, 0.5, 1): (1.15, 1.40, 1.68, 2.01, 2.19, 2.65, 3.83),
    ("5 events", 1, 0.5, 1): (1.74, 2.80, 4.03, 5.48, 6.46, 8.47, 10),
    ("20 events", 1, 0.5, 1): (2.03, 3.80, 6.41, 9.91, 10, 10, 10),
}
"""By book, liquidation period, price and volatility ratio: the table of the specification."""

_EVENTS = {"one contract": 1, "5 events": 5, "20 events": 20}
_ROUNDED = 0.011
"""Two means rounded to a hundredth may differ by that much."""


def printed() -> dict[tuple, list[tuple[float, float]]]:
    """The table of the page: mean and standard deviation of a seed, by row."""
    rows = {}
    for line in (ROOT / "docs" / "model.md").read_text().splitlines():
        head = re.match(r"\| ([\w ]+), (\d) days? \| ([\d.]+) \| ([\d.]+) \|", line)
        if head:
            cells = re.findall(r"([\d.]+) ± ([\d.]+)", line)
            key = head[1], int(head[2]), float(head[3]), float(head[4])
            rows[key] = [(float(mean), float(sd)) for mean, sd in cells]
    return rows


def leverage(events: int, days: int, price: float, ratio: float, tau: int) -> float:
    """W / IM of one long contract of each event, by the calculator."""
    names = [f"E{number}" for number in range(events)]
    tau0, tau1 = days + CYCLE_DAYS, days + 7
    document = {
        "alpha": "0.99",
        "core_floor": "0.1",
        "gap_quantile": "0.999",
        "events": [
            {
                "id": name,
                "structure": "binary",
                "probabilities": [1 - price, price],
                "information": 1 - (1 - days / tau) ** (ratio * ratio),
                "gap_information": 1 - (1 - days / tau) ** max(ratio * ratio, 1),
                "lumps": 10,
                "rho": "0.3",
                "group": "G",
                "ramp": min(1, max(0, (tau1 - tau) / (tau1 - tau0))),
                "cluster": name,
                "gap": "move",
            }
            for name in names
        ],
        "scenarios": {
            "F": {"G": normals(SEED, "F", "G", SCENARIOS).tolist()},
            "U": {name: [1] * SCENARIOS for name in names},
            "eps": {name: normals(SEED, "eps", name, SCENARIOS).tolist() for name in names},
            "info": {name: stratified(SEED, "info", name, SCENARIOS).tolist() for name in names},
        },
        "accounts": [{"id": "long", "positions": {name: [1] for name in names}}],
    }
    answer = CliRunner().invoke(group, ["calc", "margin", "-"], input=json.dumps(document))
    assert answer.exit_code == 0, answer.output
    account = json.loads(answer.stdout)["accounts"][0]
    return account["worst_case_loss"] / account["initial_margin"]


@pytest.mark.parametrize("row", SPECIFIED, ids=str)
def test_the_page_agrees_with_the_specification(row) -> None:
    """The page's mean of 20 seeds is within 4 standard errors of the printed one, which is one draw
    of 100,000 scenarios and has an error like it."""
    for (mean, sd), specified in zip(printed()[row], SPECIFIED[row], strict=True):
        assert mean == pytest.approx(specified, abs=_ROUNDED + 4 * (2**0.5) * sd / 20**0.5)


@pytest.mark.parametrize("place", [1, 4], ids=["14 days", "90 days"])
@pytest.mark.parametrize("row", [row for row in SPECIFIED if row[0] != "20 events"], ids=str)
def test_a_call_of_the_calculator_gives_the_cell(row, place) -> None:
    book, *parameters = row
    mean, sd = printed()[row][place]
    found = leverage(_EVENTS[book], *parameters, DAYS[place])
    assert found == pytest.approx(mean, abs=_ROUNDED + 4 * sd)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(DAYS)))
@pytest.mark.parametrize("row", SPECIFIED, ids=str)
def test_every_cell_of_the_table(row, place) -> None:
    book, *parameters = row
    mean, sd = printed()[row][place]
    found = leverage(_EVENTS[book], *parameters, DAYS[place])
    assert found == pytest.approx(mean, abs=_ROUNDED + 4 * sd)
