"""Settings of the whole test run.

Property tests draw the same examples in every run, so that a red run can be repeated.
``HYPOTHESIS_PROFILE=explore`` draws new ones. No example has a deadline: how long one takes
says how busy the machine is, and nothing of the product. Commands draw less than usual for
the daily check against the second implementation, which has tests of its own.
"""

import os

os.environ.setdefault("REPORTING_REPLICA_DRAWS", "20000")
import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

pytest_plugins = ["support.homes"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test on a whole simulated venue is for the full suite: making one takes as long as a
    hundred others."""
    for item in items:
        if "ran_venue" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
