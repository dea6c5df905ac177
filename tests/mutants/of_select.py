"""Wrong versions of a rule's SELECT, each wrong in one place.

- The rule finds nothing.
- A bound moves by one. A bound is a number that is compared or calculated with, or a span of
  time. A position in a text is none, nor a stand-in for a missing value.
- A strict comparison lets the bound in, or one that lets it in turns strict.
- A condition is left out.

The column ``detail`` is left alone: words are no finding.
"""

from collections import Counter
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

_DIALECT = "duckdb"
_FLIPPED = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
_CALCULATES = (exp.Binary, exp.Neg, exp.Between, exp.In, exp.Interval, exp.Paren)
_RECOGNISED = (exp.Predicate, exp.Interval, exp.Not)


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """(what is wrong, the SELECT that is wrong so)."""
    tree = sqlglot.parse_one(sql, read=_DIALECT)
    yield "finds nothing", f"SELECT * FROM ({_text(tree)}) WHERE FALSE"
    places = {id(node): place for place, node in enumerate(tree.walk())}
    seen: Counter[str] = Counter()
    for node in tree.walk():
        if _in_detail(node):
            continue
        around = _around(node)
        for replacement in _wrong(node):
            wrong = tree.copy()
            _at(wrong, places[id(node)]).replace(replacement)
            name = f"{_text(around)} -> {_text(_at(wrong, places[id(around)]))}"
            seen[name] += 1
            yield name if seen[name] == 1 else f"{name} ({seen[name]})", _text(wrong)


def as_parsed(sql: str) -> str:
    """The SELECT with nothing wrong, as the mutants are written."""
    return _text(sqlglot.parse_one(sql, read=_DIALECT))


def _wrong(node: exp.Expression) -> Iterator[exp.Expression]:
    """What may stand in place of a node."""
    if _is_bound(node):
        number, text = int(node.this), isinstance(node.parent, exp.Interval) and node.is_string
        for moved in (number - 1, number + 1):
            yield exp.Literal.string(moved) if text else exp.Literal.number(moved)
    if type(node) in _FLIPPED:
        yield _FLIPPED[type(node)](this=node.this.copy(), expression=node.expression.copy())
    if (left_out := _without(node)) is not None:
        yield left_out


def _is_bound(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Literal) or not str(node.this).isdigit():
        return False
    if isinstance(node.parent, exp.Interval):
        return True
    return not node.is_string and isinstance(node.parent, _CALCULATES)


def _without(node: exp.Expression) -> exp.Expression | None:
    """What is left of a condition that is left out, None where the node is no condition."""
    if isinstance(node, (exp.And, exp.Or, exp.Paren)):
        return None
    above, below = node.parent, node
    while isinstance(above, exp.Paren):
        above, below = above.parent, above
    if isinstance(above, exp.Or):
        return exp.false()
    if isinstance(above, (exp.And, exp.Where, exp.Having)):
        return exp.true()
    if isinstance(above, exp.Join) and above.args.get("on") is below:
        return exp.true()
    return None


def _around(node: exp.Expression) -> exp.Expression:
    """The smallest part of the SELECT in which a reader recognises a change."""
    while not isinstance(node, _RECOGNISED) and _is_part(node):
        node = node.parent
    return node


def _is_part(node: exp.Expression) -> bool:
    return isinstance(node.parent, _CALCULATES) and not isinstance(node.parent, exp.Connector)


def _in_detail(node: exp.Expression) -> bool:
    alias = node.find_ancestor(exp.Alias)
    while alias is not None:
        if alias.alias == "detail":
            return True
        alias = alias.find_ancestor(exp.Alias)
    return False


def _at(tree: exp.Expression, place: int) -> exp.Expression:
    """The node at a place. Parents come before their children: what replaces a node does not
    move the nodes around it."""
    return next(node for number, node in enumerate(tree.walk()) if number == place)


def _text(node: exp.Expression) -> str:
    return node.sql(_DIALECT, comments=False)
