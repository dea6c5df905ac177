"""Every rule that landing can report is in the rulebook, and the other way round."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_rules_in_the_code_and_in_the_rulebook_are_the_same() -> None:
    code = "".join(path.read_text() for path in (ROOT / "reporting" / "feeds").glob("*.py"))
    used = set(re.findall(r'"((?:LAND|ROW)-[A-Z-]+)"', code))
    rules = yaml.safe_load((ROOT / "data_checks" / "rulebook" / "land.yaml").read_text())
    ids = [rule["id"] for rule in rules]
    assert len(ids) == len(set(ids))
    assert set(ids) == used


def test_nothing_in_the_feeds_lets_the_database_open_a_file() -> None:
    """Readers of DuckDB expand globs even in bound parameters; so none is used at all."""
    for path in (ROOT / "reporting" / "feeds").glob("*.py"):
        assert not re.search(r"read_(csv|json|ndjson|parquet|blob)", path.read_text()), path.name
