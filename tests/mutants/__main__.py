"""Does each rule's test notice when the rule is wrong? ``python -m mutants [RULE ...]``.

Every rule of the rulebook is made wrong in one place at a time, and only its own tests,
``tests/rules/<ID>.py``, are run. They must fail. Wrong rules that pass them are printed as
survivors. ``survivors.yaml`` lists those that are known, each with a reason; any other, and a
listed one that does not survive, makes this fail.

Out of reach are the bounds that stand in ``data_checks/thresholds.yaml`` and those that the
model has, for instance when an alert is raised: the rule's SELECT only reads what came of them.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from _pytest.monkeypatch import MonkeyPatch
from _pytest.runner import runtestprotocol

from mutants import of_producer, of_select
from reporting.rulebook import Rule, load_rulebook

RULES = Path(__file__).parents[1] / "rules"
SURVIVORS = Path(__file__).with_name("survivors.yaml")

Mutant = tuple[str, Callable[[MonkeyPatch], None]]


class Hunt:
    """A test run whose tests are run again for every mutant of their rule."""

    def __init__(self, known: dict[tuple[str, str], str]) -> None:
        self.faults: list[str] = []
        self._known = known

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in session.items:
            tests[item.path.stem].append(item)
        for rule_id, rule in load_rulebook().items():
            if rule_id in tests:
                self._hunt(rule, tests[rule_id], session.items)
        return True

    def _hunt(self, rule: Rule, tests: list[pytest.Item], others: list[pytest.Item]) -> None:
        started, survivors = perf_counter(), []
        if not _pass(tests, others, _nothing_wrong(rule)):
            self.faults.append(f"{rule.id}: its tests fail though nothing is wrong")
            return
        mutants = list(_mutants(rule))
        for name, apply in mutants:
            if _pass(tests, others, apply):
                survivors.append(name)
        seconds = perf_counter() - started
        print(f"{rule.id}: {len(mutants)} mutants, {len(survivors)} survive, {seconds:.1f} s")
        listed = {name for known, name in self._known if known == rule.id}
        self.faults += [f"{rule.id}: survives: {name}" for name in survivors if name not in listed]
        self.faults += [
            f"{rule.id}: is listed and does not survive: {name}"
            for name in sorted(listed.difference(survivors))
        ]


def _mutants(rule: Rule) -> Iterator[Mutant]:
    if rule.sql is None:
        yield from of_producer.mutants(rule.id)
        return
    for name, sql in of_select.mutants(rule.sql):
        yield name, _with_sql(rule, sql)


def _nothing_wrong(rule: Rule) -> Callable[[MonkeyPatch], None]:
    """The rule as it is, but written as its mutants are."""
    return _with_sql(rule, rule.sql and of_select.as_parsed(rule.sql))


def _with_sql(rule: Rule, sql: str | None) -> Callable[[MonkeyPatch], None]:
    return lambda patch: patch.setitem(load_rulebook(), rule.id, replace(rule, sql=sql))


def _pass(
    tests: Iterable[pytest.Item],
    others: list[pytest.Item],
    apply: Callable[[MonkeyPatch], None],
) -> bool:
    """Whether all tests of a rule pass while something is applied."""
    with MonkeyPatch.context() as patch:
        apply(patch)
        for test in tests:
            # With another test to come, what the whole run shares is kept, and no more.
            following = others[0] if test is not others[0] else others[1]
            reports = runtestprotocol(test, log=False, nextitem=following)
            if any(report.failed for report in reports):
                return False
    return True


def main(rules: list[str]) -> int:
    known = {(row["rule"], row["mutant"]): row["reason"] for row in _listed()}
    if unknown := set(rules) - load_rulebook().keys():
        print(f"no such rule: {', '.join(sorted(unknown))}")
        return 2
    hunt = Hunt(known)
    paths = [str(RULES / f"{rule_id}.py") for rule_id in rules] or [str(RULES)]
    options = ["-q", "-p", "no:cacheprovider", "--capture=sys", "--no-summary"]
    code = pytest.main([*options, *paths], plugins=[hunt])
    for fault in hunt.faults:
        print(fault)
    return int(bool(hunt.faults) or code not in (0, 5))


def _listed() -> list[dict[str, str]]:
    return yaml.safe_load(SURVIVORS.read_text()) or []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
