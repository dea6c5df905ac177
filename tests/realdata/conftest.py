"""The real data lies beside the checkout and is no part of the product."""

import shutil
from pathlib import Path

import pytest

from realdata.house import House
from reporting.simulator.api import simulate_on_tape

KALSHI = Path(__file__).parents[3] / "shared" / "data" / "kalshi"


@pytest.fixture(scope="session")
def kalshi() -> Path:
    if not KALSHI.is_dir():
        pytest.skip("the real tape lies beside the checkout in ../shared, which is absent")
    return KALSHI


@pytest.fixture(scope="session")
def history_house(kalshi: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The whole history in one drop, market side only, landed and validated."""
    folder = tmp_path_factory.mktemp("history")
    simulate_on_tape(kalshi / "history", folder / "in", clearing=False, one_drop=True)
    return House.over(folder / "in", folder / "home").run(["land", "validate"])


def tape_of(kalshi: Path, folder: Path, event_dates: tuple[str, ...]) -> Path:
    """A tape in the raw layout that holds the events of some dates only."""
    for source in sorted(kalshi.glob("raw/*/*/*.json.gz")):
        if source.name.removesuffix(".json.gz") in event_dates:
            place = folder / source.relative_to(kalshi / "raw")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    return folder
