"""The venue shares nothing with the system under test but the contract."""

import ast
from pathlib import Path

import reporting.simulator

ALLOWED = ("reporting.contract", "reporting.simulator")


def _imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.append(node.module)
    return names


def test_only_the_contract_is_imported():
    files = sorted(Path(reporting.simulator.__file__).parent.rglob("*.py"))
    assert len(files) > 10
    for path in files:
        own = [name for name in _imports(path) if name.startswith("reporting")]
        assert all(name.startswith(ALLOWED) for name in own), path.name
