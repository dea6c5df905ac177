"""The table of docs/model.md, "One day or five", by calls of the calculator.

Proves that the model's own expected shortfall, printed beside the published quantile of the
probit bridge (margin-model.md section 9), is what `reporting calc margin` gives.
"""

import json
import re

import pytest
from click.testing import CliRunner
from support.calculator_oracle.volatility import adverse_loss_share
from workplace import ROOT

from reporting.cli.main import group
from reporting.replica import draws
from reporting.replica.volatility import bridge

SEED, SCENARIOS = 20260101, 5000
PRICE, DAYS_OUT, DAILY_JUMP = 0.5, 30, 0.005
# By section 9 of the specification.
QUANTILE = {1: 33.4, 5: 70.2}


def table() -> dict[int, list[float]]:
    """By liquidation period: the four numbers of the document."""
    text = (ROOT / "docs" / "model.md").read_text()
    rows = re.findall(
        r"^\| (\d) days? \| ([\d.]+) % \| ([\d.]+) \| ([\d.]+) % \| ([\d.]+) % \|$", text, re.M
    )
    return {int(row[0]): [float(cell) for cell in row[1:]] for row in rows}


@pytest.fixture(scope="module")
def scenarios() -> dict:
    """Draws of a group, a cluster and an event of two states, by the published rule."""
    return {
        "F": {"G": draws.normals(SEED, "F", "G", SCENARIOS)},
        "FJ": {"G": draws.normals(SEED, "FJ", "G", SCENARIOS)},
        "U": {"C": draws.uniforms(SEED, "U", "C", SCENARIOS)},
        "eps": {"E": draws.state_shocks(SEED, "E", 2, SCENARIOS)},
        "xi": {"E": draws.normals(SEED, "xi", "E", SCENARIOS)},
    }


def shortfall(days: int, jump: float, scenarios: dict) -> float:
    """Expected shortfall of one long contract as a share of its price, in per cent."""
    document = {
        "alpha": "0.99",
        "liquidation_days": days,
        "core_floor": 0,
        "events": [
            {
                "id": "E",
                "structure": "binary",
                "probabilities": [PRICE, 1 - PRICE],
                "sigma": bridge(PRICE, DAYS_OUT, days),
                "rho": "0.3",
                "group": "G",
                "jump_probability": 1 - (1 - jump) ** days,
                "ramp": 0,
                "cluster": "C",
                "jump": False,
            }
        ],
        "scenarios": scenarios,
        "accounts": [{"id": "long", "positions": {"E": [1]}}],
    }
    answer = CliRunner().invoke(group, ["calc", "margin", "-"], input=json.dumps(document))
    assert answer.exit_code == 0, answer.output
    return 100 * json.loads(answer.stdout)["accounts"][0]["expected_shortfall"] / PRICE


@pytest.mark.parametrize("days", [1, 5])
def test_the_table_is_what_the_calculator_gives(days: int, scenarios: dict) -> None:
    quantile, sigma, plain, jumping = table()[days]
    assert quantile == QUANTILE[days]
    assert round(100 * adverse_loss_share(PRICE, DAYS_OUT, days), 1) == quantile
    assert round(bridge(PRICE, DAYS_OUT, days), 4) == sigma
    assert round(shortfall(days, 0, scenarios), 1) == plain
    assert round(shortfall(days, DAILY_JUMP, scenarios), 1) == jumping
