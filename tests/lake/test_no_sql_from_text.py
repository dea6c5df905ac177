"""No SQL is put together from text in the package, but in ``reporting/lake/statements.py``.

The syntax trees of all modules are walked for texts that are built (f-strings, ``+``, ``%``,
``format``, ``join``, ``replace``) and hold SQL or are run as SQL.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "reporting"
FRONT = PACKAGE / "lake" / "statements.py"
_SQL = re.compile(
    r"\b(SELECT|INSERT|DELETE|UPDATE|CREATE|ALTER|DROP|ATTACH|DETACH|DESCRIBE|LOAD|INSTALL|COPY"
    r"|PRAGMA|CALL|SET|USE|FROM|WHERE|JOIN|UNION|HAVING|VALUES|(GROUP|ORDER) BY)\b"
    r"|(?i:\bselect\b.+\bfrom\b|\binsert into\b|\bdelete from\b|\b(alter|drop) table\b"
    r"|\bcreate (or replace )?(temp )?(table|view|schema)\b|\battach ')",
    re.DOTALL,
)
_BUILDS = {"format", "format_map", "join", "replace"}
_RUNS = {"execute", "executemany", "query", "sql", "from_query", "SQLExpression", "put_select"}


def _texts(node: ast.AST) -> str:
    """The constant pieces of an expression, gaps between them."""
    found = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return " \N{BLACK SQUARE} ".join(text for text in found if isinstance(text, str))


def _is_built(node: ast.AST) -> bool:
    """Whether an expression makes one text of several."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        sides = (node.left, node.right)
        return any(_is_built(side) or _is_text(side) for side in sides)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Mod):
        return _is_built(node.value) or _is_text(node.value)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _BUILDS
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def sql_from_text(source: str) -> Iterator[int]:
    """Lines on which SQL is built from text, a statement has no constant text, or a part is
    made outside of the front."""
    for node in ast.walk(ast.parse(source)):
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if (
            (_is_built(node) and _SQL.search(_texts(node)))
            or (_called(node) in _RUNS and first is not None and _is_built(first))
            or (_called(node) == "statement" and not (first is not None and _is_text(first)))
            or _called(node) == "Part"
        ):
            yield node.lineno


def _place(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


# SELECTs that follow from the declaration of the streams: every piece is a constant of the
# contract, and tests/engine/test_sql_files.py holds their texts to the rules of the files.
FROM_THE_CONTRACT = {"contract/casts.py", "rulebook/contract_rules.py"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=_place)
def test_no_module_builds_sql_from_text(path):
    if path != FRONT and _place(path) not in FROM_THE_CONTRACT:
        assert sorted(set(sql_from_text(path.read_text()))) == [], path


@pytest.mark.parametrize(
    "source",
    [
        'x = f"SELECT * FROM {table}"',
        'x = f"select * from {table}"',
        'x = "DELETE FROM " + table',
        'x = "SELECT * FROM t" + " WHERE a = " + a',
        'x = f" WHERE business_date IN ({marks})"',
        'x = "INSERT INTO %s" % table',
        'x = "CREATE TABLE {}".format(table)',
        'x = "SELECT * FROM {t}".replace("{t}", table)',
        'x = " UNION ALL ".join(selects)',
        'query += " ORDER BY 1"',
        "connection.execute(first + 'a')",
        "connection.execute(f'{anything}')",
        'connection.execute(" ".join(words))',
        "statement(f'{a}', a=b)",
        "statement(template, a=b)",
        "Part(text)",
    ],
)
def test_the_walk_sees_it(source):
    assert list(sql_from_text(source))


@pytest.mark.parametrize(
    "source",
    [
        'connection.execute("SELECT a FROM t" " WHERE b = ?", [b])',
        'statement("SELECT * FROM {t}", t=lake_table(table))',
        'message = f"one row from {table} where it is wrong"',
        'name = f"{stage}.findings"',
    ],
)
def test_the_walk_lets_pass_what_builds_no_sql(source):
    assert not list(sql_from_text(source))
