"""A rule is not in the rulebook without a test of its own, and no test outlives its rule."""

import ast
from pathlib import Path

from reporting.rulebook import load_rulebook

FILES = {
    path.stem: path for path in Path(__file__).parent.glob("*.py") if path.stem == path.stem.upper()
}


def test_every_rule_has_a_file_with_a_test():
    tested = {name for name, path in FILES.items() if _tests(path)}
    assert sorted(load_rulebook().keys() - tested) == []


def test_every_file_is_of_a_rule():
    assert sorted(FILES.keys() - load_rulebook().keys()) == []


def test_every_file_is_collected(pytestconfig):
    """A file whose name pytest does not know passes by never running."""
    patterns = pytestconfig.getini("python_files")
    missed = [name for name, path in FILES.items() if not any(map(path.match, patterns))]
    assert missed == []


def _tests(path: Path) -> list[str]:
    """The test functions of a file. One that is skipped, or is about to fail, counts."""
    body = ast.parse(path.read_text()).body
    functions = [each for each in body if isinstance(each, ast.FunctionDef)]
    return [each.name for each in functions if each.name.startswith("test_")]
