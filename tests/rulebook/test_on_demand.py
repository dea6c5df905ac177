"""A module imported on demand is the module itself to who uses it, and costs nobody else."""

import importlib
import subprocess
import sys

import pytest

from reporting.rulebook.on_demand import on_demand


def test_it_is_imported_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with on_demand("colorsys"):
        import colorsys as standing_in
    assert "colorsys" not in sys.modules
    assert standing_in.rgb_to_hls(1, 1, 1) == (0, 1, 0)
    assert sys.modules["colorsys"].__file__
    assert standing_in.rgb_to_hls is importlib.import_module("colorsys").rgb_to_hls
    with pytest.raises(AttributeError):
        _ = standing_in.no_such_name


def test_one_that_is_there_already_is_left_alone() -> None:
    import colorsys as before

    with on_demand("colorsys"):
        import colorsys as inside
    assert inside is before and sys.modules["colorsys"] is before


@pytest.mark.slow
def test_rules_do_without_what_they_never_use() -> None:
    """Great Expectations, loaded as the rules load it, has the real modules when it asks."""
    program = (
        "import sys, reporting.rulebook.gx\n"
        "print('altair' in sys.modules, 'scipy.stats' in sys.modules)\n"
        "from great_expectations.expectations.core import"
        " expect_column_kl_divergence_to_be_less_than as of\n"
        "print(round(of.stats.entropy([0.5, 0.5], base=2), 9))\n"
        "from scipy import stats\n"
        "print(stats.__name__, bool(stats.__file__))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["False False", "1.0", "scipy.stats True"], done.stderr
