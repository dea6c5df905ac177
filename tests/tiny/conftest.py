"""The run of the tiny days, made once for the tests of this folder."""

import pytest
from tiny_run import run_all

from reporting.lake import open_lake
from reporting.settings import Settings


@pytest.fixture(scope="session")
def ran(tmp_path_factory) -> tuple[Settings, int]:
    """The settings of the finished run, and the snapshot before the correction arrived."""
    return run_all(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def lakes(ran):
    """The lake as it is (False) and as it was before the correction (True)."""
    settings, before = ran
    with open_lake(settings, read_only=True) as now, open_lake(settings, as_of=before) as then:
        yield {False: now, True: then}
