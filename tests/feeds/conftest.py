from pathlib import Path

import pytest

from feeds.delivery import Inbox, trade
from reporting.feeds.records import LandedFile

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


@pytest.fixture
def kalshi() -> Path:
    """Real samples of the public API; not part of the product."""
    folder = SHARED / "data" / "kalshi"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/kalshi, which is absent")
    return folder


@pytest.fixture(scope="module")
def inbox_file(tmp_path_factory: pytest.TempPathFactory) -> LandedFile:
    """Some landed file of trades."""
    inbox = Inbox(tmp_path_factory.mktemp("inbox"))
    inbox.deliver("t.ndjson", trade() + "\n", "trades")
    return inbox.land().files[0]
