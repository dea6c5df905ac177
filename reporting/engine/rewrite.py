"""Point a SELECT at today's rows in memory wherever it reads only today's rows.

Every read of a lake table costs tens of milliseconds for its file list alone, and a day needs
hundreds of reads. Rows of the business date itself are therefore read from a temporary table, rows
of other dates from the lake or from a copy of the table (``lake_copies``).

A table is read for the date alone when its ``business_date`` is bound to ``$business_date`` by
equality, directly or through a join with a table that is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from reporting.engine.lake_copies import copy_name
from reporting.engine.tables import parse
from reporting.lake.connection import STAGES

DATE_PARAMETER = "business_date"


def memory_name(table: str) -> str:
    """Name of the temporary table that holds today's rows of ``stage.table``."""
    return "today_" + table.replace(".", "_")


@dataclass(frozen=True)
class Localised:
    """A rewritten SELECT.

    today: the tables that it reads for the date alone, now from memory. others: the tables of which
    it reads more.
    """

    sql: str
    today: frozenset[str]
    others: frozenset[str]


@cache
def localise(sql: str, copied: frozenset[str] = frozenset()) -> Localised:
    """The rewritten SELECT; it reads the copy of each table in ``copied`` instead of the lake."""
    rewritten = _with_today(sql)
    for name, source in rewritten.others:
        if name in copied:
            source.set("db", None)
            source.set("this", exp.to_identifier(copy_name(name)))
        else:
            stage, _, short = name.partition(".")
            source.set("db", exp.to_identifier(stage))
            source.set("this", exp.to_identifier(short))
    return Localised(
        rewritten.tree.sql(dialect="duckdb", comments=False),
        rewritten.today,
        frozenset(name for name, _ in rewritten.others),
    )


@dataclass(frozen=True)
class _WithToday:
    """A SELECT that reads today's rows from memory.

    today: the tables of these rows. others: every other read of a lake table with its name, for
    ``localise`` to redirect.
    """

    tree: exp.Expression
    today: frozenset[str]
    others: tuple[tuple[str, exp.Table], ...]


@cache
def _with_today(sql: str) -> _WithToday:
    tree = parse(sql).copy()
    today, others = set(), []
    for scope in traverse_scope(tree):
        tables = {
            alias: source
            for alias, (_, source) in scope.selected_sources.items()
            if isinstance(source, exp.Table) and source.db in STAGES
        }
        bound = _bound_to_date(scope)
        for alias, source in tables.items():
            name = f"{source.db}.{source.name}"
            if not source.alias:
                source.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
            if alias in bound:
                today.add(name)
                source.set("db", None)
                source.set("this", exp.to_identifier(memory_name(name)))
            else:
                others.append((name, source))
    return _WithToday(tree, frozenset(today), tuple(others))


def _bound_to_date(scope: Scope) -> set[str]:
    """Aliases of a scope whose business date is ``$business_date`` in every row."""
    anywhere, from_left = list(_filters(scope)), list(_left_joins(scope))
    bound: set[str] = set()
    while True:
        before = len(bound)
        for left, right in anywhere:
            if left in bound or right in bound or DATE_PARAMETER in (left, right):
                bound |= {left, right} - {DATE_PARAMETER}
        for joined, other in from_left:
            if other in bound or other == DATE_PARAMETER:
                bound.add(joined)
        if len(bound) == before:
            return bound


def _filters(scope: Scope) -> Iterator[tuple[str, str]]:
    """Equalities of dates that hold for every row: of WHERE and of inner joins."""
    where = scope.expression.args.get("where")
    if where is not None:
        yield from _equalities(where.this, scope)
    for join in scope.expression.args.get("joins") or ():
        if not join.side and join.args.get("on") is not None:
            yield from _equalities(join.args["on"], scope)


def _left_joins(scope: Scope) -> Iterator[tuple[str, str]]:
    """Equalities of LEFT JOINs as (joined alias, other): they bind only the joined side."""
    for join in scope.expression.args.get("joins") or ():
        if join.side != "LEFT" or join.args.get("on") is None:
            continue
        joined = join.this.alias_or_name
        for left, right in _equalities(join.args["on"], scope):
            if left == joined:
                yield left, right
            elif right == joined:
                yield right, left


def _equalities(condition: exp.Expression, scope: Scope) -> Iterator[tuple[str, str]]:
    parts = condition.flatten() if isinstance(condition, exp.And) else (condition,)
    for part in parts:
        if isinstance(part, exp.EQ):
            sides = [_side(side, scope) for side in (part.left, part.right)]
            if all(sides):
                yield sides[0], sides[1]


def _side(side: exp.Expression, scope: Scope) -> str:
    """The alias whose business date this is, the parameter, or nothing."""
    if isinstance(side, exp.Parameter | exp.Placeholder):
        return DATE_PARAMETER if side.name == DATE_PARAMETER else ""
    if isinstance(side, exp.Column) and side.name == DATE_PARAMETER:
        if side.table:
            return side.table
        # Without a prefix it is clear only where there is a single source.
        sources = scope.selected_sources
        return next(iter(sources)) if len(sources) == 1 else ""
    return ""
