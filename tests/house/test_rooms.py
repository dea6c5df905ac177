"""The rooms: none too large, no import that nobody declared, and a picture that is true."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from house.rooms import PICTURE, ROOT, picture

CODE = ROOT / "reporting"
MODULES = sorted(CODE.rglob("*.py"))
MAX_MODULES_IN_A_ROOM = 20
MAX_LINES_IN_A_MODULE = 350


def test_no_room_holds_more_modules_than_one_sees_at_a_glance() -> None:
    rooms = {path.parent for path in MODULES}
    sizes = {
        str(room.relative_to(ROOT)): sum(1 for path in room.glob("*.py") if path.stem != "__init__")
        for room in rooms
    }
    assert {room: size for room, size in sizes.items() if size > MAX_MODULES_IN_A_ROOM} == {}


def test_no_module_is_longer_than_a_head_holds() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    assert {name: n for name, n in lengths.items() if n > MAX_LINES_IN_A_MODULE} == {}


def test_every_room_and_module_says_what_belongs_there() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_picture_of_the_rooms_is_that_of_the_code() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run `make rooms`"


def test_every_imported_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_normal(re.split(r"[=<>~!\[]", text)[0]) for text in project["dependencies"]}
    distributions = packages_distributions()
    missing = {}
    for path in MODULES:
        for name in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            top = name.partition(".")[0]
            if top == "reporting" or top in sys.stdlib_module_names:
                continue
            owners = {_normal(owner) for owner in distributions.get(top, [top])}
            if not owners & declared:
                missing[top] = str(path.relative_to(ROOT))
    assert missing == {}


@pytest.mark.slow
def test_every_module_imports_without_a_warning() -> None:
    """Libraries are imported first: their warnings are theirs."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
    ]
    libraries = {
        name
        for path in MODULES
        for name in _imported(ast.parse(path.read_text(encoding="utf-8")))
        if not name.startswith("reporting")
    }
    code = (
        "import importlib, warnings\n"
        f"for name in {sorted(libraries)!r}:\n    importlib.import_module(name)\n"
        "warnings.simplefilter('error')\n"
        f"for name in {names!r}:\n    importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def _imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
