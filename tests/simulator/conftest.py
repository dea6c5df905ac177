"""Venues that several tests look at; made once."""

from pathlib import Path

import pytest

from reporting.simulator.api import SimulationSummary, simulate_on_tape, simulate_venue

RAW_TAPE = Path(__file__).parents[3] / "shared" / "data" / "kalshi" / "raw"


@pytest.fixture(scope="session")
def clean_venue(tmp_path_factory) -> SimulationSummary:
    """Five days without injected errors."""
    out = tmp_path_factory.mktemp("clean") / "in"
    return simulate_venue(out, days=5, accounts=60, trades=2_000, seed=11, errors=False)


@pytest.fixture(scope="session")
def faulty_venue(tmp_path_factory) -> SimulationSummary:
    """The same venue with injected errors."""
    out = tmp_path_factory.mktemp("faulty") / "in"
    return simulate_venue(out, days=5, accounts=60, trades=2_000, seed=11)


@pytest.fixture(scope="session")
def raw_tape(tmp_path_factory) -> SimulationSummary:
    """The real tape, whole window, with a clearing side."""
    if not RAW_TAPE.is_dir():
        pytest.skip("the real tape lies beside the checkout in ../shared, which is absent")
    return simulate_on_tape(RAW_TAPE, tmp_path_factory.mktemp("tape") / "in")
